"""The sweep: every alarm that is due fires, at most once, in one statement per batch."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from handoffs.escalation.models import Alarm

# Lock order is the same as everywhere: the handoff's row first. A handoff that somebody is changing right now is
# skipped, not waited for: the next sweep, a second later, sees whether its clock still runs.
#
# All the rungs that are due of a clock fire together: what was missed while no worker ran is raised together, and
# people hear of it once. A rung waits for the one before it. Rungs are counted, not looked up by their position: a gap
# between positions must not silence an alarm.
_FIRE = """
WITH due AS MATERIALIZED (
    SELECT clock.id, clock.organization_id, clock.handoff_id, clock.ladder_id, clock.rungs_fired, clock.rung_ats,
           coalesce((SELECT min(rung.number) - 1
                       FROM unnest(clock.rung_ats) WITH ORDINALITY AS rung (instant, number)
                      WHERE rung.number > clock.rungs_fired AND rung.instant > %(at)s),
                    cardinality(clock.rung_ats)) AS reached
      FROM handoffs_clock AS clock
      JOIN handoffs_handoff AS handoff
        ON handoff.organization_id = clock.organization_id AND handoff.id = clock.handoff_id
     WHERE clock.next_alarm_at <= %(at)s
     ORDER BY clock.next_alarm_at
     LIMIT %(limit)s
       FOR UPDATE OF handoff, clock SKIP LOCKED
), moved AS (
    UPDATE handoffs_clock AS clock
       SET rungs_fired = due.reached, next_alarm_at = due.rung_ats[due.reached + 1]
      FROM due
     WHERE clock.id = due.id
), fired AS (
    INSERT INTO handoffs_alarm (organization_id, clock_id, rung_id, handoff_id, due_at, fired_at)
    SELECT due.organization_id, due.id, rung.id, due.handoff_id, due.rung_ats[rung.number], %(at)s
      FROM due
     CROSS JOIN LATERAL (
        SELECT id, row_number() OVER (ORDER BY position) AS number FROM handoffs_rung
         WHERE organization_id = due.organization_id AND ladder_id = due.ladder_id) AS rung
     WHERE rung.number > due.rungs_fired AND rung.number <= due.reached
     ORDER BY due.id, rung.number
        ON CONFLICT (clock_id, rung_id) DO NOTHING
    RETURNING id, organization_id, handoff_id, rung_id, due_at, clock_id
)
SELECT fired.id, fired.organization_id, fired.handoff_id, fired.rung_id, fired.due_at,
       clock.kind, clock.due_at, clock.question_id, false
  FROM fired
 CROSS JOIN LATERAL (
    SELECT kind, due_at, question_id FROM handoffs_clock WHERE id = fired.clock_id OFFSET 0) AS clock
"""
_AS_FIRED = (
    *("id", "organization_id", "handoff_id", "rung_id", "due_at"),
    *("clock__kind", "clock__due_at", "clock__question_id", "is_moot"),
)


@dataclass(frozen=True)
class Fired:
    """An alarm that has fired, with what is said of its clock: its kind, when its time is over, and its question."""

    id: int
    organization_id: UUID
    handoff_id: int
    rung_id: int
    due_at: datetime
    kind: str
    clock_due_at: datetime
    question_id: int | None
    is_moot: bool  # its clock has stopped since

    @property
    def is_late(self) -> bool:
        """Whether the time is over, not merely running out."""
        return self.due_at >= self.clock_due_at


def fire(at: datetime, limit: int = 10_000) -> list[Fired]:
    """Fires every rung that is due at `at` of up to `limit` clocks. Call it inside `everyone()`."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRE, {"at": at, "limit": limit})
        return [Fired(*row) for row in cursor.fetchall()]


def unraised(handoff_ids: Collection[int]) -> dict[int, list[Fired]]:
    """Alarms of these handoffs that nobody was told of, by handoff, in the order in which they were due."""
    waiting = Alarm.objects.filter(handoff_id__among=handoff_ids, raised_at=None).order_by("due_at", "id")
    stopped = ExpressionWrapper(Q(clock__stopped_at__isnull=False), output_field=BooleanField())
    found: dict[int, list[Fired]] = {}
    for row in waiting.annotate(is_moot=stopped).values_list(*_AS_FIRED):
        fired = Fired(*row)
        found.setdefault(fired.handoff_id, []).append(fired)
    return found
