"""What insight reads, at size: legs made in bulk from the handoffs, then counted as the product counts them."""

from datetime import datetime
from uuid import UUID

import psycopg
from django.utils import timezone

from handoffs.insight.figures import times as of_lanes
from handoffs.insight.figures.asked import Asked, Period
from handoffs.kept.models import Leg, Measure
from handoffs.kept.writing import PHASES, count_weeks
from tenants.scope import scope
from tests.benchmarks.measure import Measured, Times, each

# A hundred lanes over a year; times spread over three orders of magnitude. One in seven of the first leg still lives.
_LEGS = """
INSERT INTO handoffs_leg (organization_id, handoff_id, seq, workspace_id, from_team_id, to_team_id, week, verb, state,
    giver_id, receiver_id, offered_at, due_at, viewed_at, closed_at, started_at, completed_at, left_at, viewed_worked,
    closed_worked, started_worked, completed_worked, left_worked, is_returned, reason_code, is_back, questions,
    is_clean, stands, stands_team_id, kept_at, stood_worked, offered_worked, kept_seq, {phases})
SELECT organization_id, id, seq, workspace_id, team + id / 7 %% 10, team + id %% 10,
       date_trunc('week', offered)::date, 'offer', CASE WHEN NOT live OR id %% 3 > 0 THEN 'accepted' ELSE 'open' END,
       sender_id, sender_id, offered, offered + interval '4 hours', offered + took / 3,
       CASE WHEN NOT live OR id %% 3 > 0 THEN offered + took END, CASE WHEN NOT live THEN offered + took * 2 END,
       CASE WHEN NOT live THEN offered + took * 3 END, CASE WHEN NOT live THEN offered + took * 3 END,
       took / 3, CASE WHEN NOT live OR id %% 3 > 0 THEN took END, CASE WHEN NOT live THEN took END,
       CASE WHEN NOT live THEN took * 2 END, CASE WHEN NOT live THEN took * 2 END,
       NOT live AND id %% 9 = 0, CASE WHEN NOT live AND id %% 9 = 0 THEN 'not_ready' ELSE '' END, id %% 50 = 0,
       (id %% 20 = 0)::int, id %% 9 > 0, CASE WHEN NOT live THEN '' WHEN id %% 3 > 0 THEN 'working' ELSE 'offered' END,
       CASE WHEN live THEN team + id %% 10 END, CASE WHEN live THEN now() END,
       CASE WHEN live THEN (now() - date_trunc('year', now())) * 40 / 168 END,
       CASE WHEN live THEN (offered - date_trunc('year', offered)) * 40 / 168 END, ledger_seq, {times}
  FROM (SELECT h.*, n AS seq, {number} * 100 + 1 AS team, n = 1 AND id %% 7 = 0 AS live,
               h.created_at - (n + id %% 270) * interval '1 day' AS offered,
               interval '1 minute' * exp(id %% 700 / 100.0) AS took
          FROM handoffs_handoff h, generate_series({first}, {last}) AS n WHERE h.organization_id = %(home)s) AS made
ON CONFLICT DO NOTHING
"""


def legs(superuser: psycopg.Connection, home: UUID, number: int, first: int, last: int) -> int:
    """Legs `first` to `last` of each handoff of the organization; how many it has by then."""
    times = ", ".join(f"took / {n}" for n in range(1, len(PHASES) + 1))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        _LEGS.format(phases=", ".join(PHASES), times=times, number=number, first=first, last=last), {"home": home}
    )
    superuser.execute("SET session_replication_role = origin")
    with scope(home):
        touched = set(Leg.objects.filter(organization_id=home).values_list("week", "to_team_id").distinct())
        count_weeks(home, touched)
        count = Leg.objects.filter(organization_id=home).count()
    for table in ("handoffs_leg", "handoffs_laneweek", "handoffs_lanetime", "handoffs_lanestanding"):
        superuser.execute(f"VACUUM ANALYZE {table}")
    return count


def lane_percentiles(home: UUID, team: int, calls: int) -> Measured:
    """Median, 85 and 95 % of the time to accept of all that was ever offered to one team, from what is kept."""
    now = timezone.now()

    def ours(_: object) -> None:
        with scope(home):
            found = of_lanes.Times(_asked(home, team, now), now).curve(Measure.ACCEPT, working=True)
            assert found.ended or not found.count

    return Measured("lane_percentiles", each(ours, range(calls)), Times((15,)), 0)


def _asked(home: UUID, team: int, now: datetime) -> Asked:
    return Asked(home, Period.of(now, "UTC", None), from_team=team, to_team=team + 3)
