"""Writes legs, and counts the weeks of their lanes anew from all legs of them: done twice, it comes to the same."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from handoffs.bulk import insert_whole
from handoffs.kept.models import LaneStanding, LaneTime, LaneWeek, Leg, Split

Touched = set[tuple[date, int]]

GROWTH = 1.02  # one step of a histogram is so many times the one before
PHASES = [field.name for field in Split._meta.get_fields()]
_LANE = "organization_id, workspace_id, template_id, flow_id, from_team_id, to_team_id, week"

_TOUCHED = """
JOIN unnest(%(weeks)s::date[], %(teams)s::bigint[]) AS touched(week, to_team_id) USING (week, to_team_id)
WHERE organization_id = %(home)s
"""
_FORGET = """
DELETE FROM {table} AS one USING unnest(%(weeks)s::date[], %(teams)s::bigint[]) AS touched(week, to_team_id)
 WHERE one.organization_id = %(home)s AND one.week = touched.week AND one.to_team_id = touched.to_team_id
"""


def step_of(took: str) -> str:
    """SQL: the step of 2 % in which an interval lies, rounded up; nothing above a second lies in step 0."""
    return f"""(CASE WHEN {took} <= interval '1 second' THEN 0
                     ELSE ceil(ln(extract(epoch FROM {took})::float8) / ln({GROWTH}::float8)) END)::int"""


_COUNT = f"""
INSERT INTO {LaneWeek._meta.db_table} ({_LANE}, offered, answered, accepted, returned, back, completed, in_time, late,
                                       questioned, questions, accurate, {", ".join(PHASES)})
SELECT {_LANE}, count(*),
       count(*) FILTER (WHERE state IN ('accepted', 'returned')),
       count(*) FILTER (WHERE state = 'accepted'),
       count(*) FILTER (WHERE is_returned),
       count(*) FILTER (WHERE is_back),
       count(completed_at),
       count(*) FILTER (WHERE state IN ('accepted', 'returned') AND closed_at <= due_at),
       count(*) FILTER (WHERE closed_at > due_at),
       count(*) FILTER (WHERE questions > 0),
       sum(questions),
       count(*) FILTER (WHERE is_clean),
       {", ".join(f"sum({phase})" for phase in PHASES)}
  FROM {Leg._meta.db_table} {_TOUCHED}
 GROUP BY {_LANE}
"""
# What a leg says about each measure: whether it happened, and the time until then or until it no longer could.
_TIMES = f"""
INSERT INTO {LaneTime._meta.db_table} ({_LANE}, measure, worked, steps, ended, "left")
SELECT {_LANE}, measure, worked, array_agg(step ORDER BY step), array_agg(ended ORDER BY step),
       array_agg("left" ORDER BY step)
  FROM (SELECT {_LANE}, measure, worked, step, count(*) FILTER (WHERE has_ended) AS ended,
               count(*) FILTER (WHERE NOT has_ended) AS "left"
          FROM (SELECT {_LANE}, told.measure, clock.worked, told.has_ended, {step_of("clock.took")} AS step
                  FROM {Leg._meta.db_table}
                 CROSS JOIN LATERAL (VALUES
                       ('view', viewed_at IS NOT NULL, coalesce(viewed_at, closed_at) - offered_at,
                        coalesce(viewed_worked, closed_worked)),
                       ('accept', state = 'accepted', closed_at - offered_at, closed_worked),
                       ('start', started_at IS NOT NULL, coalesce(started_at, left_at) - closed_at,
                        coalesce(started_worked, left_worked)),
                       ('complete', completed_at IS NOT NULL, coalesce(completed_at, left_at) - closed_at,
                        coalesce(completed_worked, left_worked)),
                       ('hand', left_at IS NOT NULL, left_at - closed_at, left_worked)
                       ) AS told(measure, has_ended, raw, worked)
                 CROSS JOIN LATERAL (VALUES (false, told.raw), (true, told.worked)) AS clock(worked, took)
                  {_TOUCHED} AND clock.took IS NOT NULL
                   AND (told.measure IN ('view', 'accept') OR state = 'accepted')) AS each
         GROUP BY {_LANE}, measure, worked, step) AS counted
 GROUP BY {_LANE}, measure, worked
"""
_STANDING = f"""
INSERT INTO {LaneStanding._meta.db_table} ({_LANE}, stands, stands_team_id, year, count, since, stood)
SELECT {_LANE}, stands, stands_team_id, year, count(*), sum(kept_at - make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC')),
       sum(stood_worked)
  FROM {Leg._meta.db_table}
 CROSS JOIN LATERAL (SELECT extract(year FROM kept_at AT TIME ZONE 'UTC')::int) AS kept(year)
  {_TOUCHED} AND stands <> ''
 GROUP BY {_LANE}, stands, stands_team_id, year
"""


def replace_legs(home: UUID, handoffs: Collection[int], legs: Sequence[Leg]) -> Touched:
    """Puts these legs in the place of all that were kept of these handoffs; the weeks and teams touched by either."""
    former = Leg.objects.filter(organization_id=home, handoff_id__in=handoffs)
    touched: Touched = set(former.values_list("week", "to_team_id"))
    former._raw_delete(former.db)  # nothing refers to a leg
    insert_whole(legs)
    return touched | {(leg.week, leg.to_team_id) for leg in legs}


def count_weeks(home: UUID, touched: Iterable[tuple[date, int]]) -> None:
    """Counts these weeks of what was offered to these teams anew."""
    pairs = sorted(touched)
    given: dict[str, Any] = {"home": home, "weeks": [week for week, _ in pairs], "teams": [team for _, team in pairs]}
    with connection.cursor() as cursor:
        for table, statement in ((LaneWeek, _COUNT), (LaneStanding, _STANDING), (LaneTime, _TIMES)):
            cursor.execute(_FORGET.format(table=table._meta.db_table), given)
            cursor.execute(statement, given)
