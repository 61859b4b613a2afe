"""Bulk-made history: a thousand organizations, one of them with a fifth of all handoffs.

Made by the superuser with triggers and reference checks off, because a million real transitions would take hours; the
rows satisfy every constraint, and `check_whole` tries the references once they are in force again.
"""

from dataclasses import dataclass
from uuid import UUID

import psycopg

ORGANIZATIONS = 1_000
SHARE_OF_LARGEST = 5  # one in five
SLUG_OF_LARGEST, SLUG_OF_SMALL = "bench-1", "bench-2"

_ORGANIZATIONS = """
CREATE UNLOGGED TABLE bench_org AS
SELECT o, md5('bench ' || o)::uuid AS id FROM generate_series(1, {organizations}) AS o;
INSERT INTO tenants_organization (id, name, slug, hue, zone, is_demo, is_imported, created_at)
SELECT id, 'Bench ' || o, 'bench-' || o, 255, 'UTC', false, false, now() FROM bench_org;
INSERT INTO tenants_user (id, password, is_superuser, email, name, is_active, is_staff, date_joined)
SELECT o * 100 + k, '!', false, 'p' || k || '@bench-' || o || '.example', 'Person ' || k, true, false, now()
  FROM bench_org, generate_series(1, 11) AS k;
INSERT INTO tenants_member (id, organization_id, user_id, kind, role, name, zone, joined_at)
SELECT o * 100 + k, id, o * 100 + k, 'person', CASE k WHEN 1 THEN 'owner' ELSE 'member' END, 'Person ' || k, '', now()
  FROM bench_org, generate_series(1, 11) AS k;
INSERT INTO tenants_member (id, organization_id, user_id, kind, role, name, zone, joined_at)
SELECT o * 100 + 12, id, NULL, 'system', 'admin', 'Handrail', '', now() FROM bench_org;
INSERT INTO tenants_calendar (id, organization_id, name, zone, hours, country, region, days, versions)
SELECT o, id, 'Office', 'UTC', '{{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]], "wed": [["09:00", "17:00"]],
  "thu": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]]}}', '', '', '[]', '[]' FROM bench_org;
INSERT INTO auth_group (id, name)
SELECT o * 100 + t, 'team:bench-' || o || '-' || t FROM bench_org, generate_series(1, 10) AS t;
INSERT INTO tenants_team (id, organization_id, name, kind, lead_id, calendar_id, group_id, created_at)
SELECT o * 100 + t, id, 'Team ' || t, 'internal', o * 100 + 1, o, o * 100 + t, now()
  FROM bench_org, generate_series(1, 10) AS t;
INSERT INTO tenants_teammembership (id, organization_id, team_id, member_id, joined_at)
SELECT (o * 100 + t) * 10 + n, id, o * 100 + t, o * 100 + (ARRAY[1, 2, 3 + (t - 1) % 9])[n + 1], now()
  FROM bench_org, generate_series(1, 10) AS t, generate_series(0, 2) AS n;
INSERT INTO tenants_workspace (id, organization_id, name, kind, description, clients_invite, created_at)
SELECT o, id, 'Work', 'internal', '', false, now() FROM bench_org;
INSERT INTO tenants_workspaceteampermission (id, permission_id, group_id, organization_id, content_object_id)
SELECT (o * 100 + t) * 10 + p.n, p.id, o * 100 + t, bench_org.id, o
  FROM bench_org, generate_series(1, 10) AS t,
       (SELECT id, row_number() OVER (ORDER BY id) AS n FROM auth_permission
         WHERE codename IN ('view_workspace', 'send_handoff', 'receive_handoff')) AS p;
INSERT INTO handoffs_ladder (id, organization_id, name, revision, is_standard, frozen_at)
SELECT o, id, 'Standard', 1, true, now() FROM bench_org;
INSERT INTO handoffs_rung (id, organization_id, ladder_id, position, share, audience, raises_priority, redirects,
    breaks_quiet, channels)
SELECT o * 10 + p, id, o, p, CASE p WHEN 1 THEN 0.5 ELSE p - 1 END, '["receivers"]', false, false, false, '[]'
  FROM bench_org, generate_series(1, 3) AS p;
INSERT INTO handoffs_counter (organization_id, next_number) SELECT id, 100000000 FROM bench_org;
"""

# r decides the state: 0-4 offered, 5-14 started, the rest completed. Member 3 sends, one of 4-11 has it or had it.
_PLAN = """
CREATE UNLOGGED TABLE bench_plan AS
SELECT g, o, bench_org.id AS organization, g / {share} % 100 AS r, o * 100 + 3 AS sender,
       o * 100 + 4 + g % 8 AS receiver, o * 100 + 1 + g % 10 AS team,
       now() - interval '90 days' + g % 89 * interval '1 day' AS drafted
  FROM generate_series({first}, {last}) AS g
  JOIN bench_org ON o = CASE WHEN g % {share} = 0 THEN 1 ELSE 2 + g % {others} END;
"""

_HANDOFFS = """
INSERT INTO handoffs_handoff (id, organization_id, number, workspace_id, title, summary, priority, state, held_from,
    hold_reason, sender_id, sender_team_id, custodian_id, custodian_team_id, custody_seq, open_offer_id,
    complete_due_at, context, result, created_at, changed_at, first_offered_at, closed_at, imported, ledger_seq,
    ledger_head)
SELECT g, organization, g, o, 'Handoff number ' || g, 'What there is to know about it.', 1,
       CASE WHEN r < 5 THEN 'offered' WHEN r < 15 THEN 'started' ELSE 'completed' END, '', '', sender, o * 100 + 1,
       CASE WHEN r < 5 THEN sender WHEN r < 15 THEN receiver END,
       CASE WHEN r < 5 THEN o * 100 + 1 WHEN r < 15 THEN team END,
       CASE WHEN r < 5 THEN 1 WHEN r < 15 THEN 2 END, CASE WHEN r < 5 THEN g END,
       CASE WHEN r BETWEEN 5 AND 14 THEN now() + g % 1000 * interval '1 hour' END,
       '{{}}', '{{}}', drafted, drafted + interval '3 hours', drafted + interval '1 hour',
       CASE WHEN r >= 15 THEN drafted + interval '3 hours' END, false, 3, md5(g::text)
  FROM bench_plan;
INSERT INTO handoffs_offer (id, organization_id, handoff_id, seq, verb, state, giver_id, from_team_id, to_team_id,
    message, offered_at, due_at, closed_at, closed_by_id, reason_code, reason)
SELECT g, organization, g, 1, 'offer', CASE WHEN r < 5 THEN 'open' ELSE 'accepted' END, sender, o * 100 + 1, team, '',
       drafted + interval '1 hour', now() + g % 500 * interval '1 hour',
       CASE WHEN r >= 5 THEN drafted + interval '2 hours' END, CASE WHEN r >= 5 THEN receiver END, '', ''
  FROM bench_plan;
INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, team_id, verb, started_at, ended_at, closed,
    resumes)
SELECT organization, g, 1, sender, o * 100 + 1, 'draft', drafted,
       CASE WHEN r >= 5 THEN drafted + interval '2 hours' END, false, false
  FROM bench_plan;
INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, team_id, offer_id, verb, started_at,
    ended_at, closed, resumes, follows_at)
SELECT organization, g, 2, receiver, team, g, 'accept', drafted + interval '2 hours',
       CASE WHEN r >= 15 THEN drafted + interval '3 hours' END, r >= 15, false, drafted + interval '2 hours'
  FROM bench_plan WHERE r >= 5;
INSERT INTO handoffs_clock (organization_id, handoff_id, offer_id, kind, calendar_id, target, started_at, due_at,
    ladder_id, rung_ats, rungs_fired, next_alarm_at, pauses, stopped_at)
SELECT organization, g, g, 'accept', o, interval '4 hours', drafted + interval '1 hour', now() + interval '30 days', o,
       ARRAY[now() + interval '30 days', now() + interval '31 days', now() + interval '32 days'], 0,
       CASE WHEN r < 5 THEN now() + interval '30 days' END, '[]',
       CASE WHEN r >= 5 THEN drafted + interval '2 hours' END
  FROM bench_plan;
INSERT INTO handoffs_clock (organization_id, handoff_id, kind, calendar_id, target, started_at, due_at, ladder_id,
    rung_ats, rungs_fired, next_alarm_at, pauses)
SELECT organization, g, 'complete', o, interval '24 hours', drafted + interval '2 hours', now() + interval '40 days', o,
       ARRAY[now() + interval '30 days', now() + interval '31 days', now() + interval '32 days'], 0,
       now() + interval '30 days', '[]'
  FROM bench_plan WHERE r BETWEEN 5 AND 14;
INSERT INTO handoffs_event (organization_id, handoff_id, seq, verb, by_id, at, recorded_at, before, after, facts,
    internal, previous_digest, digest)
SELECT organization, g, s, (ARRAY['draft', 'offer', 'accept'])[s], CASE WHEN s < 3 THEN sender ELSE receiver END,
       drafted + s * interval '40 minutes', drafted + s * interval '40 minutes', 'draft', 'offered',
       '{{"receiver": "Team", "giver": "Person 3"}}', false, md5(g || '.' || s - 1), md5(g || '.' || s)
  FROM bench_plan, generate_series(1, 3) AS s WHERE s < 3 OR r >= 5;
DROP TABLE bench_plan;
"""

_TABLES = (
    *("tenants_user", "tenants_member", "tenants_calendar", "auth_group", "tenants_team", "tenants_teammembership"),
    *("tenants_workspace", "tenants_workspaceteampermission", "handoffs_ladder", "handoffs_rung"),
    *("handoffs_handoff", "handoffs_offer"),
)


@dataclass(frozen=True)
class Place:
    """One organization as the benchmark uses it; `member` is in all ten teams."""

    slug: str
    organization_id: UUID
    member_id: int


def organizations(superuser: psycopg.Connection) -> None:
    """The organizations with eleven people and ten teams each, and no handoff yet."""
    _run(superuser, _ORGANIZATIONS.format(organizations=ORGANIZATIONS))


def handoffs(superuser: psycopg.Connection, first: int, last: int) -> None:
    """Handoffs numbered `first` to `last`, over all organizations."""
    numbers = {"first": first, "last": last, "share": SHARE_OF_LARGEST, "others": ORGANIZATIONS - 1}
    _run(superuser, _PLAN.format(**numbers))
    _run(superuser, _HANDOFFS.format(**numbers))
    for table in _TABLES:
        superuser.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    superuser.execute("VACUUM ANALYZE")


def place(superuser: psycopg.Connection, number: int) -> Place:
    """The organization with this number (1 is the largest)."""
    row = superuser.execute("SELECT id FROM bench_org WHERE o = %s", [number]).fetchone()
    assert row
    return Place(f"bench-{number}", row[0], number * 100 + 2)


def _run(superuser: psycopg.Connection, script: str) -> None:
    superuser.execute("SET session_replication_role = replica")
    for statement in script.split(";\n"):
        if statement.strip():
            superuser.execute(statement)
    superuser.execute("SET session_replication_role = origin")
