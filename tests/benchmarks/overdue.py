"""Ten thousand alarms that are due, and whether they were raised as they must be."""

import psycopg

from handoffs.lifecycle import Verb
from handoffs.models import Event
from tenants.scope import everyone

SAMPLE = 200

# The same handoffs in every round: offers that nobody has accepted, whatever they were when they were made in bulk.
# Steps of cases, which others measure, have keys beyond.
_CHOICE = """
CREATE TEMPORARY TABLE bench_due AS
SELECT id, handoff_id FROM handoffs_clock
 WHERE kind = 'accept' AND handoff_id < 50000000 ORDER BY md5(id::text) LIMIT {count}
"""
_OPEN = (
    "UPDATE handoffs_handoff AS h SET state = 'offered', custodian_id = sender_id, custodian_team_id = sender_team_id, "
    "custody_seq = 1, open_offer_id = h.id, closed_at = NULL, complete_due_at = NULL FROM bench_due AS due "
    "WHERE due.handoff_id = h.id AND state <> 'offered'",
    "UPDATE handoffs_offer AS o SET state = 'open', closed_at = NULL, closed_by_id = NULL FROM bench_due AS due "
    "WHERE due.handoff_id = o.handoff_id AND state <> 'open'",
    "DELETE FROM handoffs_custody AS c USING bench_due AS due WHERE due.handoff_id = c.handoff_id AND seq = 2",
    "UPDATE handoffs_custody AS c SET ended_at = NULL, closed = false FROM bench_due AS due "
    "WHERE due.handoff_id = c.handoff_id AND ended_at IS NOT NULL",
    "UPDATE handoffs_clock AS c SET stopped_at = now(), next_alarm_at = NULL FROM bench_due AS due "
    "WHERE due.handoff_id = c.handoff_id AND kind <> 'accept' AND stopped_at IS NULL",
)
_DUE = """
UPDATE handoffs_clock AS clock
   SET stopped_at = NULL, rungs_fired = 0, next_alarm_at = now() - interval '1 minute',
       rung_ats[1] = now() - interval '1 minute'
  FROM bench_due AS due WHERE due.id = clock.id
"""
_NOTICED = """
SELECT count(DISTINCT event_id) FROM handoffs_notice WHERE event_id IN (
  SELECT max(event.id) FROM handoffs_event AS event JOIN bench_due USING (handoff_id) GROUP BY handoff_id)
"""


def make_due(superuser: psycopg.Connection, count: int) -> None:
    """Exactly so many accept clocks run and are due, whatever the size, and nothing has fired for them."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("DROP TABLE IF EXISTS bench_due")
    superuser.execute(_CHOICE.format(count=count))
    for statement in (*_OPEN, "TRUNCATE handoffs_alarm", "TRUNCATE django_q_ormq", _DUE):
        superuser.execute(statement)
    superuser.execute("SET session_replication_role = origin")
    for table in ("clock", "handoff", "offer", "custody", "event", "notice"):
        superuser.execute(f"VACUUM ANALYZE handoffs_{table}")


def check_raised(superuser: psycopg.Connection, count: int) -> None:
    """Each is written down and shown to somebody, and the ledger of a sample says so unbroken."""
    raised = _one(superuser, "SELECT count(*) FROM handoffs_alarm WHERE raised_at IS NOT NULL")
    assert raised == count, f"{raised:,} alarms of {count:,} were raised"
    assert _one(superuser, _NOTICED) == count
    chosen = superuser.execute("SELECT handoff_id FROM bench_due ORDER BY md5(id::text) LIMIT %s", [SAMPLE]).fetchall()
    with everyone():
        for (handoff_id,) in chosen:
            last, before = Event.objects.of(handoff_id).select_related("handoff").reverse()[:2]
            # What was made in bulk has numbers for digests.
            previous = before.digest if before.verb == Verb.ESCALATE else last.previous_digest
            written = last.digest
            assert (last.verb, last.previous_digest, last.seal(previous)) == (Verb.ESCALATE, previous, written)
            assert last.handoff.ledger_head == written


def _one(superuser: psycopg.Connection, query: str) -> int:
    row = superuser.execute(query).fetchone()
    assert row
    return int(row[0])
