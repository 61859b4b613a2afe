"""Walking the stories: each step is a real action at its own time, and alarms fire when they were due."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction

from handoffs import actions
from handoffs.delivery import deliver as delivering
from handoffs.delivery.audience import TELLING
from handoffs.escalation import sweep
from handoffs.lifecycle import Verb
from handoffs.models import Alarm, Clock, Event, Handoff, Priority, Question
from handoffs.reading_back import asked_of
from portal.demo.documents import content
from portal.demo.firm import Firm
from portal.demo.people import BERLIN, PEOPLE
from portal.demo.story import Step, Story
from tenants.refusals import Refusal

SPAN = re.compile(r"(\+?)(\d+)([mh])")
AHEAD = re.compile(r"\+(\d+)d(?: (\d\d:\d\d))?")
FRIDAY = 4


class Act(NamedTuple):
    """One step of one story at its instant; sorts by time, and within a story by its order."""

    at: datetime
    story: int
    number: int


class Walk:
    """The stories under way in one firm. Everybody is told as usual, at the time of each event."""

    def __init__(self, firm: Firm, stories: Sequence[Story], *, now: datetime) -> None:
        self.firm = firm
        self.stories = stories
        self.now = now
        self.handoffs: dict[int, Handoff] = {}
        self.told: dict[int, int] = {}  # handoff → the last event that people were told of
        self.refused: list[str] = []  # steps that some odd date made impossible; the rest is told without them

    def go(self, progress: Callable[[int], object]) -> None:
        """Does every step of every story in the order of time; `progress(1)` after each."""
        for act in self.acts():
            self.raise_alarms(until=act.at)
            try:
                with transaction.atomic():
                    self._do(act)
            except Refusal as refusal:
                story = self.stories[act.story]
                self.refused.append(f"{story.title}: {story.steps[act.number].verb}: {refusal.sentence}")
            progress(1)
        self.raise_alarms(until=self.now)

    def acts(self) -> list[Act]:
        """Every step with its instant, none of them in the future."""
        acts = []
        for story, told in enumerate(self.stories):
            for number, at in enumerate(instants(told.steps, self.now)):
                acts.append(Act(at, story, number))
        return sorted(acts)

    def _do(self, act: Act) -> None:
        story = self.stories[act.story]
        step, by = story.steps[act.number], self.firm.people[story.steps[act.number].who]
        words = {name: self._meant(name, value, act.at) for name, value in step.words.items()}
        if step.verb is Verb.DRAFT:
            self.handoffs[act.story] = actions.draft(
                self.firm.workspaces[story.where],
                by=by,
                at=act.at,
                title=story.title,
                summary=story.summary,
                template=self.firm.templates[story.kit],
                context=self._meant("context", story.context, act.at),
                priority=Priority.URGENT if story.urgent else Priority.NORMAL,
                from_team=self.firm.teams.get(PEOPLE[step.who].team),
                **words,
            )
        else:
            self.handoffs[act.story] = self._act(self.handoffs[act.story], step, words)(by=by, at=act.at)
        self._tell(self.handoffs[act.story])

    def _act(self, handoff: Handoff, step: Step, words: dict[str, Any]) -> Callable[..., Handoff]:
        action = getattr(actions, "return_" if step.verb is Verb.RETURN else step.verb.value)
        if step.verb is Verb.ATTACH:
            words["file"] = ContentFile(content(words["name"]), name=words["name"])
        if step.verb is Verb.ANSWER:
            words["question"] = Question.objects.filter(handoff=handoff, answered_at=None).latest("id").id
        if step.verb is Verb.ACCEPT:  # people of the demo have understood, unless their story says otherwise
            words = {**asked_of(handoff, self.firm.people[step.who]).right, **words}
        return lambda **who: action(handoff, **who, **words)

    def _meant(self, name: str, value: Any, at: datetime) -> Any:
        """What a word of a story stands for."""
        if name == "to_team":
            return self.firm.teams[value]
        if name == "to_member":
            return self.firm.people[value]
        if name == "to":
            return self.firm.teams.get(value) or self.firm.people[value]
        if isinstance(value, Mapping):
            return {key: self._meant(key, one, at) for key, one in value.items()}
        ahead = AHEAD.fullmatch(value) if isinstance(value, str) else None
        if ahead is None:
            return value
        day = (self.now if name == "until" else at) + timedelta(days=int(ahead[1]))
        if name == "until":
            return day
        return f"{day:%Y-%m-%d}" if ahead[2] is None else f"{day:%Y-%m-%d}T{ahead[2]}+00:00"

    def raise_alarms(self, *, until: datetime) -> None:
        """What the worker would have done: fires what was due before the next step, each at the instant it was due."""
        organization = self.firm.organization
        clocks = Clock.objects.filter(organization=organization, next_alarm_at__lte=until).order_by("next_alarm_at")
        while clock := clocks.first():
            due = clock.next_alarm_at
            assert due is not None
            sweep.fire(due)  # sees this organization alone: its scope is in force
            fired = Alarm.objects.filter(organization=organization, raised_at=None).select_related("handoff")
            for handoff, alarms in groupby(fired.order_by("handoff_id", "due_at"), lambda alarm: alarm.handoff):
                self._tell(actions.escalate(handoff, by=self.firm.system, at=due, alarms=list(alarms)))

    def _tell(self, handoff: Handoff) -> None:
        """Tells people of what is new, as the worker would have at that time."""
        new = Event.objects.of(handoff.id).filter(seq__gt=self.told.get(handoff.id, 0), verb__in=sorted(TELLING))
        for event in new:
            delivering.deliver(self.firm.organization.id, event.id, at=event.at)
            self.told[handoff.id] = event.seq


def instants(steps: Sequence[Step], now: datetime) -> list[datetime]:
    """When the steps of one story happened: as they say, but never before the step before, nor after now."""
    found: list[datetime] = []
    for step in steps:
        before = found[-1] if found else None
        wanted = instant(step.when, PEOPLE[step.who].zone, now, before)
        found.append(min(max(wanted, before or wanted), now))
    return found


def instant(when: str, zone: str, now: datetime, before: datetime | None) -> datetime:
    """What the `when` of a step means now; the forms are those of `Step`."""
    span = SPAN.fullmatch(when)
    if span:
        length = timedelta(minutes=int(span[2]) * (60 if span[3] == "h" else 1))
        return before + length if span[1] and before else now - length
    days, at = when.split()
    today = now.astimezone(ZoneInfo(BERLIN)).date()
    return datetime.combine(working_days_before(today, int(days)), time.fromisoformat(at), ZoneInfo(zone))


def working_days_before(day: date, count: int) -> date:
    """The day that many days from Monday to Friday earlier."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() <= FRIDAY
    return day
