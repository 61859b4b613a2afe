"""Random plans: branches, joins, conditions, loops, every kind of step."""

from typing import Any

from hypothesis import strategies as st

from handoffs.flows.conditions import Comparison
from handoffs.flows.plan import Link, Plan, Role, Step, StepKind, WaitsFor

ROLES = (Role("giver", "Sales"), Role("receiver", "Onboarding"))
LABELS = (
    "Review",
    "Sign the contract",
    "Onboard",
    "A label that is far too long for any box of any chart",
    "審査と承認の手続き",
)


@st.composite
def plans(draw: Any, most: int = 40, loops: bool = True) -> Plan:
    """A plan of up to `most` steps; each but the first few comes after some of those before it."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, most))):
        before = draw(st.lists(st.sampled_from(steps), max_size=3, unique_by=lambda it: it.key)) if steps else []
        steps.append(draw(step(f"s{number}", [it.key for it in before])))
    if loops and len(steps) > 1:
        for _ in range(draw(st.integers(0, 4))):
            source, target = draw(st.integers(0, len(steps) - 1)), draw(st.integers(0, len(steps) - 1))
            link = Link(steps[source].key, draw(conditions()), again_at_most=draw(st.integers(1, 9)))
            if all(link.step != other.step or not other.is_loop for other in steps[target].after):
                steps[target] = _with(steps[target], link)
    return Plan(ROLES, tuple(steps))


@st.composite
def step(draw: Any, key: str, before: list[str]) -> Step:
    links = tuple(Link(other, draw(conditions()), draw(st.booleans())) for other in before)
    return Step(
        key,
        draw(st.sampled_from(LABELS)),
        draw(st.sampled_from(StepKind)),
        draw(st.sampled_from(WaitsFor)),
        after=tuple(Link(link.step, link.when, link.otherwise and link.when is None) for link in links),
        giver="giver",
        receiver="receiver",
    )


@st.composite
def conditions(draw: Any) -> Comparison | None:
    return draw(st.sampled_from([None, None, Comparison("s0", "result", "decision", "=", "Rejected, and for good")]))


def _with(it: Step, link: Link) -> Step:
    return Step(it.key, it.label, it.kind, it.waits_for, after=(*it.after, link), receiver=it.receiver)
