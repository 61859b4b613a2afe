"""Starting, stopping, pausing and resuming clocks."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from handoffs.clocks import working_time
from handoffs.clocks.models import Clock, ClockKind
from handoffs.clocks.schedule import Schedule
from handoffs.handoff import Handoff
from tenants.models import Calendar


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


def start(
    handoff: Handoff,
    kind: ClockKind,
    *,
    calendar: Calendar,
    target: timedelta,
    at: datetime,
    offer_id: int | None = None,
    ladder_id: int | None = None,
    rungs: Sequence[timedelta] = (),
) -> Clock:
    """Starts a clock; `target` and `rungs` are working time after `at`. A clock of this kind that runs goes on."""
    schedule = schedule_of(calendar)
    rung_ats = [working_time.add(schedule, at, rung) for rung in rungs]
    clock = Clock(
        organization_id=handoff.organization_id,
        handoff=handoff,
        offer_id=offer_id,
        kind=kind,
        calendar=calendar,
        hours_revision=calendar.revision,
        target=target,
        started_at=at,
        due_at=working_time.add(schedule, at, target),
        ladder_id=ladder_id,
        rung_ats=rung_ats,
        next_alarm_at=rung_ats[0] if rung_ats else None,
    )
    Clock.objects.bulk_create([clock], ignore_conflicts=True)
    return clock


def due(calendar: Calendar, at: datetime, target: timedelta) -> datetime:
    """When a promise of `target` working time made at `at` is due."""
    return working_time.add(schedule_of(calendar), at, target)


def stop(handoff: Handoff, kind: ClockKind, *, at: datetime) -> None:
    """Stops the running clock of this kind, if any; a paused one too."""
    Clock.objects.filter(handoff_id=handoff.id, kind=kind, stopped_at__isnull=True).update(
        stopped_at=at, next_alarm_at=None
    )


def stop_all(handoff: Handoff, *, at: datetime) -> None:
    """Stops every clock of a handoff that ends."""
    Clock.objects.filter(handoff_id=handoff.id, stopped_at__isnull=True).update(stopped_at=at, next_alarm_at=None)


def pause(handoff: Handoff, *, at: datetime, reason: str) -> None:
    """Pauses the time to complete; raw elapsed time goes on."""
    clock = _running(handoff)
    if clock is None or clock.paused_at is not None:
        return
    clock.paused_at, clock.next_alarm_at = at, None
    clock.pauses = [*clock.pauses, {"from": at.isoformat(), "to": None, "reason": reason}]
    clock.save(update_fields=["paused_at", "next_alarm_at", "pauses"])


def resume(handoff: Handoff, *, at: datetime) -> datetime | None:
    """Goes on after a pause: what was left of the target, and of each rung not yet fired, is laid out from `at`.

    Returns the new due instant, None when no clock was paused.
    """
    clock = _running(handoff)
    if clock is None or clock.paused_at is None:
        return None
    schedule, paused_at = schedule_of(clock.calendar), clock.paused_at

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
    return clock.due_at


def _running(handoff: Handoff) -> Clock | None:
    return (
        Clock.objects.filter(handoff_id=handoff.id, kind=ClockKind.COMPLETE, stopped_at__isnull=True)
        .select_related("calendar")
        .first()
    )


@lru_cache(maxsize=1024)
def _schedule(zone: str, hours: str, country: str, region: str, days: str, versions: str) -> Schedule:
    return Schedule.from_fields(zone, json.loads(hours), country, region, json.loads(days), json.loads(versions))
