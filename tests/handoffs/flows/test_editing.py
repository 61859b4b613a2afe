"""Changes to a flow's document: what was readable stays readable, and no name is left behind that means nothing."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffs.flows import document as documents
from handoffs.flows import editing
from handoffs.flows.plan import Plan
from tenants.refusals import Refusal
from tests.handoffs.flows.some import plans

REVIEW: dict[str, Any] = {
    "roles": [{"key": "asker", "label": "Asker"}, {"key": "checker", "label": "Checker"}],
    "steps": [
        {
            "key": "ask",
            "label": "Ask",
            "giver": "asker",
            "receiver": "checker",
            "after": [{"step": "check", "when": 'check.result.decision = "No"', "again_at_most": 2}],
        },
        {"key": "check", "label": "Check", "giver": "checker", "receiver": "asker", "after": [{"step": "ask"}]},
        {
            "key": "pause",
            "label": "Pause",
            "kind": "wait",
            "after": [{"step": "check"}],
            "pause": {"lasts": "PT4H", "hours_of": "asker"},
        },
        {
            "key": "pay",
            "label": "Pay",
            "after": [{"step": "pause", "when": "check.result.amount > 10"}],
            "takes": [{"field": "amount", "source": "check.result.amount"}],
            "documents": [{"step": "check"}],
        },
    ],
}


def plan(document: Any) -> Plan:
    return documents.read(document)


def refused(code: str, change: Any, *given: Any, **words: Any) -> str:
    with pytest.raises(Refusal) as caught:
        change(REVIEW, *given, **words)
    assert caught.value.code == code
    return caught.value.sentence


def test_a_key_says_what_its_label_says() -> None:
    made = editing.add_step(REVIEW, label="Prüfung der Größe!")
    made = editing.add_step(made, label="Ask")
    made = editing.add_step(made, label="2nd look")
    made = editing.add_step(made, label="最終")
    made = editing.add_step(made, label="x" * 120)
    keys = [step.key for step in plan(made).steps[4:]]
    assert keys == ["prufung_der_groe", "ask_2", "step_2nd_look", "step", "x" * 40]
    roles = editing.add_role(editing.add_role(REVIEW, label="Asker"), label="Buyer", team="Sales")
    assert [(role.key, role.team) for role in plan(roles).roles[2:]] == [("asker_2", ""), ("buyer", "Sales")]


def test_a_step_comes_after_another_or_between_it_and_what_came_after() -> None:
    beside = plan(editing.add_step(REVIEW, label="File", after="ask"))
    assert [step.key for step in beside.steps] == ["ask", "file", "check", "pause", "pay"]
    assert [link.step for link in beside.by_key["check"].after] == ["ask"]
    assert beside.by_key["file"].giver == "checker"  # who received before hands on now
    between = plan(editing.add_step(REVIEW, label="File", kind="milestone", after="check", between=True))
    assert [link.step for link in between.by_key["pause"].after] == ["file"]
    assert [link.step for link in between.by_key["ask"].after] == ["check"]  # the loop stays


def test_everything_follows_a_step_that_is_called_otherwise() -> None:
    step = {**REVIEW["steps"][1], "key": "review"}
    renamed = plan(editing.change_step(REVIEW, "check", step))
    assert str(renamed.by_key["ask"].after[0].when) == 'review.result.decision = "No"'
    pay = renamed.by_key["pay"]
    assert (str(pay.after[0].when), pay.takes[0].source) == ("review.result.amount > 10", "review.result.amount")
    assert pay.documents[0].step == "review"
    refused("key_taken", editing.change_step, "check", {**step, "key": "pay"})


def test_everything_follows_a_role_that_is_called_otherwise() -> None:
    renamed = plan(editing.change_role(REVIEW, "asker", {"key": "buyer", "label": "Buyer"}))
    assert renamed.by_key["ask"].giver == renamed.by_key["check"].receiver == "buyer"
    assert renamed.by_key["pause"].pause.hours_of == "buyer"
    refused("key_taken", editing.change_role, "asker", {"key": "checker", "label": "Checker"})


def test_nothing_is_removed_that_is_needed() -> None:
    assert "“Ask” needs what “Check” brings: its condition" in refused("step_in_use", editing.remove_step, "check")
    assert "comes after “Pause” on a condition" in refused("step_in_use", editing.remove_step, "pause")
    assert "“Ask” and 2 more" in refused("role_in_use", editing.remove_role, "asker")
    spare = editing.add_role(REVIEW, label="Spare")
    assert editing.remove_role(spare, "spare") == REVIEW


def test_what_came_after_a_step_that_is_removed_comes_after_what_came_before() -> None:
    between = editing.add_step(REVIEW, label="File", kind="milestone", after="check", between=True)
    assert plan(editing.remove_step(between, "file")) == plan(REVIEW)
    first = plan(editing.remove_step(editing.add_step(REVIEW, label="End", after="pay"), "pay"))
    assert [link.step for link in first.by_key["end"].after] == ["pause"]


def test_links_are_made_and_taken_away() -> None:
    linked = editing.connect(REVIEW, "pay", {"step": "ask", "otherwise": True})
    assert [link.step for link in plan(linked).by_key["pay"].after] == ["pause", "ask"]
    assert editing.disconnect(linked, "pay", 1) == REVIEW
    assert plan(editing.disconnect(REVIEW, "pay", 0)).by_key["pay"].after == ()
    refused("no_such_step", editing.connect, "pay", {"step": "nowhere"})
    refused("no_such_link", editing.disconnect, "pay", 7)


@pytest.mark.parametrize(
    ("change", "given"),
    [
        (editing.change_step, ("gone", {})),
        (editing.move_step, ("gone", 1)),
        (editing.remove_step, ("gone",)),
        (editing.connect, ("gone", {"step": "ask"})),
        (editing.disconnect, ("gone", 0)),
    ],
)
def test_what_is_gone_is_said_to_be_gone(change: Any, given: Any) -> None:
    assert "“gone”" in refused("no_such_step", change, *given)


def test_a_fingerprint_tells_documents_apart_and_not_their_order() -> None:
    assert editing.fingerprint({"a": 1, "b": 2}) == editing.fingerprint({"b": 2, "a": 1})
    assert editing.fingerprint(REVIEW) != editing.fingerprint(editing.move_step(REVIEW, "pay", -1))
    assert editing.fingerprint({"a": "\ud800"})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # plans are large
@given(plans(), st.data())
def test_any_changes_leave_a_flow_that_can_be_read(first: Plan, data: st.DataObject) -> None:
    """Whatever is done in whatever order: it can be read, what was given is untouched, and every name means a step."""
    document = documents.written(first)
    for _ in range(data.draw(st.integers(1, 8))):
        keys = [step["key"] for step in document["steps"]] or ["gone"]
        key, other = data.draw(st.sampled_from(keys)), data.draw(st.sampled_from(keys))
        step = next((step for step in document["steps"] if step["key"] == key), {"label": "x"})
        before = editing.fingerprint(document)
        change = data.draw(
            st.sampled_from(
                [
                    lambda d: editing.add_step(d, label="New", after=other, between=True),  # noqa: B023
                    lambda d: editing.remove_step(d, key),  # noqa: B023
                    lambda d: editing.change_step(d, key, {**step, "key": "renamed"}),  # noqa: B023
                    lambda d: editing.move_step(d, key, 3),  # noqa: B023
                    lambda d: editing.change_role(d, "maker", {"key": "doer", "label": "Doer"}),
                    lambda d: editing.remove_role(d, "payer"),
                ]
            )
        )
        try:
            changed = change(document)
        except Refusal as refusal:
            assert refusal.sentence.endswith(".")
            continue
        assert editing.fingerprint(document) == before
        read = plan(changed)
        assert documents.written(read) == changed
        for step_read in read.steps:
            named = {link.step for link in step_read.after}
            named |= {path[0] for link in step_read.after if link.when for path in link.when.paths()}
            assert named <= set(read.by_key)
            assert {step_read.giver, step_read.receiver} - {""} <= set(read.roles_by_key)
        document = changed
