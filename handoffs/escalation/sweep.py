"""The sweep: every alarm that is due fires, at most once, in one statement per batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

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
)
INSERT INTO handoffs_alarm (organization_id, clock_id, rung_id, handoff_id, due_at, fired_at)
SELECT due.organization_id, due.id, rung.id, due.handoff_id, due.rung_ats[rung.number], %(at)s
  FROM due
 CROSS JOIN LATERAL (
    SELECT id, row_number() OVER (ORDER BY position) AS number FROM handoffs_rung
     WHERE organization_id = due.organization_id AND ladder_id = due.ladder_id) AS rung
 WHERE rung.number > due.rungs_fired AND rung.number <= due.reached
 ORDER BY due.id, rung.number
    ON CONFLICT (clock_id, rung_id) DO NOTHING
RETURNING id, organization_id
"""

_FIRE_AMONG = _FIRE.replace(
    "WHERE clock.next_alarm_at <= %(at)s", "WHERE clock.next_alarm_at <= %(at)s AND clock.handoff_id = ANY(%(among)s)"
)


@dataclass(frozen=True)
class Fired:
    """An alarm that has just fired."""

    id: int
    organization_id: UUID


def fire(at: datetime, limit: int = 10_000, among: Sequence[int] | None = None) -> list[Fired]:
    """Fires every rung that is due at `at` of up to `limit` clocks, of all handoffs or `among` these.

    Call it inside `everyone()`, unless it is for a few handoffs of the organization in force.
    """
    asked: dict[str, Any] = {"at": at, "limit": limit}
    if among is not None:
        asked["among"] = list(among)
    with connection.cursor() as cursor:
        cursor.execute(_FIRE if among is None else _FIRE_AMONG, asked)
        return [Fired(*row) for row in cursor.fetchall()]


def unraised(organization_id: UUID, alarm_ids: Iterable[int]) -> QuerySet[Alarm]:
    """These alarms and all others of their handoffs that nobody was told of, in the order in which they were due.

    Two tasks may carry two alarms of one handoff; whichever runs first raises both in their order.
    """
    here = Alarm.objects.filter(organization_id=organization_id)
    handoffs = here.filter(id__in=list(alarm_ids)).values("handoff_id")
    waiting = here.filter(handoff_id__in=handoffs, raised_at=None)
    return waiting.select_related("handoff", "organization").order_by("due_at", "id")
