"""The part of a plan that clients see: no word of what is internal, and every way still there."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.flows.conditions import parsed
from handoffs.flows.drawing import drawn
from handoffs.flows.part import seen_by_clients
from handoffs.flows.plan import Link, Plan, Role, Step
from tests.handoffs.flows.plans import plans

ROLES = (Role("client", "Client"), Role("ours", "Back office"))


def step(key: str, *after: Link | str, internal: bool = False) -> Step:
    links = tuple(Link(each) if isinstance(each, str) else each for each in after)
    label = f"Secret {key}" if internal else key
    return Step(key, label, after=links, receiver="ours" if internal else "client", internal=internal)


def test_neighbours_that_are_internal_are_one_stretch() -> None:
    condition = parsed('check.result.verdict = "Risky"')
    plan = Plan(
        ROLES,
        (
            step("apply"),
            step("check", "apply", internal=True),
            step("weigh", Link("check", condition), internal=True),
            step("sign", "weigh"),
            step("file", "sign", internal=True),
        ),
    )
    part = seen_by_clients(plan, "With Fjord")
    assert [(each.label, [link.step for link in each.after]) for each in part.plan.steps] == [
        ("apply", []),
        ("With Fjord", ["apply"]),
        ("sign", [part.of("check")]),
        ("With Fjord", ["sign"]),
    ]
    assert part.of("check") == part.of("weigh") != part.of("file")
    assert [role.label for role in part.plan.roles] == ["Client"]


def test_what_clients_do_between_keeps_two_stretches_apart() -> None:
    plan = Plan(
        ROLES,
        (step("a", internal=True), step("b", "a"), step("c", "a", "b", internal=True)),
    )
    part = seen_by_clients(plan, "With Fjord")
    assert part.of("a") != part.of("c")
    assert all(not arrow.back for arrow in drawn(part.plan).arrows)


@given(plans(most=12), st.data())
@settings(max_examples=50, deadline=None)
def test_nothing_internal_is_named_and_no_condition_is_told(plan: Plan, data: st.DataObject) -> None:
    hidden = data.draw(st.sets(st.sampled_from([each.key for each in plan.steps])))
    steps = [replace(s, internal=True, label=f"Secret {s.key}") if s.key in hidden else s for s in plan.steps]
    part = seen_by_clients(Plan(plan.roles, tuple(steps)), "With Fjord")
    chart = drawn(part.plan)
    assert "Secret" not in str(chart)
    assert not hidden & set(part.plan.by_key)
    assert all(link.when is None and not link.otherwise for each in part.plan.steps for link in each.after)
    assert set(part.plan.by_key) - set(part.stands_in.values()) == {s.key for s in plan.steps} - hidden
    assert all(link.step in part.plan.by_key for each in part.plan.steps for link in each.after)
