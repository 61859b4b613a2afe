"""Starting, stopping, pausing and resuming clocks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from handoffs.clocks import working_time
from handoffs.clocks.explaining import Line, explained
from handoffs.clocks.models import Clock, ClockKind
from handoffs.clocks.schedule import Schedule
from handoffs.handoff import Handoff
from tenants.models import Calendar

PAUSABLE = (ClockKind.START, ClockKind.COMPLETE)  # what the custodian promised; others do not wait on a hold


def schedule_of(calendar: Calendar) -> Schedule:
    """The calendar as plain working intervals."""
    return _schedule(
        calendar.zone,
        json.dumps(calendar.hours),
        calendar.country,
        calendar.region,
        json.dumps(calendar.days),
        json.dumps(calendar.versions),
    )


@dataclass(frozen=True)
class Promise:
    """What is promised: `target` and `rungs` are working time after the start, counted by `calendar`."""

    kind: ClockKind
    calendar: Calendar
    target: timedelta
    offer_id: int | None = None
    question_id: int | None = None
    ladder_id: int | None = None
    rungs: Sequence[timedelta] = ()

    @property
    def about(self) -> tuple[int | None, int | None, int | None]:
        """Offer, question and ladder."""
        return self.offer_id, self.question_id, self.ladder_id

    def due(self, at: datetime) -> datetime:
        """When it is due if it is made at `at`."""
        return working_time.add(schedule_of(self.calendar), at, self.target)

    def rung_ats(self, at: datetime) -> list[datetime]:
        """When each rung of its ladder is due."""
        schedule = schedule_of(self.calendar)
        return [working_time.add(schedule, at, rung) for rung in self.rungs]


# One statement, for a transition has few to spare. The count makes the database stop the old clocks before it looks
# whether one of this kind still runs.
_SWITCH = """
WITH stopped AS (
    UPDATE handoffs_clock SET stopped_at = %(at)s, next_alarm_at = NULL
     WHERE organization_id = %(organization)s AND handoff_id = %(handoff)s AND kind = ANY(%(stopping)s)
       AND stopped_at IS NULL
    RETURNING 1
)
INSERT INTO handoffs_clock (organization_id, handoff_id, kind, calendar_id, target, offer_id, question_id, ladder_id,
       hours_revision, started_at, due_at, rung_ats, next_alarm_at, rungs_fired, pauses)
SELECT %(organization)s, %(handoff)s, made.kind, made.calendar_id, made.target, made.offer_id, made.question_id,
       made.ladder_id, made.hours_revision, %(at)s, made.due_at, made.rung_ats, made.rung_ats[1], 0, '[]'
  FROM (VALUES {values}) AS made
       (kind, calendar_id, hours_revision, target, offer_id, question_id, ladder_id, due_at, rung_ats)
 WHERE (SELECT count(*) FROM stopped) >= 0
    ON CONFLICT DO NOTHING
"""
_MADE = (
    "(%s, %s::bigint, %s::integer, %s::interval, %s::bigint, %s::bigint, %s::bigint, %s::timestamptz, "
    "%s::timestamptz[])"
)


def switch(
    handoff: Handoff, *, at: datetime, stopping: Sequence[ClockKind] = (), starting: Sequence[Promise] = ()
) -> None:
    """Stops the clocks of some kinds and starts others; one of a started kind that runs on goes on as it is."""
    if not starting:
        _running(handoff).filter(kind__in=stopping).update(stopped_at=at, next_alarm_at=None)
        return
    asked: dict[str, Any] = {
        "organization": handoff.organization_id,
        "handoff": handoff.id,
        "at": at,
        "stopping": [str(kind) for kind in stopping],
    }
    values = []
    for number, made in enumerate(starting):
        promised = (made.kind.value, made.calendar.id, made.calendar.revision, made.target)
        given = dict(enumerate((*promised, *made.about, made.due(at), made.rung_ats(at))))
        asked |= {f"made_{number}_{place}": value for place, value in given.items()}
        values.append(_MADE % tuple(f"%(made_{number}_{place})s" for place in given))
    with connection.cursor() as cursor:
        cursor.execute(_SWITCH.format(values=", ".join(values)), asked)


def start_all(promised: Iterable[tuple[Handoff, Promise]], *, at: datetime) -> None:
    """Starts clocks of handoffs that have none yet; one statement."""
    Clock.objects.bulk_create(
        Clock(
            organization_id=handoff.organization_id,
            handoff=handoff,
            kind=made.kind,
            calendar=made.calendar,
            hours_revision=made.calendar.revision,
            target=made.target,
            offer_id=made.offer_id,
            question_id=made.question_id,
            ladder_id=made.ladder_id,
            started_at=at,
            due_at=made.due(at),
            rung_ats=(rung_ats := made.rung_ats(at)),
            next_alarm_at=rung_ats[0] if rung_ats else None,
        )
        for handoff, made in promised
    )


def stop_answer(handoff: Handoff, question_id: int, *, at: datetime) -> None:
    """Stops the clock of one question."""
    _running(handoff).filter(question_id=question_id).update(stopped_at=at, next_alarm_at=None)


def stop_all(handoff: Handoff, *, at: datetime) -> None:
    """Stops every clock of a handoff that ends."""
    _running(handoff).update(stopped_at=at, next_alarm_at=None)


def pause(handoff: Handoff, *, at: datetime, reason: str, until: datetime) -> None:
    """Pauses the time to start and to complete, until `until` at the latest; raw elapsed time goes on."""
    for clock in _pausable(handoff).filter(paused_at=None):
        clock.paused_at, clock.next_alarm_at = at, None
        paused = {"from": at.isoformat(), "to": None, "until": until.isoformat(), "reason": reason}
        clock.pauses = [*clock.pauses, paused]
        clock.save(update_fields=["paused_at", "next_alarm_at", "pauses"])


def resume(handoff: Handoff, *, at: datetime) -> datetime | None:
    """Goes on after a pause, from `at` or from the pause's latest end, whichever was first.

    What was left of the target, and of each rung not yet fired, is laid out from there: a worker that comes late to
    end a pause gives nobody more time. Returns the new instant for completing, None when nothing to complete waited.
    """
    due_at = None
    for clock in _pausable(handoff).filter(paused_at__isnull=False).select_related("calendar"):
        _go_on(clock, min(at, datetime.fromisoformat(clock.pauses[-1]["until"])))
        due_at = clock.due_at if clock.kind == ClockKind.COMPLETE else due_at
    return due_at


def why_due(clock: Clock) -> list[Line]:
    """The lines that make the clock due when it is, with its calendar read."""
    return explained(schedule_of(clock.calendar), clock.started_at, clock.pauses, clock.target, clock.due_at)


def _go_on(clock: Clock, at: datetime) -> None:
    schedule, paused_at = schedule_of(clock.calendar), clock.paused_at
    assert paused_at is not None

    def moved(instant: datetime) -> datetime:
        if instant <= paused_at:
            return instant
        return working_time.add(schedule, at, working_time.between(schedule, paused_at, instant))

    clock.due_at = moved(clock.due_at)
    clock.rung_ats = [moved(instant) for instant in clock.rung_ats]
    clock.pauses = [*clock.pauses[:-1], {**clock.pauses[-1], "to": at.isoformat()}]
    clock.paused_at = None
    clock.next_alarm_at = next(iter(clock.rung_ats[clock.rungs_fired :]), None)
    clock.save(update_fields=["due_at", "rung_ats", "pauses", "paused_at", "next_alarm_at"])


def _running(handoff: Handoff) -> QuerySet[Clock]:
    return Clock.objects.filter(handoff_id=handoff.id, stopped_at=None)


def _pausable(handoff: Handoff) -> QuerySet[Clock]:
    return _running(handoff).filter(kind__in=PAUSABLE)


@lru_cache(maxsize=1024)
def _schedule(zone: str, hours: str, country: str, region: str, days: str, versions: str) -> Schedule:
    return Schedule.from_fields(zone, json.loads(hours), country, region, json.loads(days), json.loads(versions))
