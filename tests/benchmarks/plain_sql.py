"""What somebody who knew the tables would write by hand: the yardstick of the benchmark."""

import psycopg

from tests.benchmarks.seed import Place

_ENTER = "SELECT set_config('handrail.organization', %s, true), set_config('handrail.everyone', '', true)"
_WAITING = """
SELECT o.id, o.due_at, h.number, h.title, h.state, g.name, t.name FROM (
  SELECT page.id FROM unnest(%(teams)s::bigint[]) AS team(id) CROSS JOIN LATERAL (
    SELECT id, due_at FROM handoffs_offer WHERE organization_id = %(organization)s AND to_team_id = team.id
       AND to_member_id IS NULL AND state = 'open' ORDER BY due_at, id LIMIT 25) AS page
   ORDER BY page.due_at, page.id LIMIT 25) AS wanted
  JOIN handoffs_offer o USING (id) JOIN handoffs_handoff h ON h.id = o.handoff_id
  JOIN tenants_member g ON g.id = o.giver_id JOIN tenants_team t ON t.id = o.to_team_id
"""
_HELD = """
SELECT id, number, title, state, complete_due_at FROM handoffs_handoff
 WHERE organization_id = %(organization)s AND custodian_id = %(member)s ORDER BY complete_due_at, id LIMIT 25
"""
_SENT = """
SELECT id, number, title, state FROM handoffs_handoff
 WHERE organization_id = %(organization)s AND sender_id = %(member)s AND closed_at IS NULL ORDER BY id DESC LIMIT 25
"""
_ONE = """
SELECT h.*, c.name, s.name FROM handoffs_handoff h LEFT JOIN tenants_member c ON c.id = h.custodian_id
  JOIN tenants_member s ON s.id = h.sender_id WHERE h.organization_id = %(organization)s AND h.number = %(number)s
"""
_ITS_ROWS = (
    "SELECT * FROM handoffs_offer WHERE handoff_id = %(number)s ORDER BY seq",
    "SELECT * FROM handoffs_custody WHERE handoff_id = %(number)s ORDER BY seq",
    "SELECT * FROM handoffs_event WHERE handoff_id = %(number)s ORDER BY seq",
    "SELECT * FROM handoffs_clock WHERE handoff_id = %(number)s",
    "SELECT * FROM handoffs_note WHERE handoff_id = %(number)s",
    "SELECT * FROM handoffs_question WHERE handoff_id = %(number)s",
)
_ACCEPT = (
    "SELECT * FROM handoffs_handoff WHERE id = %(id)s FOR UPDATE",
    "UPDATE handoffs_offer SET state = 'accepted', closed_at = now(), closed_by_id = %(member)s "
    "WHERE handoff_id = %(id)s AND state = 'open'",
    "UPDATE handoffs_clock SET stopped_at = now(), next_alarm_at = NULL "
    "WHERE handoff_id = %(id)s AND stopped_at IS NULL",
    "UPDATE handoffs_custody SET ended_at = now() WHERE handoff_id = %(id)s AND ended_at IS NULL",
    "INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, verb, started_at, closed, resumes, "
    "follows_at) VALUES (%(organization)s, %(id)s, 2, %(member)s, 'accept', now(), false, false, now())",
    "UPDATE handoffs_handoff SET state = 'accepted', custodian_id = %(member)s, custody_seq = 2, open_offer_id = NULL, "
    "ledger_seq = ledger_seq + 1 WHERE id = %(id)s",
    "INSERT INTO handoffs_event (organization_id, handoff_id, seq, verb, by_id, at, before, after, facts, internal, "
    "previous_digest, digest) SELECT organization_id, id, ledger_seq, 'accept', %(member)s, now(), 'offered', "
    "'accepted', '{}', false, '', '' FROM handoffs_handoff WHERE id = %(id)s",
    "INSERT INTO django_q_ormq (key, payload, lock) VALUES ('bench', 'x', now())",
)
_SWEEP = """
WITH due AS (
  SELECT id, organization_id, handoff_id, ladder_id, rung_ats FROM handoffs_clock
   WHERE next_alarm_at <= now() ORDER BY next_alarm_at LIMIT 10000 FOR UPDATE SKIP LOCKED
), moved AS (
  UPDATE handoffs_clock c SET rungs_fired = 1, next_alarm_at = c.rung_ats[2] FROM due WHERE c.id = due.id)
INSERT INTO handoffs_alarm (organization_id, clock_id, rung_id, handoff_id, due_at, fired_at, raised_at)
SELECT due.organization_id, due.id, r.id, due.handoff_id, rung_ats[1], now(), now()
  FROM due JOIN handoffs_rung r ON r.ladder_id = due.ladder_id AND r.position = 1 RETURNING handoff_id
"""
# In steps, each of which knows its rows, and looked up one by one: joined, they are planned for a handful.
_CHAIN = """
UPDATE handoffs_handoff SET ledger_seq = ledger_seq + 1, changed_at = now(),
       ledger_head = encode(sha256(ledger_head::bytea), 'hex') WHERE id = ANY (%s)
"""
_EVENTS = """
INSERT INTO handoffs_event (organization_id, handoff_id, seq, verb, by_id, at, before, after, facts, internal,
    previous_digest, digest)
SELECT organization_id, id, ledger_seq, 'escalate',
       (SELECT member.id FROM tenants_member member WHERE member.kind = 'system'
           AND member.organization_id = handoff.organization_id),
       now(), state, state, '{"alarm": "the time to accept is running out"}', false, '', ledger_head
  FROM handoffs_handoff handoff WHERE id = ANY (%s) RETURNING id, handoff_id
"""
_NOTICES = """
INSERT INTO handoffs_notice (organization_id, event_id, handoff_id, member_id, why, created_at)
SELECT handoff.organization_id, raised.event, raised.handoff, member_id, 'receivers', now()
  FROM unnest(%s::bigint[], %s::bigint[]) AS raised (event, handoff)
 CROSS JOIN LATERAL (SELECT organization_id, custodian_id, open_offer_id FROM handoffs_handoff
                      WHERE id = raised.handoff OFFSET 0) AS handoff
 CROSS JOIN LATERAL (SELECT to_team_id FROM handoffs_offer WHERE id = handoff.open_offer_id OFFSET 0) AS offer
 CROSS JOIN LATERAL (SELECT member_id FROM tenants_teammembership
                      WHERE team_id = offer.to_team_id AND member_id <> handoff.custodian_id OFFSET 0) AS receiver
"""


class PlainSql:
    """The same work as the application's role, row security on, one transaction each."""

    def __init__(self, connection: psycopg.Connection, place: Place) -> None:
        self.connection = connection
        self.words = {
            "organization": place.organization_id,
            "member": place.member_id,
            "teams": [place.member_id - 2 + team for team in range(1, 11)],
        }

    def inbox(self) -> None:
        self._read(_WAITING, _HELD, _SENT)

    def inbox_api(self) -> None:
        self._read(_WAITING)

    def handoff(self, number: int) -> None:
        self._read(_ONE, *_ITS_ROWS, number=number)

    def accept(self, handoff_id: int) -> None:
        self._read(*_ACCEPT, id=handoff_id)

    def fire(self) -> list[int]:
        with self.connection.transaction():
            self.connection.execute("SELECT set_config('handrail.everyone', 'on', true)")
            return [row[0] for row in self.connection.execute(_SWEEP)]

    def sweep(self) -> None:
        with self.connection.transaction():
            ids = self.fire()
            if ids:
                self.connection.execute(_CHAIN, [ids])
                raised = self.connection.execute(_EVENTS, [ids]).fetchall()
                self.connection.execute(_NOTICES, [list(column) for column in zip(*raised, strict=True)])

    def _read(self, *statements: str, **more: object) -> None:
        with self.connection.transaction():
            self.connection.execute(_ENTER, [str(self.words["organization"])])
            for statement in statements:
                cursor = self.connection.execute(statement, {**self.words, **more})
                if cursor.description:
                    cursor.fetchall()
