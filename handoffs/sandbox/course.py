"""The course of a play: what happens next on the virtual clock, until nothing does."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Min, Q

from handoffs import actions
from handoffs.actions.cases import wake
from handoffs.actions.escalate import escalate_all
from handoffs.definition.specification import specification
from handoffs.delivery import outbox
from handoffs.escalation import sweep
from handoffs.flows.next import TurnState
from handoffs.lifecycle import State
from handoffs.models import Case, Clock, ClockKind, Event, FlowVersion, Handoff, Turn
from handoffs.reading_back import asked_of
from handoffs.refusals import Incomplete
from handoffs.sandbox import people, work
from handoffs.sandbox.concluding import conclude
from handoffs.sandbox.protocol import Entry, Played, Told
from handoffs.sandbox.samples import Filled, filled, results
from handoffs.sandbox.script import Script
from handoffs.sandbox.telling import told
from tenants.models import Member
from tenants.refusals import Refusal

Act = Callable[[datetime], None]
SOON = timedelta(minutes=15)
MENDED = timedelta(hours=1)
TRIES = 3


@dataclass(frozen=True)
class Next:
    """What happens to one handoff next, as long as it stands as it did when this was decided; None for nothing."""

    standing: tuple[Any, ...]
    at: datetime | None = None
    act: Act | None = None


@dataclass(frozen=True)
class Coming:
    """One thing that may happen next. At one instant people come first, then waits, then alarms."""

    at: datetime
    order: int
    act: Act
    step: str = ""
    subject: int = 0  # the handoff or the turn


class Course:
    """One case and its family, gone through by a script. The clock only ever goes forward."""

    def __init__(self, script: Script, by: Member, at: datetime, first: int) -> None:
        self.script, self.by, self.at, self.began, self.first = script, by, at, at, first
        self.system = Member.objects.select_related("organization").system(by.organization)
        self.told: dict[int, list[Told]] = {}
        self.troubles: list[Entry] = []
        self._next: dict[int, Next] = {}
        self._returned: set[int] = set()
        self._asleep: set[int] = set()
        self._alarms_fail = False
        self.case: Case

    def begin(self, version: FlowVersion, launch: Callable[[Filled], Case]) -> None:
        """Launches the case, with an answer to everything that its first steps ask."""
        made: list[Case] = []
        self._happens(lambda: made.append(self._insisting(launch, version)))
        self.case = made[0]

    def go_on(self, acts: int, days: timedelta, seconds: float) -> None:
        """One thing after the other, within these bounds."""
        started = time.monotonic()
        for _ in range(acts):
            coming = self._coming()
            if coming is None:
                return
            if coming.at > self.began + days:
                day = f"{coming.at:%-d %B %Y}"
                return self._trouble(f"After {days.days} days it is not over; the next thing would happen on {day}.")
            if time.monotonic() - started > seconds:
                return self._trouble("It takes too long to be played to its end; what happened so far stands above.")
            self.at = max(self.at, coming.at)
            self._tries(coming)
        self._trouble(f"It is not over after {acts} things that happened.")

    def conclude(self, played: Played) -> None:
        """Writes the protocol, while everything is still there to be read."""
        conclude(self, played)

    @property
    def family(self) -> Q:
        """The case and those that its steps launched."""
        return Q(pk=self.case.pk) | Q(root=self.case.pk)

    # What comes next

    def _coming(self) -> Coming | None:
        """The earliest of what people do, of waits that end and of alarms that are due."""
        live = self._live()
        self._next = {each.pk: self._planned(each) for each in live}
        found = [
            Coming(planned.at, 0, planned.act, work.step_of(each, self.case), each.pk)
            for each in live
            if (planned := self._next[each.pk]).at is not None and planned.act is not None
        ]
        found += self._waits()
        keys = [each.pk for each in live]
        alarm = self._alarm(keys)
        if alarm is not None and not self._alarms_fail:
            found.append(Coming(alarm, 2, partial(self._alarms, keys)))
        return min(found, key=lambda each: (each.at, each.order), default=None)

    def _live(self) -> list[Handoff]:
        cases = Case.objects.filter(self.family, organization_id=self.by.organization_id)
        mine = Handoff.objects.live().filter(organization_id=self.by.organization_id, case__in=cases)
        known = mine.select_related(
            "organization",
            "workspace",
            "template_version",
            "custodian__user",
            "custodian__organization",
            "custodian__calendar",
            "custodian_team__calendar",
            "open_offer__to_team__calendar",
        )
        return list(known.order_by("id"))

    def _waits(self) -> list[Coming]:
        cases = Case.objects.filter(self.family, organization_id=self.by.organization_id)
        waiting = Turn.objects.filter(case__in=cases, state=TurnState.LIVE, wakes_at__isnull=False)
        return [
            Coming(turn.wakes_at, 1, partial(self._wake, turn), turn.step, turn.pk)
            for turn in waiting.select_related("case__organization").exclude(pk__in=self._asleep)
            if turn.wakes_at is not None
        ]

    def _alarm(self, handoffs: list[int]) -> datetime | None:
        clocks = Clock.objects.filter(organization_id=self.by.organization_id, handoff_id__in=handoffs)
        due: datetime | None = clocks.aggregate(due=Min("next_alarm_at"))["due"]
        return due

    def _planned(self, handoff: Handoff) -> Next:
        standing = (handoff.state, handoff.open_offer_id, handoff.custodian_id)
        known = self._next.get(handoff.pk)
        return known if known is not None and known.standing == standing else self._decided(handoff, standing)

    def _decided(self, handoff: Handoff, standing: tuple[Any, ...]) -> Next:
        said = self.script.of(work.step_of(handoff, self.case))
        match handoff.status:
            case State.RETURNED | State.DRAFT:
                at = people.after(people.hours(handoff), self.at, MENDED)
                return Next(standing, at, partial(self._offer_again, handoff))
            case State.ACCEPTED:
                at = people.after(people.hours(handoff), self.at, SOON)
                never = said.completes is None
                return Next(standing, None if never else at, partial(self._start, handoff))
            case State.STARTED if said.completes is not None:
                at = people.within(handoff, ClockKind.COMPLETE, said.completes, self.at)
                return Next(standing, at, partial(self._complete, handoff))
            case State.OFFERED if said.accepts is not None and handoff.open_offer is not None:
                at = people.within(handoff, ClockKind.ACCEPT, said.accepts, self.at)
                return Next(standing, at, partial(self._take, handoff))
        return Next(standing, None, None)

    # What is done

    def _take(self, handoff: Handoff, at: datetime) -> None:
        """Accepted, or once before that returned."""
        assert handoff.open_offer is not None
        by = people.taker(handoff, handoff.open_offer, at)
        if by is None:
            raise Refusal(f"Nobody in {handoff.open_offer.receiver_name} could accept it then.", code="nobody_accepts")
        if self.script.of(work.step_of(handoff, self.case)).returns_once and handoff.pk not in self._returned:
            actions.return_(handoff, by=by, at=at, reason="Something is missing.", reason_code="not_ready")
            self._returned.add(handoff.pk)
            return
        said = asked_of(handoff, by).right
        self._insisting(
            lambda given: actions.accept(handoff, by=by, at=at, given=given, **said), work.version_of(handoff)
        )

    def _offer_again(self, handoff: Handoff, at: datetime) -> None:
        last = handoff.offers.select_related("to_team__calendar", "to_member").latest("seq")
        assert handoff.custodian is not None
        actions.offer(handoff, by=handoff.custodian, at=at, to_team=last.to_team, to_member=last.to_member)

    def _start(self, handoff: Handoff, at: datetime) -> None:
        assert handoff.custodian is not None
        actions.start(handoff, by=handoff.custodian, at=at)

    def _complete(self, handoff: Handoff, at: datetime) -> None:
        by = handoff.custodian
        assert by is not None
        asked = specification(handoff.template_version)
        work.lay_in(handoff, asked, by, at)
        said = self.script.of(work.step_of(handoff, self.case)).result(work.time_of(handoff))
        result = results(asked, said, by, at)
        self._insisting(
            lambda given: actions.complete(handoff, by=by, at=at, result=result, given=given),
            work.version_of(handoff),
        )

    def _wake(self, turn: Turn, at: datetime) -> None:
        wake(turn, by=self.system, at=at)

    def _alarms(self, handoffs: list[int], at: datetime) -> None:
        """The real sweep, of these handoffs alone."""
        fired = {each.handoff_id for each in sweep.fire(at, among=handoffs)}
        escalate_all(fired, by={self.by.organization_id: self.system}, at=at, wait=True)

    def _insisting(self, act: Callable[[Filled], Any], version: FlowVersion | None) -> Any:
        """Does it; what the next steps ask of the giver is answered as it is asked."""
        given: Filled = {}
        for _ in range(TRIES):
            try:
                with transaction.atomic():
                    return act(given)
            except Incomplete as refusal:
                more = filled(refusal, version, self.by, self.at) if version is not None else {}
                if not more or all(given.get(step, {}).keys() >= values.keys() for step, values in more.items()):
                    raise
                for step, values in more.items():
                    given.setdefault(step, {}).update(values)
        return act(given)

    def _tries(self, coming: Coming) -> None:
        """Does it; a refusal is part of the protocol, and is not asked for a second time."""
        try:
            with transaction.atomic():
                self._happens(lambda: coming.act(self.at))
        except Refusal as refusal:
            self._trouble(refusal.sentence, coming.step)
            if coming.order == 0:
                self._next[coming.subject] = Next(self._next[coming.subject].standing)
            elif coming.order == 1:
                self._asleep.add(coming.subject)
            else:
                self._alarms_fail = True

    def _happens(self, act: Callable[[], Any]) -> None:
        with outbox.held() as events:
            act()
        rows = {event.pk: event for event in events}
        listed: list[Event] = list(Event.objects.filter(pk__in=rows).select_related("by").order_by("id"))
        self.told |= told(self.by.organization_id, listed, self.at)

    def _trouble(self, sentence: str, step: str = "") -> None:
        self.troubles.append(Entry(self.at, sentence, "problem", step))
