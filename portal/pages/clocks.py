"""A running clock as people read it: what is left in working time, when it ends, what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.clocks.schedule import Schedule
from handoffs.escalation.models import planned
from handoffs.escalation.plan import Audience
from handoffs.models import Clock, ClockKind
from portal.templatetags.times import in_words

WHO: Mapping[Audience, str] = {
    Audience.RECEIVERS: "the receivers",
    Audience.CUSTODIAN: "whoever answers for it",
    Audience.SENDER: "the sender",
    Audience.RECEIVING_LEAD: "the receiving lead",
    Audience.SENDING_LEAD: "the sending lead",
    Audience.MANAGERS: "the workspace's managers",
}


@dataclass(frozen=True)
class Promise:
    """What components/clock.html shows of a clock."""

    title: str
    left: timedelta
    percent: int
    due: datetime
    then: str
    paused: str
    elapsed: timedelta
    why: str = ""
    ahead: str = ""  # where it is told when it will probably be taken


def promise(clock: Clock, reference: str, now: datetime, held_until: datetime | None = None) -> Promise:
    """The clock at this instant; a paused one stands still where it was paused."""
    instant = clock.paused_at or now
    left = working_left(schedule_of(clock.calendar), clock.due_at, instant)
    used = 1 - left / clock.target if clock.target else 1
    paused = (
        f"On hold until {in_words(held_until, None, now)}; this time stands still."
        if clock.paused_at and held_until
        else ""
    )
    return Promise(
        title=str(clock.get_kind_display()),
        left=left,
        percent=max(0, min(100, int(used * 100))),
        due=clock.due_at,
        then="" if paused else _then(clock, now),
        paused=paused,
        elapsed=clock.elapsed(now),
        why=reverse("why_then", args=[reference, clock.pk]),
        ahead=reverse("ahead", args=[reference]) if clock.kind == ClockKind.ACCEPT else "",
    )


def working_left(schedule: Schedule, due: datetime, instant: datetime) -> timedelta:
    """Working time until it is due, negative when that is over."""
    if instant <= due:
        return working_time.between(schedule, instant, due)
    # A minute counts even where nobody works: late is late.
    return -max(working_time.between(schedule, due, instant), timedelta(minutes=1))


def _then(clock: Clock, now: datetime) -> str:
    """Whom the next alarm tells, and when."""
    if clock.ladder is None or clock.next_alarm_at is None or clock.next_alarm_at <= now:
        return ""
    rungs = planned(clock.ladder).rungs
    if clock.rungs_fired >= len(rungs):
        return ""
    told = [WHO[audience] for audience in rungs[clock.rungs_fired].audience]
    who = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    verb = "are" if len(told) > 1 or who.endswith("s") else "is"
    return f"{who[0].upper()}{who[1:]} {verb} told {in_words(clock.next_alarm_at, None, now)}."
