"""Any sequence of verbs by anybody: the product and the plain model stay in step, and custody never lapses."""

from itertools import pairwise

from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from handoffs.ledger.verify import faults
from handoffs.models import Custody, Handoff, Offer
from handoffs.refusals import Refusal
from tests.handoffs.doing import attempt
from tests.handoffs.plain_model import CAST, LIVE, TABLE, PlainHandoff
from tests.world import World

PLACES = [("Onboarding", None), ("Support", None), ("Support", "sue"), ("Onboarding", "bo"), ("Sales", "max")]


def machine(world: World) -> type[RuleBasedStateMachine]:
    """A state machine over one handoff of this world; each run is taken back at its end."""

    class AnySequence(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = transaction.savepoint()
            self.plain, self.handoff = PlainHandoff(), world.handoff()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.savepoint)

        @rule(verb=st.sampled_from(sorted(TABLE)), who=st.sampled_from(CAST), to=st.sampled_from(PLACES))
        def anybody_tries_anything(self, verb: str, who: str, to: tuple[str, str | None]) -> None:
            self._try(verb, who, to)

        @precondition(lambda self: self.plain.custodian is not None)
        @rule(verb=st.sampled_from(["offer", "pass_on", "hand_back", "start", "hold", "resume", "complete"]))
        def the_custodian_goes_on(self, verb: str) -> None:
            self._try(verb, self.plain.custodian or "", PLACES[self.handoff.ledger_seq % len(PLACES)])

        @precondition(lambda self: self.plain.offer is not None)
        @rule(verb=st.sampled_from(["accept", "accept", "return", "view", "ask"]), who=st.sampled_from(CAST))
        def somebody_receives(self, verb: str, who: str) -> None:
            self._try(verb, who, PLACES[0])

        @precondition(lambda self: self.plain.state == "completed")
        @rule()
        def the_sender_reopens(self) -> None:
            self._try("reopen", "ana", PLACES[0])

        def _try(self, verb: str, who: str, to: tuple[str, str | None]) -> None:
            expected, seq = self.plain.answer(verb, who, to), self.handoff.ledger_seq
            try:
                with transaction.atomic():
                    self.handoff = attempt(world, self.handoff, verb, who, to)
            except Refusal as refusal:
                # "invalid" and "too_many" are about the words (a receiver who cannot receive), not about the rulebook.
                assert refusal.kind == expected or self._about_the_words(refusal, expected, verb)
                return
            changed = self.handoff.ledger_seq > seq
            # Only the first look is kept, so that a second one by anybody changes nothing.
            assert expected == ("done" if changed else "repeat") or (expected == "done" and verb == "view")
            if changed:
                self.plain.do(verb, who, to)

        def _about_the_words(self, refusal: Refusal, expected: str, verb: str) -> bool:
            if refusal.code == "cannot_receive" or refusal.kind == "too_many":
                return expected in ("done", "repeat")
            return refusal.code in ("nobody_to_ask", "nobody_to_nudge")

        @invariant()
        def the_product_is_where_the_model_is(self) -> None:
            handoff = Handoff.objects.select_related("custodian", "custodian_team", "open_offer__to_team").get(
                pk=self.handoff.pk
            )
            plain, offer = self.plain, handoff.open_offer
            assert handoff.state == plain.state
            assert (handoff.custodian.name.lower() if handoff.custodian else None) == plain.custodian
            assert (handoff.custodian_team.name if handoff.custodian_team else None) == plain.custodian_team
            assert (offer.to_team.name if offer else None) == (plain.offer[0] if plain.offer else None)

        @invariant()
        def exactly_one_answers_for_it_at_every_instant(self) -> None:
            rows = list(Custody.objects.filter(handoff=self.handoff).order_by("seq"))
            assert sum(row.ended_at is None for row in rows) == (1 if self.plain.state in LIVE else 0)
            for former, row in pairwise(rows):
                assert former.ended_at is not None
                assert row.started_at == former.ended_at or (row.resumes and former.closed)
            assert Offer.objects.open().filter(handoff=self.handoff).count() <= 1

        @invariant()
        def the_database_and_the_ledger_agree(self) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            assert [fault for fault in faults(world.organization.id) if fault.handoff_id == self.handoff.id] == []

    return AnySequence


def test_any_sequence(world: World) -> None:
    run_state_machine_as_test(
        machine(world),
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
