"""Whether the site is well: what waits and for how long, whether the worker lives, what failed.

Every figure comes from an index over what is at hand, so asking costs the same after a million handoffs. Ages are
computed by the database: the clocks of web and worker need not agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from handoffs.delivery.audience import TELLING
from handoffs.queue import LANES
from portal.database import faults
from portal.environment import Limits
from portal.models import Heartbeat
from tenants.scope import everyone, scope

MOST_COUNTED = 100_000
_SINCE = "SELECT coalesce(max(swept_at), now()) - interval '1 hour' FROM portal_heartbeat"
# Undelivered events are looked for from an hour before the last sign of life on: all that is older was delivered or
# has failed, and what failed is counted among the failed tasks. The instant is asked for first and then given: only so
# does the planner know that it is about few events.
_UNDELIVERED = """
SELECT event.recorded_at FROM handoffs_event AS event
 WHERE event.recorded_at > %(since)s AND event.recorded_at < now()
   AND event.verb = ANY(%(telling)s) {where}
   AND NOT EXISTS (SELECT FROM handoffs_delivery AS done
                    WHERE done.event_id = event.id AND done.organization_id = event.organization_id)
   AND NOT EXISTS (SELECT FROM handoffs_handoff AS handoff
                    WHERE handoff.id = event.handoff_id AND handoff.organization_id = event.organization_id
                      AND handoff.imported)
 ORDER BY event.recorded_at LIMIT 1
"""
_DUE = """
SELECT count(*), min(next_alarm_at) FROM (
  SELECT next_alarm_at FROM handoffs_clock WHERE next_alarm_at <= now() {where}
   ORDER BY next_alarm_at LIMIT %(most)s) AS due
"""
_SILENCE = """
SELECT max(swept_at), extract(epoch FROM now() - max(swept_at)), extract(epoch FROM now() - max(beat_at))
  FROM portal_heartbeat
"""
_UNRAISED = "SELECT fired_at FROM handoffs_alarm WHERE raised_at IS NULL {where} ORDER BY id LIMIT 1"
_QUEUED = """
SELECT min(lock) FILTER (WHERE lock <= now()), count(*)
  FROM (SELECT lock FROM django_q_ormq WHERE key = %(lane)s ORDER BY lock LIMIT %(most)s) AS waiting
"""
_FAILED = """
SELECT count(*) FROM (
  SELECT FROM django_q_task WHERE NOT success AND attempt_count >= %(attempts)s LIMIT %(most)s) AS failed
"""
OURS = "AND organization_id = %(organization)s"


@dataclass(frozen=True)
class Reading:
    """One figure and how far it may go; `seconds` is how long the oldest has waited, `count` how many there are."""

    name: str
    title: str
    limit: int
    seconds: float | None = None
    count: int | None = None

    @property
    def figure(self) -> float:
        """What is held against the limit."""
        return self.seconds if self.seconds is not None else float(self.count or 0)

    @property
    def is_well(self) -> bool:
        """Within the limit; nothing that waits is well."""
        return self.figure <= self.limit


@dataclass(frozen=True)
class Worker:
    """One worker, as its heartbeat tells."""

    host: str
    pid: int
    version: str
    processes: int
    started_at: datetime
    beat_seconds: float
    swept_seconds: float | None

    @property
    def is_alive(self) -> bool:
        """Whether it has been heard of lately."""
        return self.beat_seconds <= limits().heartbeat


@dataclass(frozen=True)
class Status:
    """All of it. `problems` are sentences for the person who operates the site; none: it is well."""

    at: datetime
    workers: tuple[Worker, ...]
    readings: tuple[Reading, ...]
    faults: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        """One sentence for each thing that is not as it should be."""
        return [*self.faults, *self._of_the_workers(), *(_sentence(r) for r in self.readings if not r.is_well)]

    @property
    def is_well(self) -> bool:
        """Nothing to complain of."""
        return not self.problems

    def _of_the_workers(self) -> Iterator[str]:
        alive = [worker for worker in self.workers if worker.is_alive]
        if self.faults:
            return  # nobody was asked for
        if not alive:
            yield "No worker is running: nothing is delivered and no alarm fires. Start `manage.py worker`."
        elif not any((w.swept_seconds or 0) <= limits().heartbeat and w.swept_seconds is not None for w in alive):
            yield "The worker runs, but its look for due alarms fails: see its log."
        elif not any(worker.processes for worker in alive):
            yield "The worker runs without any process that does its tasks: start it again."


def limits() -> Limits:
    """Beyond which the site is not well."""
    found: Limits = settings.HANDRAIL_LIMITS
    return found


def look() -> Status:
    """How the whole installation is. Raises OperationalError when the database does not answer."""
    if wrong := wrong_with_the_database():
        return Status(_now(), (), (), tuple(wrong))
    with everyone():
        _hurry()
        return Status(_now(), tuple(_workers()), tuple(_readings()), ())


def wrong_with_the_database() -> list[str]:
    """What keeps this program from using its database at all, one sentence each."""
    return [*faults(connection), *_behind()]


@dataclass(frozen=True)
class Silence:
    """Whether anything is delivered at all; `since` is the last time that a worker did all it should."""

    since: datetime | None
    is_running: bool
    is_heard: bool


def silence() -> Silence:
    """One statement, for every page of the admin."""
    since, quiet, unheard = _row(_SILENCE)
    most = limits().heartbeat
    return Silence(since, quiet is not None and quiet <= most, unheard is not None and unheard <= most)


@dataclass(frozen=True)
class Pulse:
    """How one organization is served: for its owners and admins."""

    silence: Silence
    undelivered_at: datetime | None
    due: int
    due_at: datetime | None
    failed: int


def pulse(organization_id: UUID) -> Pulse:
    """The heartbeat and this organization's own figures, in its own scope."""
    with scope(organization_id):
        here = {"organization": organization_id, "group": str(organization_id)}
        undelivered = _undelivered("AND event.organization_id = %(organization)s", here)
        due, due_at = _row(_DUE.format(where=OURS), {**here, "most": MOST_COUNTED})
        failed = _one('SELECT count(*) FROM django_q_task WHERE NOT success AND "group" = %(group)s', here)
    return Pulse(silence(), undelivered, due, due_at, failed)


def _readings() -> Iterator[Reading]:
    bounds, at = limits(), _now()

    def age(then: datetime | None) -> float:
        return max(0.0, (at - then).total_seconds()) if then else 0.0

    undelivered = age(_undelivered("", {}))
    yield Reading("undelivered", "oldest event that nobody was told of", bounds.undelivered, undelivered)
    count, due = _row(_DUE.format(where=""), {"most": MOST_COUNTED})
    yield Reading("due", "oldest alarm that is due and has not fired", bounds.alarm, age(due), count)
    unraised = _one(_UNRAISED.format(where=""))
    yield Reading("unraised", "oldest alarm that fired and was not written down", bounds.alarm, age(unraised))
    for lane in LANES:
        oldest, count = _row(_QUEUED, {"lane": lane, "most": MOST_COUNTED})
        title = "oldest message in the queue" if lane != LANES[0] else "oldest task in the queue"
        yield Reading(f"queue_{lane}" if lane != LANES[0] else "queue", title, bounds.queue, age(oldest), count)
    failed = _one(_FAILED, {"attempts": settings.Q_CLUSTER["max_attempts"], "most": MOST_COUNTED})
    yield Reading("failed", "tasks that were given up", bounds.failed, count=failed)


def _undelivered(where: str, words: dict[str, Any]) -> datetime | None:
    since = _one(_SINCE)
    found: datetime | None = _one(
        _UNDELIVERED.format(where=where), {**words, "since": since, "telling": sorted(TELLING)}
    )
    return found


def _workers() -> Iterator[Worker]:
    at = _now()
    for row in Heartbeat.objects.order_by("-beat_at")[:50]:
        swept = (at - row.swept_at).total_seconds() if row.swept_at else None
        beat = max(0.0, (at - row.beat_at).total_seconds())
        yield Worker(row.host, row.pid, row.version, row.processes, row.started_at, beat, swept)


def _behind() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        yield f"{missing} migrations are not applied: run `manage.py migrate`."


def _sentence(reading: Reading) -> str:
    if reading.seconds is None:
        return f"{reading.count} {reading.title}: more than {reading.limit}."
    return f"The {reading.title} has waited {spoken(reading.seconds)}: more than {spoken(reading.limit)}."


def spoken(seconds: float) -> str:
    """A length of time in its two largest units: `2 h 5 m`."""
    rest, parts = int(seconds), []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _hurry() -> None:
    """A status that takes long says something too, but it must not make a sick database sicker."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5s'")


def _now() -> datetime:
    at: datetime = _one("SELECT now()")
    return at


def _one(sql: str, words: dict[str, Any] | None = None) -> Any:
    row = _row(sql, words)
    return row[0] if row else None


def _row(sql: str, words: dict[str, Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, words or {})
        return cursor.fetchone()
