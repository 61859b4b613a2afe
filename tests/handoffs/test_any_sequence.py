"""Any sequence of verbs by anybody: the product and the plain model stay in step, and custody never lapses."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from handoffs.insight.legs import legs_of
from handoffs.insight.time import spent
from handoffs.kept.writing import PHASES
from handoffs.ledger.verify import faults
from handoffs.models import Alarm, ChecklistItem, Clock, Custody, Handoff, Offer, Question
from handoffs.refusals import Refusal
from tests.handoffs.doing import Stage, alarms_go_off, attempt, stage
from tests.handoffs.plain_model import (
    CAST,
    INTERNAL_ITEM,
    LIVE,
    RECEIVERS_ITEM,
    SENDERS_ITEM,
    TABLE,
    USUAL,
    Place,
    PlainHandoff,
    Words,
)
from tests.world import World

PLACES = {
    "Projects": [("Onboarding", None), ("Support", None), ("Support", "sue"), ("Onboarding", "bo"), ("Sales", "max")],
    "Northwind": [
        ("Northwind", None),
        ("Onboarding", None),
        ("Northwind", "carl"),
        ("Support", None),
        ("Sales", "max"),
    ],
}
ITEMS = st.sampled_from([SENDERS_ITEM, RECEIVERS_ITEM, INTERNAL_ITEM])
# Of these a long story comes; what is only said beside the work comes between, by anybody.
MOVES = ["offer", "view", "start", "hold", "resume", "complete", "reopen", "accept", "ask", "answer", "pass_on"]
MOVES += ["return", "hand_back", "redirect", "escalate", "withdraw"]


def machine(cast: Stage, workspace: str) -> type[RuleBasedStateMachine]:
    """A state machine over one handoff in this workspace; each run is taken back at its end."""
    places = PLACES[workspace]

    class AnySequence(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = transaction.savepoint()
            self.plain, self.handoff = PlainHandoff(workspace), cast.begin(workspace)

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.savepoint)

        @rule(
            verb=st.sampled_from(sorted(TABLE)),
            who=st.sampled_from(CAST),
            words=st.builds(Words, to=st.sampled_from(places), item=ITEMS, done=st.booleans()),
        )
        def anybody_tries_anything(self, verb: str, who: str, words: Words) -> None:
            self._try(verb, who, words)

        @rule(first=st.integers(0, len(MOVES) - 1), who=st.integers(0, 999), to=st.sampled_from(places))
        def somebody_does_what_they_may(self, first: int, who: int, to: Place) -> None:
            """Of what moves the work on, the first verb that the model allows somebody, beginning with any."""
            for verb in MOVES[first:] + MOVES[:first]:
                may = [name for name in CAST if self.plain.answer(verb, name, Words(to=to)) == "done"]
                if may:
                    self._try(verb, may[who % len(may)], Words(to=to))
                    return

        @precondition(lambda self: bool(self.plain.ticking()))
        @rule(told=st.booleans())
        def a_promise_is_broken(self, told: bool) -> None:
            fired = alarms_go_off(cast, self.handoff)
            assert fired, "a clock runs, and stays silent however late it is"
            for alarm in fired:
                assert self.plain.goes_off(alarm.clock.kind, self._asked(alarm.clock)).rung == alarm.rung.position
            if told:
                self._try("escalate", "system")

        def _try(self, verb: str, who: str, words: Words = USUAL) -> None:
            expected, seq = self.plain.answer(verb, who, words), self.handoff.ledger_seq
            try:
                with transaction.atomic():
                    after = attempt(cast, self.handoff, verb, who, words)
            except ObjectDoesNotExist:
                assert expected == "unknown"
                return
            except Refusal as refusal:
                # "invalid" and "too_many" are about the words (a receiver who cannot receive), not about the rulebook.
                assert refusal.kind == expected or self._about_the_words(refusal, expected)
                return
            if verb == "draft":
                # Another handoff beside this one, which must stay as it is.
                assert (expected, after.state, after.custodian) == ("done", "draft", getattr(cast, who))
                return
            self.handoff = after
            assert expected == ("done" if after.ledger_seq > seq else "repeat")
            # An alarm that came to nothing is settled too, though no event tells of it.
            if expected == "done" or verb == "escalate":
                self.plain.do(verb, who, words)

        def _asked(self, clock: Clock) -> int | None:
            asked = list(Question.objects.filter(handoff=self.handoff).order_by("id").values_list("id", flat=True))
            return asked.index(clock.question_id) if clock.question_id else None

        def _about_the_words(self, refusal: Refusal, expected: str) -> bool:
            return (refusal.code == "cannot_receive" or refusal.kind == "too_many") and expected in ("done", "repeat")

        @invariant()
        def the_product_is_where_the_model_is(self) -> None:
            handoff = Handoff.objects.select_related(
                "custodian", "custodian_team", "open_offer__to_team", "open_offer__to_member"
            ).get(pk=self.handoff.pk)
            plain, offer = self.plain, handoff.open_offer
            assert handoff.state == plain.state
            assert (handoff.custodian.name.lower() if handoff.custodian else None) == plain.custodian
            assert (handoff.custodian_team.name if handoff.custodian_team else None) == plain.custodian_team
            member = offer.to_member.name.lower() if offer and offer.to_member else None
            assert ((offer.to_team.name, member) if offer else None) == plain.offer

        @invariant()
        def what_travels_is_what_the_model_has(self) -> None:
            ticked = ChecklistItem.objects.filter(handoff=self.handoff, ticked_at__isnull=False)
            by = {key: name.lower() for key, name in ticked.values_list("key", "ticked_by__name")}
            assert by == {item: _name(who) for item, who in self.plain.ticked.items()}
            answered = Question.objects.filter(handoff=self.handoff).order_by("id")
            names = [name and name.lower() for name in answered.values_list("answered_by__name", flat=True)]
            assert names == [question.answerer for question in self.plain.questions]
            alarms = Alarm.objects.filter(handoff=self.handoff).order_by("id").values_list("raised_at", flat=True)
            assert [raised is not None for raised in alarms] == [alarm.raised for alarm in self.plain.alarms]

        @invariant()
        def every_second_lies_in_one_cell(self) -> None:
            """From the first offer on, the slices are as long as somebody answered for it, to the microsecond."""
            found = spent(Handoff.objects.get(pk=self.handoff.pk), cast.now)
            began = min((each.starts_at for each in found.slices), default=cast.now)
            held = Custody.objects.filter(handoff=self.handoff)
            lived = ((row.ended_at or cast.now) - max(row.started_at, began) for row in held)
            assert found.total == sum((max(lasted, timedelta()) for lasted in lived), timedelta())
            assert all(each.inside >= timedelta() and each.outside >= timedelta() for each in found.slices)
            legs = legs_of(cast.organization.id, [self.handoff.pk], "Europe/Berlin", cast.now)
            assert sum((getattr(leg, phase) for leg in legs for phase in PHASES), timedelta()) == found.total

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
            assert [fault for fault in faults(cast.organization.id) if fault.handoff_id == self.handoff.id] == []

    return AnySequence


def _name(who: str) -> str:
    return "handrail" if who == "system" else who


@pytest.mark.parametrize(("workspace", "walks"), [("Projects", 6), ("Northwind", 4)])
def test_any_sequence(world: World, workspace: str, walks: int) -> None:
    run_state_machine_as_test(
        machine(stage(world), workspace),
        settings=settings(
            max_examples=walks,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
