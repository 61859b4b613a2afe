"""Completing a step that three others follow, among many running cases; and the same by hand."""

from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs import actions
from handoffs.actions.cases import launch
from handoffs.actions.flows import create_flow, publish_flow
from handoffs.actions.templates import create_template, publish, write
from handoffs.flows.versions import pins_of
from handoffs.models import ChecklistDefinition, FieldDefinition, Flow, FlowVersion, Handoff, Side
from tenants.models import Member, Team, Workspace
from tenants.scope import scope
from tests.benchmarks.measure import Measured, each
from tests.benchmarks.seed import Place

NAME = "Three successors"
STEP = {"template": NAME, "giver": "first"}
DOCUMENT = {
    "roles": [{"key": key, "label": key.capitalize()} for key in ("first", "second", "third", "fourth")],
    "steps": [
        {**STEP, "key": "start", "label": "Start", "receiver": "first"},
        *(
            {**STEP, "key": role, "label": role.capitalize(), "receiver": role, "after": [{"step": "start"}]}
            for role in ("second", "third", "fourth")
        ),
        {"key": "end", "label": "End", "kind": "milestone", "after": [{"step": r} for r in ("second", "third")]},
    ],
}

# Running cases of the largest organization, each with one step in the hands of somebody whom nothing else measures.
# Real rows get keys of their own range, so that more history can be made afterwards.
_CASES = """
SELECT setval(pg_get_serial_sequence('handoffs_handoff', 'id'),
              greatest(100000000, (SELECT max(id) FROM handoffs_handoff)));
SELECT setval(pg_get_serial_sequence('handoffs_offer', 'id'),
              greatest(300000000, (SELECT max(id) FROM handoffs_offer)));
INSERT INTO handoffs_case (id, organization_id, number, flow_version_id, workspace_id, title, state, launched_by_id,
    owner_id, amendments, launched_at, changed_at, reason, ledger_seq, ledger_head)
SELECT 1000000 + n, %(organization)s, 1000000 + n, %(version)s, 1, 'Case ' || n, 'running', %(member)s, %(member)s,
       '[]', now(), now(), '', 1, md5(n::text)
  FROM generate_series(%(first)s::int, %(last)s::int) AS n;
INSERT INTO handoffs_casting (organization_id, case_id, role, team_id)
SELECT %(organization)s, 1000000 + n, (ARRAY['first', 'second', 'third', 'fourth'])[r], 101 + r
  FROM generate_series(%(first)s::int, %(last)s::int) AS n, generate_series(1, 4) AS r;
INSERT INTO handoffs_handoff (id, organization_id, number, workspace_id, case_id, template_version_id, title, summary,
    priority, state, held_from, hold_reason, sender_id, custodian_id, custody_seq, context, result, created_at,
    changed_at, first_offered_at, imported, ledger_seq, ledger_head)
SELECT 50000000 + n, %(organization)s, 50000000 + n, 1, 1000000 + n, %(template)s, 'Start', '', 1, 'started', '', '',
       %(member)s, %(member)s + 9, 2, '{}', '{}', now(), now(), now(), false, 3, md5(n::text)
  FROM generate_series(%(first)s::int, %(last)s::int) AS n;
INSERT INTO handoffs_turn (organization_id, case_id, step, number, state, handoff_id, brought_by_id, because, origins,
    entered_at, cause, reason)
SELECT %(organization)s, 1000000 + n, 'start', 1, 'live', 50000000 + n, %(member)s, '[]', '{}', now(), '', ''
  FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""

_ENTER = "SELECT set_config('handrail.organization', %s, true), set_config('handrail.everyone', '', true)"
_KEYS = "SELECT nextval(pg_get_serial_sequence('handoffs_handoff', 'id')) FROM generate_series(1, 3)"
_NEW = "SELECT unnest(%(ids)s::bigint[]) AS id"
_BY_HAND = (
    "SELECT * FROM handoffs_handoff WHERE id = %(id)s FOR UPDATE",
    "SELECT * FROM handoffs_case WHERE id = %(case)s FOR UPDATE",
    "SELECT t.*, h.context, h.result FROM handoffs_turn t LEFT JOIN handoffs_handoff h ON h.id = t.handoff_id "
    "WHERE t.case_id = %(case)s",
    "SELECT c.role, t.id, m.member_id FROM handoffs_casting c JOIN tenants_team t ON t.id = c.team_id "
    "JOIN tenants_teammembership m ON m.team_id = t.id WHERE c.case_id = %(case)s",
    "UPDATE handoffs_custody SET ended_at = now(), closed = true WHERE handoff_id = %(id)s AND ended_at IS NULL",
    "UPDATE handoffs_clock SET stopped_at = now(), next_alarm_at = NULL WHERE handoff_id = %(id)s "
    "AND stopped_at IS NULL",
    "UPDATE handoffs_turn SET state = 'done', ended_at = now() WHERE handoff_id = %(id)s",
    "UPDATE handoffs_counter SET next_number = next_number + 3 WHERE organization_id = %(organization)s",
    "INSERT INTO handoffs_handoff (id, organization_id, number, workspace_id, case_id, template_version_id, title, "
    "summary, priority, state, held_from, hold_reason, sender_id, custodian_id, custody_seq, open_offer_id, context, "
    "result, created_at, changed_at, first_offered_at, imported, ledger_seq, ledger_head) "
    "SELECT id, %(organization)s, id + 1000000000, %(space)s, %(case)s, %(template)s, 'Next', '', 1, 'offered', '', "
    "'', %(member)s, %(member)s, 1, id, '{}', '{}', now(), now(), now(), false, 2, md5(id::text) "
    f"FROM ({_NEW}) AS new",
    "INSERT INTO handoffs_offer (id, organization_id, handoff_id, seq, verb, state, giver_id, to_team_id, message, "
    "offered_at, due_at, reason_code, reason) SELECT id, %(organization)s, id, 1, 'offer', 'open', %(member)s, "
    f"%(team)s, '', now(), now() + interval '4 hours', '', '' FROM ({_NEW}) AS new",
    "INSERT INTO handoffs_custody (organization_id, handoff_id, seq, holder_id, verb, started_at, closed, resumes) "
    f"SELECT %(organization)s, id, 1, %(member)s, 'draft', now(), false, false FROM ({_NEW}) AS new",
    "INSERT INTO handoffs_clock (organization_id, handoff_id, offer_id, kind, calendar_id, target, started_at, due_at, "
    "rung_ats, rungs_fired, pauses, hours_revision) SELECT %(organization)s, id, id, 'accept', 1, interval '4 hours', "
    f"now(), now() + interval '4 hours', '{{}}', 0, '[]', 1 FROM ({_NEW}) AS new",
    "INSERT INTO handoffs_event (organization_id, handoff_id, seq, verb, by_id, at, before, after, facts, internal, "
    "previous_digest, digest) SELECT %(organization)s, id, s, (ARRAY['draft', 'offer'])[s], %(member)s, now(), '', "
    f"'offered', '{{}}', false, '', md5(id::text) FROM ({_NEW}) AS new, generate_series(1, 2) AS s",
    "INSERT INTO handoffs_checklistitem (organization_id, handoff_id, internal, position, key, label, side, required) "
    f"SELECT %(organization)s, id, false, 0, 'checked', 'Checked', 'receiver', false FROM ({_NEW}) AS new",
    "INSERT INTO handoffs_turn (organization_id, case_id, step, number, state, handoff_id, brought_by_id, because, "
    "origins, entered_at, cause, reason) SELECT %(organization)s, %(case)s, 'next-' || id, 1, 'live', id, %(member)s, "
    f"'[]', '{{}}', now(), '', '' FROM ({_NEW}) AS new",
    "UPDATE handoffs_case SET changed_at = now(), ledger_seq = ledger_seq + 1 WHERE id = %(case)s",
    "INSERT INTO handoffs_caseevent (organization_id, case_id, seq, verb, by_id, at, facts, previous_digest, digest) "
    "SELECT %(organization)s, id, ledger_seq, 'advance', %(member)s, now(), '{}', '', '' FROM handoffs_case "
    "WHERE id = %(case)s",
    "INSERT INTO django_q_ormq (key, payload, lock) SELECT 'bench', 'x', now() FROM generate_series(1, 3)",
    "UPDATE handoffs_handoff SET state = 'completed', custodian_id = NULL, custody_seq = NULL, closed_at = now(), "
    "complete_due_at = NULL, ledger_seq = ledger_seq + 1 WHERE id = %(id)s",
    "INSERT INTO handoffs_event (organization_id, handoff_id, seq, verb, by_id, at, before, after, facts, internal, "
    "previous_digest, digest) SELECT organization_id, id, ledger_seq, 'complete', %(member)s, now(), 'accepted', "
    "'completed', '{}', false, '', '' FROM handoffs_handoff WHERE id = %(id)s",
)


class Successors:
    """The flow, so many running cases, and what is completed in turn."""

    def __init__(self, superuser: psycopg.Connection, plain: psycopg.Connection, place: Place, running: int) -> None:
        self.plain, self.place = plain, place
        with scope(place.organization_id):
            self.member = self._known(place.member_id)
            self.owner = self._known(place.member_id - 1)
            self.version = self._flow()
            template = pins_of(self.version).template_version("start").pk
        _seed(superuser, place, {"version": self.version.pk, "template": template}, running)

    def measured(self, calls: int) -> Measured:
        """Ours beside what somebody who knew the tables would write by hand."""
        held = [self._held() for _ in range(2 * calls + 2)]
        self._complete(held.pop())
        with CaptureQueriesContext(connection) as captured:
            self._complete(held.pop())
        ours = each(self._complete, held[::2])
        # BEGIN, COMMIT and the entry into the scope belong to the request, not to the verb.
        return Measured("complete_three_successors", ours, each(self._by_hand, held[1::2]), len(captured) - 3)

    def _complete(self, handoff: Handoff) -> None:
        with scope(self.place.organization_id):
            actions.complete(handoff, by=self.owner, at=timezone.now(), result={"outcome": "As agreed"})

    def _by_hand(self, handoff: Handoff) -> None:
        given: dict[str, Any] = {"id": handoff.pk, "case": handoff.case_id, "member": self.owner.pk}
        given |= {"organization": self.place.organization_id, "space": handoff.workspace_id, "team": 102}
        given |= {"template": handoff.template_version_id}
        with self.plain.transaction():
            self.plain.execute(_ENTER, [str(self.place.organization_id)])
            given["ids"] = [row[0] for row in self.plain.execute(_KEYS).fetchall()]
            for statement in _BY_HAND:
                cursor = self.plain.execute(statement, given)
                if cursor.description:
                    cursor.fetchall()

    def _held(self) -> Handoff:
        """The first step of a fresh case, in hand of the owner."""
        now = timezone.now()
        with scope(self.place.organization_id):
            workspace = Workspace.objects.get(organization_id=self.place.organization_id)
            teams = Team.objects.select_related("calendar").order_by("id")[1:5]
            casting = {role["key"]: (team, None) for role, team in zip(DOCUMENT["roles"], teams, strict=True)}
            case = launch(
                self.version,
                by=self.member,
                at=now,
                workspace=workspace,
                title="One more",
                casting=casting,
                given={"start": {"subject": "The offer"}},
                due_at=now + timedelta(days=9),
            )
            accepted = actions.accept(Handoff.objects.get(case=case), by=self.owner, at=now)
            return Handoff.objects.select_related("workspace", "template_version").get(pk=accepted.pk)

    def _known(self, id: int) -> Member:
        member = Member.objects.select_related("user", "organization").get(pk=id)
        assert member.standing
        return member

    def _flow(self) -> FlowVersion:
        known = FlowVersion.objects.select_related("flow").filter(flow__name=NAME).first()
        if known is not None:
            return known
        now = timezone.now()
        template = create_template(name=NAME, by=self.owner, at=now)
        parts = [
            FieldDefinition(key="subject", label="Subject", required=True),
            FieldDefinition(key="amount", label="Amount", type="number"),
            FieldDefinition(key="outcome", label="Outcome", side=Side.RECEIVER),
            ChecklistDefinition(key="checked", label="Checked", side=Side.RECEIVER),
        ]
        write(version=template, parts=parts, by=self.owner, at=now)
        publish(version=template, by=self.owner, at=now)
        draft = create_flow(name=NAME, document=DOCUMENT, by=self.owner, at=now)
        assert Flow.objects.filter(name=NAME).exists()
        return publish_flow(version=draft, by=self.owner, at=now)


def _seed(superuser: psycopg.Connection, place: Place, about: dict[str, Any], running: int) -> None:
    known = superuser.execute("SELECT coalesce(max(number) - 1000000, 0) FROM handoffs_case WHERE number > 1000000")
    row = known.fetchone()
    assert row
    given = {"organization": place.organization_id, "member": place.member_id, **about}
    given |= {"first": row[0] + 1, "last": running}
    superuser.execute("SET session_replication_role = replica")
    for statement in _CASES.split(";\n"):
        superuser.execute(statement, given)
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("VACUUM ANALYZE")
