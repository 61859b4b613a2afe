"""How a case of an event log is read: which action each of its events stands for."""

from dataclasses import dataclass
from datetime import datetime

from handoffs import actions
from handoffs.actions.replay.roster import Roster
from handoffs.handoff import Handoff
from handoffs.lifecycle import State
from handoffs.logs.xes import Case, LogEvent
from tenants.models import Member, Team

TITLE_LIMIT = 200


@dataclass(frozen=True)
class Words:
    """What a log calls two things: that a case waits for a team, and that it is completed.

    `starts`: whether whoever does anything else works at it from then on; without, they have it and no more is known.
    """

    queued: frozenset[str] = frozenset({"Queued"})
    completed: frozenset[str] = frozenset({"Completed"})
    starts: bool = False


WORDS = Words()


class Reading:
    """One case under way. The intake drafts and offers it; from then on the log's people hand it on."""

    def __init__(self, roster: Roster, case: Case, number: int, words: Words = WORDS) -> None:
        self.roster, self.words = roster, words
        first = case.events[0]
        self.completer: Member | None = None
        self.handoff: Handoff = actions.draft(
            roster.workspace,
            by=roster.intake,
            at=first.at,
            title=f"Case {case.id}"[:TITLE_LIMIT],
            summary=_summary(case),
            from_team=roster.intake_team,
            imported=True,
            number=number,
        )
        self.handoff = actions.offer(self.handoff, by=roster.intake, at=first.at, to_team=roster.team(first.group))

    @property
    def holder(self) -> Member:
        """Who answers for it now."""
        custodian_id = self.handoff.custodian_id
        assert custodian_id is not None
        return self.roster.by_id[custodian_id]

    @property
    def is_completed(self) -> bool:
        """Whether it has come to its end, for now."""
        return self.handoff.status is State.COMPLETED

    def read(self, event: LogEvent) -> None:
        """Does what the event says was done."""
        who, team = self.roster.member(event.resource), self.roster.team(event.group)
        if self.is_completed:
            if event.name in self.words.completed:
                return
            self._reopen(who, team, event.at)
        self._bring_to(team, event.at)
        if event.name in self.words.queued:
            if self.handoff.open_offer is None:
                self.handoff = actions.pass_on(self.handoff, by=self.holder, at=event.at, to_team=team)
            return
        self._hand_to(who, team, event.at)
        if self.words.starts and self.handoff.status is State.ACCEPTED:
            self.handoff = actions.start(self.handoff, by=who, at=event.at)
        if event.name in self.words.completed:
            self.handoff = actions.complete(self.handoff, by=who, at=event.at)
            self.completer = who

    def _bring_to(self, team: Team, at: datetime) -> None:
        """An open offer to anybody but this team is redirected to it."""
        offer = self.handoff.open_offer
        if offer is not None and (offer.to_team_id != team.id or offer.to_member_id is not None):
            self.handoff = actions.redirect(self.handoff, by=self.holder, at=at, to_team=team)

    def _hand_to(self, who: Member, team: Team, at: datetime) -> None:
        """Afterwards `who` holds it and no offer is open."""
        holder = self.holder
        if holder.id == who.id:
            if self.handoff.open_offer is not None:
                self.handoff = actions.withdraw(self.handoff, by=who, at=at)
            return
        if self.handoff.open_offer is None:
            self.handoff = actions.pass_on(self.handoff, by=holder, at=at, to_team=team, to_member=who)
        self.handoff = actions.accept(self.handoff, by=who, at=at)

    def _reopen(self, who: Member, team: Team, at: datetime) -> None:
        """The intake asks the one who completed it; if the log goes on with somebody else, the offer goes to them."""
        assert self.completer is not None
        intake = self.roster.intake
        self.handoff = actions.reopen(self.handoff, by=intake, at=at, reason="The log goes on.")
        if who.id != self.completer.id:
            self.handoff = actions.redirect(self.handoff, by=intake, at=at, to_team=team, to_member=who)
        self.handoff = actions.accept(self.handoff, by=who, at=at)


def _summary(case: Case) -> str:
    """What the log says about the case as a whole, one line each."""
    told = (f"{name}: {value}" for name, value in case.attributes.items() if name != "concept:name" and value)
    return "\n".join(told)
