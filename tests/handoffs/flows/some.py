"""Random flows that make sense: up to 12 steps with joins, conditions, loops, milestones and waits.

Every handoff is of the template “Work”, which asks its sender for nothing and its receiver for a decision.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from handoffs.actions.templates import create_template, publish, write
from handoffs.flows.check import problems
from handoffs.flows.conditions import Both, Comparison, Condition
from handoffs.flows.facts import Facts, FieldFact, TemplateFact
from handoffs.flows.plan import DoneOn, Link, Pause, Plan, Role, Step, StepKind, WaitsFor
from handoffs.flows.problems import errors
from handoffs.models import FieldDefinition, Side, TemplateVersion
from tests.world import FOUNDED, World

# A machine that does much else at once draws plans slowly, and that is no fault of theirs. Making one smaller takes
# longer than a test may, and would end in a complaint about time instead of the finding.
UNHURRIED = settings(
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
DECISIONS = ("Approved", "Rejected")
ROLES = (Role("maker", "Maker"), Role("checker", "Checker"), Role("payer", "Payer"))
RESULT = {
    "decision": FieldFact("Decision", "choice", required=True, choices=DECISIONS),
    "amount": FieldFact("Amount", "number"),
    "ready": FieldFact("Ready", "yes_no"),
    "remark": FieldFact("Remark", "text"),
}
WORDS = st.text('aäß"\\ \n.()', max_size=12)
FACTS = Facts(own="Some flow", templates={"Work": TemplateFact(result=RESULT)})


def install_work(world: World) -> TemplateVersion:
    """The published template “Work” in Fjord."""
    version = create_template(name="Work", for_clients=True, by=world.olga, at=FOUNDED)
    parts = [
        FieldDefinition(
            key=key,
            label=fact.label,
            side=Side.RECEIVER,
            type=fact.type,
            required=fact.required,
            choices=list(fact.choices),
        )
        for key, fact in RESULT.items()
    ]
    write(version=version, parts=parts, by=world.olga, at=FOUNDED)
    return publish(version=version, by=world.olga, at=FOUNDED)


def results() -> st.SearchStrategy[dict[str, Any]]:
    """What somebody may deliver for “Work”, as it is stored."""
    return st.fixed_dictionaries(
        {"decision": st.sampled_from(DECISIONS)},
        optional={
            "amount": st.integers(0, 2000).map(str),
            "ready": st.booleans(),
            "remark": st.sampled_from(("fine", "to be done again", "…")),
        },
    )


@st.composite
def conditions(draw: st.DrawFn, steps: list[str], deep: int = 2) -> Condition:
    """A condition on results of some of these steps."""
    if deep and draw(st.integers(0, 3)) == 0:
        parts = tuple(draw(conditions(steps, deep - 1)) for _ in range(draw(st.integers(2, 3))))
        return Both(draw(st.sampled_from(("and", "or"))), parts)
    step, field = draw(st.sampled_from(steps)), draw(st.sampled_from(sorted(RESULT)))
    if draw(st.integers(0, 5)) == 0:
        return Comparison(step, "result", field, draw(st.sampled_from(("is given", "is empty"))))
    equal = st.sampled_from(("=", "!="))
    if field == "amount":
        value = draw(st.decimals(0, 2000, places=2) | st.integers(0, 2000).map(Decimal))
        return Comparison(step, "result", field, draw(st.sampled_from(("=", "!=", "<", "<=", ">", ">="))), value)
    if field == "ready":
        return Comparison(step, "result", field, draw(equal), draw(st.booleans()))
    if field == "decision":
        return Comparison(step, "result", field, draw(equal), draw(st.sampled_from(DECISIONS)))
    return Comparison(step, "result", field, draw(st.sampled_from(("=", "!=", "contains"))), draw(WORDS))


def plans(most: int = 12) -> st.SearchStrategy[Plan]:
    """Flows that may be published: links lead on in the order of the steps, and every step has a sure way on."""
    return _plans(most).filter(lambda plan: not errors(problems(plan, FACTS)))  # a random condition may never be true


@st.composite
def _plans(draw: st.DrawFn, most: int) -> Plan:
    keys = [f"s{number}" for number in range(1, draw(st.integers(1, most)) + 1)]
    steps = [draw(_step(key)) for key in keys]
    if all(step.kind is not StepKind.HANDOFF for step in steps):
        steps[0] = Step(keys[0], "First", template="Work", giver="maker", receiver="checker")
    leading = {key: draw(_links_to(number, keys)) for number, key in enumerate(keys)}
    plan = Plan(ROLES, tuple(replace(step, after=tuple(leading[step.key])) for step in steps))
    return draw(_looped(_conditioned(draw, plan)))


@st.composite
def _step(draw: st.DrawFn, key: str) -> Step:
    kind = draw(st.sampled_from((StepKind.HANDOFF,) * 6 + (StepKind.MILESTONE, StepKind.WAIT)))
    common: dict[str, Any] = {
        "key": key,
        "label": f"Step {key[1:]}",
        "kind": kind,
        "waits_for": draw(st.sampled_from((WaitsFor.ALL, WaitsFor.ALL, WaitsFor.ANY))),
    }
    if kind is StepKind.WAIT:
        lasts = timedelta(minutes=draw(st.integers(1, 6000)))
        return Step(**common, pause=Pause(lasts=lasts, hours_of=draw(_role())))
    if kind is StepKind.MILESTONE:
        return Step(**common)
    within = draw(st.dictionaries(st.sampled_from(("accept", "complete")), st.integers(1, 600), max_size=2))
    return Step(
        **common,
        template="Work",
        giver=draw(_role()),
        receiver=draw(_role()),
        within={clock: timedelta(minutes=minutes) for clock, minutes in within.items()},
        takes_all=draw(st.booleans()),
        done_on=DoneOn.COMPLETE,
        may_skip=draw(st.booleans()),
    )


def _role() -> st.SearchStrategy[str]:
    return st.sampled_from([role.key for role in ROLES])


@st.composite
def _links_to(draw: st.DrawFn, number: int, keys: list[str]) -> list[Link]:
    """Some earlier steps; the first step, and now and then a later one, is a start."""
    if number == 0 or draw(st.integers(0, 9)) == 0:
        return []
    before = keys[max(0, number - 5) : number]
    return [Link(key) for key in sorted(draw(st.sets(st.sampled_from(before), min_size=1, max_size=3)))]


def _conditioned(draw: st.DrawFn, plan: Plan) -> Plan:
    """Conditions on all links out of a step but the last, which becomes its `otherwise` or stays without one."""
    changed: dict[tuple[str, str], Link] = {}
    for step in plan.steps:
        out = [to.key for to, _ in plan.forward(step.key)]
        known = [key for key in sorted({step.key, *plan.before(step.key)}) if plan.by_key[key].kind is StepKind.HANDOFF]
        if len(out) < 2 or not known or draw(st.booleans()):
            continue
        for to in out[:-1]:
            changed[to, step.key] = Link(step.key, when=draw(conditions(known)))
        changed[out[-1], step.key] = Link(step.key, otherwise=draw(st.booleans()))
    steps = [
        replace(step, after=tuple(changed.get((step.key, link.step), link) for link in step.after))
        for step in plan.steps
    ]
    return Plan(plan.roles, tuple(steps))


@st.composite
def _looped(draw: st.DrawFn, plan: Plan) -> Plan:
    """Up to three loops, each from a handoff that has a way on, to something before it or to itself."""
    tails = [s.key for s in plan.steps if s.kind is StepKind.HANDOFF and plan.forward(s.key)]
    loops: dict[str, list[Link]] = {}
    for tail in sorted(draw(st.sets(st.sampled_from(tails), max_size=3))) if tails else []:
        heads = sorted({tail, *plan.before(tail)})
        when = draw(st.none() | conditions([tail]))
        link = Link(tail, when=when, again_at_most=draw(st.integers(1, 3)))
        loops.setdefault(draw(st.sampled_from(heads)), []).append(link)
    steps = [replace(step, after=(*step.after, *loops.get(step.key, ()))) for step in plan.steps]
    return Plan(plan.roles, tuple(steps))
