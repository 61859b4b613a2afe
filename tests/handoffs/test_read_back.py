"""Read-back: key facts are confirmed or restated on accepting; what differs is asked about, what agrees is kept."""

from typing import Any

import pytest

from handoffs import actions
from handoffs.actions.templates import create_template, publish, revise, write
from handoffs.definition.read_back import Grade
from handoffs.ledger.verify import faults
from handoffs.lifecycle import State, Verb
from handoffs.models import Clock, ClockKind, Custody, Event, FieldDefinition, Handoff, Question
from handoffs.reading_back import asked_of, covered
from tenants.refusals import Refusal
from tests.paying import FACTS, SAID, payment, template
from tests.world import World


def events(handoff: Handoff) -> list[str]:
    return list(Event.objects.of(handoff.pk).values_list("verb", flat=True))


def test_off_asks_nothing(world: World) -> None:
    handoff = actions.accept(payment(world, Grade.OFF), by=world.ben, at=world.later(minutes=1))
    assert (handoff.custodian, handoff.differing) == (world.ben, None)
    assert "read_back" not in Event.objects.of(handoff.pk).get(verb=Verb.ACCEPT).facts


def test_one_tap_is_asked_for_and_kept(world: World) -> None:
    handoff = payment(world, Grade.ONE_TAP)
    before = events(handoff)
    with pytest.raises(Refusal) as refused:
        actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
    assert (refused.value.code, refused.value.details["grade"]) == ("read_back_needed", "one_tap")
    assert [fact["key"] for fact in refused.value.details["facts"]] == ["amount", "due", "payee"]
    assert "“Amount”, “Due” and “Payee”" in refused.value.sentence
    assert events(handoff) == before
    accepted = actions.accept(handoff, by=world.ben, at=world.later(minutes=1), facts_read=True)
    assert accepted.custodian == world.ben
    kept = Event.objects.of(handoff.pk).get(verb=Verb.ACCEPT).facts["read_back"]
    assert kept["grade"] == "one_tap"
    assert kept["facts"][0] == {"key": "amount", "label": "Amount", "stands": "4200.50"}


def test_what_agrees_is_accepted_and_kept_as_evidence(world: World) -> None:
    handoff = payment(world)
    accepted = actions.accept(handoff, by=world.ben, at=world.later(minutes=1), read_back=SAID)
    assert (accepted.state, accepted.custodian) == (State.ACCEPTED, world.ben)
    kept = Event.objects.of(handoff.pk).get(verb=Verb.ACCEPT).facts["read_back"]["facts"]
    assert kept[1:] == [
        {"key": "due", "label": "Due", "stands": "2026-12-01", "said": "2026-12-01"},
        {"key": "payee", "label": "Payee", "stands": "Northwind Ltd.", "said": "northwind  ltd"},
    ]
    assert not Question.objects.filter(handoff=handoff).exists()
    assert not list(faults(world.organization.id))
    again = actions.accept(accepted, by=world.ben, at=world.later(minutes=1))
    assert events(again).count(Verb.ACCEPT) == 1


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"amount": "4200.50"},
        {**SAID, "amount": ""},
        {**SAID, "due": "soon"},
        {**SAID, "due": "3/4/2026"},
        {**SAID, "amount": "many"},
        {**SAID, "amount": True},
        {**SAID, "payee": 7},
        {**SAID, "payee": "a\x00b"},
        {**SAID, "payee": "x" * 30_000},
        {**SAID, "other": "x"},
    ],
)
def test_what_is_not_said_or_cannot_be_read_is_asked_for_and_asks_nobody(world: World, said: Any) -> None:
    handoff = payment(world)
    before = events(handoff)
    with pytest.raises(Refusal) as refused:
        actions.accept(handoff, by=world.ben, at=world.later(minutes=1), read_back=said)
    assert refused.value.code == "read_back_needed"
    assert "4200" not in refused.value.sentence
    assert events(handoff) == before


def test_what_differs_is_asked_about_and_nothing_is_accepted(world: World) -> None:
    handoff = payment(world)
    before = events(handoff)
    asked = actions.accept(handoff, by=world.ben, at=world.later(minutes=1), read_back={**SAID, "amount": "2400.50"})
    assert (asked.state, asked.custodian_id, asked.open_offer is not None) == (State.OFFERED, world.ana.id, True)
    assert asked.differing is not None
    assert asked.differing.code == "read_back_differs"
    assert "“Amount” differs from what Ana wrote" in asked.differing.sentence
    assert events(handoff) == [*before, Verb.ASK]
    question = Question.objects.get(handoff=handoff)
    assert (question.asked_by, question.asked_member, question.from_read_back) == (world.ben, world.ana, True)
    assert "Amount: 2400.50" in question.body
    assert not any(secret in question.body + asked.differing.sentence for secret in ("4200", "Northwind", "December"))
    assert Clock.objects.filter(handoff=handoff, kind=ClockKind.ANSWER, stopped_at=None).count() == 1
    assert Custody.objects.filter(handoff=handoff, ended_at=None).get().holder == world.ana
    # The same again asks nobody twice.
    actions.accept(asked, by=world.ben, at=world.later(minutes=1), read_back={**SAID, "amount": "2400.50"})
    assert events(handoff) == [*before, Verb.ASK]
    # Read back rightly, the question is settled, and nobody is waited for.
    accepted = actions.accept(asked, by=world.ben, at=world.later(minutes=1), read_back=SAID)
    assert (accepted.custodian, accepted.differing) == (world.ben, None)
    assert not Question.objects.filter(handoff=handoff, answered_at=None).exists()
    assert not Clock.objects.filter(handoff=handoff, kind=ClockKind.ANSWER, stopped_at=None).exists()
    assert not list(faults(world.organization.id))


def test_nobody_reads_back_what_they_held_before(world: World) -> None:
    handoff = actions.accept(payment(world), by=world.ben, at=world.later(minutes=1), read_back=SAID)
    back = actions.hand_back(handoff, by=world.ben, at=world.later(minutes=1), reason="Not ours")
    assert actions.accept(back, by=world.ana, at=world.later(minutes=1)).custodian == world.ana


def test_the_next_receiver_reads_back_too(world: World) -> None:
    handoff = actions.accept(payment(world), by=world.ben, at=world.later(minutes=1), read_back=SAID)
    passed = actions.pass_on(handoff, by=world.ben, at=world.later(minutes=1), to_team=world.team("Support"))
    asked = actions.accept(passed, by=world.sam, at=world.later(minutes=1), read_back={**SAID, "payee": "Southwind"})
    assert (asked.state, asked.custodian_id) == (State.ACCEPTED, world.ben.id)
    assert Question.objects.get(handoff=handoff).asked_member == world.ben
    assert actions.accept(asked, by=world.sam, at=world.later(minutes=1), read_back=SAID).custodian == world.sam


def test_what_was_not_given_is_not_asked_for(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED, template=template(world, Grade.FULL), context={"payee": "Northwind"})
    assert [fact.key for fact in asked_of(handoff, world.ben).facts] == ["payee"]
    accepted = actions.accept(handoff, by=world.ben, at=world.later(minutes=1), read_back={"payee": "Northwind"})
    assert accepted.custodian == world.ben


@pytest.mark.parametrize("grade", Grade)
def test_only_a_full_read_back_covers_and_only_from_those_asked(world: World, grade: Grade) -> None:
    handoff = payment(world, grade)
    hidden = frozenset(FACTS) if grade is Grade.FULL else frozenset()
    assert covered(handoff, world.ben) == covered(handoff, world.lea) == hidden
    assert not any(covered(handoff, person) for person in (world.ana, world.mo, world.vic, world.max))
    accepted = actions.accept(handoff, by=world.ben, at=world.later(minutes=1), **asked_of(handoff, world.ben).right)
    assert not covered(accepted, world.ben)
    assert not covered(accepted, world.lea)


def test_grade_and_key_facts_go_with_the_version(world: World) -> None:
    version = template(world, Grade.FULL)
    handoff = world.handoff(at=State.OFFERED, template=version, context=FACTS)
    draft = revise(template=version.template, by=world.olga, at=world.now)
    assert (draft.read_back, draft.fields.filter(key_fact=True).count()) == (Grade.FULL, 3)
    parts = list(draft.fields.all())
    write(version=draft, parts=parts, read_back=Grade.OFF, by=world.olga, at=world.now)
    publish(version=draft, by=world.olga, at=world.now)
    assert asked_of(handoff, world.ben).grade is Grade.FULL


@pytest.mark.parametrize(
    ("grade", "facts", "code"),
    [
        (Grade.OFF, {f"f{n}": "text" for n in range(5)}, "too_many_key_facts"),
        (Grade.FULL, {"story": "long_text"}, "key_fact_too_long"),
    ],
)
def test_a_read_back_that_cannot_be_done_is_not_published(
    world: World, grade: Grade, facts: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        template(world, grade, facts)
    assert refused.value.code == code


@pytest.mark.parametrize("wrong", [{"side": "receiver"}, {"internal": True}])
def test_a_key_fact_is_the_senders_and_seen_by_both(world: World, wrong: dict[str, Any]) -> None:
    draft = create_template(name="Wrong", by=world.olga, at=world.now)
    part = FieldDefinition(**{"side": "sender", "label": "Amount", "type": "number", "key_fact": True, **wrong})
    with pytest.raises(Refusal) as refused:
        write(version=draft, parts=[part], by=world.olga, at=world.now)
    assert refused.value.kind == "invalid"


def test_nothing_marked_cannot_be_asked_for(world: World) -> None:
    draft = create_template(name="Empty", by=world.olga, at=world.now)
    with pytest.raises(Refusal) as refused:
        write(version=draft, parts=[], read_back=Grade.ONE_TAP, by=world.olga, at=world.now)
    assert refused.value.code == "no_key_facts"
