"""Everything that the page of a case shows, in words, for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from handoffs.flows.drawing import Drawing, Mark, drawn
from handoffs.insight.case_story import NEWEST, story_of
from handoffs.insight.case_time import Share, sums
from handoffs.insight.cases import SeenCase
from handoffs.insight.expected import Source
from handoffs.insight.upstream import Known, documents_in, known_in
from handoffs.models import Case, Casting
from portal.pages.case_words import NOTES, SHARES, link_to, side_words, told
from portal.pages.trail import EVENT_ICONS
from portal.shown import shown_values
from portal.templatetags.times import human, in_brief
from tenants.models import Member

WIDTH = 1000  # of the bar, in its own units
ICONS: Mapping[str, str] = {
    **EVENT_ICONS,
    "launch": "rocket",
    "advance": "arrow-right",
    "skip": "player-skip-forward",
    "send_back": "arrow-back-up",
    "add_step": "plus",
    "reassign": "user-share",
    "move": "git-branch",
    "wake": "alarm",
}


@dataclass(frozen=True)
class Piece:
    """One stretch of the bar: where it begins and how wide it is, in thousandths; and what it says."""

    x: int
    width: int
    share: Share
    words: str


@dataclass(frozen=True)
class Line:
    """One line of the table beside the bar."""

    share: Share
    words: str
    side: str
    lasted: timedelta
    percent: int


class CaseSheet:
    """One case as one member sees it at one instant."""

    def __init__(self, case: Case, member: Member, now: datetime, *, whole: bool = False) -> None:
        self.case = case
        self.now = now
        self.seen = SeenCase(case, member, now)
        self.whole = whole

    @cached_property
    def balls(self) -> list[dict[str, Any]]:
        """Who has the ball at each step under way, first what the reader is to do."""
        balls = sorted(self.seen.balls, key=lambda ball: not ball.is_mine)
        return [
            {
                "step": ball.label,
                "who": ball.who or ball.answers,
                "url": link_to(ball.reference),
                "reference": ball.reference,
                "sentence": told(ball, self.now),
                "answers": ball.answers if ball.doing in ("accept", "wait", "case") else "",
                "since": ball.since,
                "until": None if ball.doing == "wait" else ball.until,
                "state": "late" if ball.is_late(self.now) else "waiting_for_you" if ball.is_mine else "",
            }
            for ball in balls
        ]

    @cached_property
    def drawing(self) -> Drawing:
        """The chart, with links to what the reader may open."""
        return drawn(self.seen.plan, {key: self._worded(mark) for key, mark in self.seen.marks.items()})

    def _worded(self, mark: Mark) -> Mark:
        note = NOTES.get(mark.note, "")
        balls = {ball.reference: ball for ball in self.seen.balls if ball.reference}
        ball = balls.get(mark.href) if mark.state == "live" else None
        if mark.is_late:
            note += ", late"
        elif ball is not None and ball.until is not None:
            note += f", due {in_brief(ball.until, None, self.now)}"
        return replace(mark, note=note, href=link_to(mark.href))

    # Where the time went

    @property
    def total(self) -> timedelta:
        """How long the case lives, or lived."""
        return (self.case.closed_at or self.now) - self.case.launched_at

    @cached_property
    def pieces(self) -> list[Piece]:
        """In the order in which it happened. What is too short to be seen is drawn a hair's breadth wide."""
        found, passed = [], timedelta()
        for each in self.seen.stretches:
            x = int(passed / self.total * WIDTH)
            passed += each.lasted
            width = max(2, int(passed / self.total * WIDTH) - x)
            words = " ".join(part for part in (SHARES[each.share], self._side(each.side)) if part)
            found.append(Piece(x, width, each.share, f"{words}: {human(each.lasted)}"))
        return found

    @cached_property
    def lines(self) -> list[Line]:
        """The sums, which add up to the whole."""
        return [
            Line(share, SHARES[share], self._side(side), lasted, round(lasted / self.total * 100))
            for (share, side), lasted in sums(self.seen.stretches).items()
        ]

    def _side(self, side: Any) -> str:
        workspace = self.case.workspace
        if not workspace.is_client:
            return ""
        ours = self.seen.reader.organization.name
        return side_words(side, is_client=self.seen.is_client, ours=ours, theirs=workspace.name)

    @property
    def time_sentence(self) -> str:
        """The bar for who cannot see it."""
        told = [f"{line.words} {line.side}".strip() + f" {human(line.lasted)}" for line in self.lines]
        return f"{human(self.total)} in all: {', '.join(told)}."

    # When it will be over

    @property
    def expected(self) -> Any:
        """When it may be expected to be over."""
        return self.seen.expected

    @property
    def expected_why(self) -> str:
        """What that rests on."""
        expected = self.seen.expected
        if expected is None:
            return ""
        if expected.source is Source.HISTORY:
            return f"As {expected.cases} completed cases of this flow went, by the median from where this one is."
        if expected.unpromised and not self.seen.is_client:
            steps = ", ".join(f"“{label}”" for label in expected.unpromised)
            return f"At the earliest, by what the steps promise in working time; {steps} promise nothing."
        return "By what the steps promise in working time: too few cases of this flow are completed yet."

    # What is known and what happened

    @cached_property
    def known(self) -> Sequence[tuple[Known, str]]:
        """Every value with its text."""
        known = known_in(self.seen)
        texts = shown_values([(each.field, each.value) for each in known], self.seen.reader, self.now)
        return list(zip(known, texts, strict=True))

    @cached_property
    def documents(self) -> Any:
        """Every document, where it came from."""
        return documents_in(self.seen)

    @cached_property
    def _story(self) -> list[Any]:
        return story_of(self.seen, None if self.whole else NEWEST)

    @property
    def story(self) -> list[dict[str, Any]]:
        """What happened, the newest last."""
        return [
            {
                "at": each.at,
                "sentence": each.sentence,
                "icon": ICONS.get(each.verb, "point"),
                "label": each.label,
                "reference": each.reference,
                "url": link_to(each.reference),
            }
            for each in self._story
        ]

    @property
    def has_older(self) -> bool:
        """Whether something happened before those."""
        return not self.whole and len(self._story) >= NEWEST

    @cached_property
    def roles(self) -> list[tuple[str, str, str]]:
        """Who plays each role that the reader knows of: its key, its label, who."""
        cast = self.seen.castings
        return [(role.key, role.label, _named(cast[role.key])) for role in self.seen.plan.roles if role.key in cast]


def _named(casting: Casting) -> str:
    return f"{casting.member.name}, {casting.team.name}" if casting.member else casting.team.name
