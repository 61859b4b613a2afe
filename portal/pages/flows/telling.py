"""A plan in words and as a chart, as pages show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from handoffs.flows.drawing import Drawing, Mark, drawn, waits_for
from handoffs.flows.plan import DoneOn, Plan, Step, StepKind
from handoffs.flows.problems import Problem
from portal.durations import write_time

KINDS: Mapping[StepKind, str] = {
    StepKind.HANDOFF: "Handoff",
    StepKind.MILESTONE: "Milestone",
    StepKind.WAIT: "Wait",
    StepKind.CASE: "Case of another flow",
}
ICONS: Mapping[StepKind, str] = {
    StepKind.HANDOFF: "arrows-exchange",
    StepKind.MILESTONE: "flag",
    StepKind.WAIT: "hourglass",
    StepKind.CASE: "route",
}


@dataclass(frozen=True)
class Line:
    """One step in a list: what it is, what it comes after, what is wrong with it."""

    number: int
    step: Step
    kind: str
    icon: str
    people: str
    facts: Sequence[str]
    waits: str
    address: str = ""
    errors: int = 0
    warnings: int = 0


def lines(plan: Plan, problems: Iterable[Problem] = (), addresses: Mapping[str, str] | None = None) -> list[Line]:
    """Every step, in its order."""
    found = list(problems)
    told = []
    for index, step in enumerate(plan.steps):
        mine = [each for each in found if each.place.split("/")[:2] == ["steps", str(index)]]
        wrong = sum(each.is_error for each in mine)
        told.append(
            Line(
                number=index + 1,
                step=step,
                kind=KINDS[step.kind],
                icon=ICONS[step.kind],
                people=" → ".join(_role(plan, key) for key in (step.giver, step.receiver) if key),
                facts=list(_facts(plan, step)),
                waits=waits_for(step, plan),
                address=(addresses or {}).get(step.key, ""),
                errors=wrong,
                warnings=len(mine) - wrong,
            )
        )
    return told


def chart(plan: Plan, addresses: Mapping[str, str] | None = None) -> Drawing:
    """The chart, each box leading to its address."""
    return drawn(plan, {key: Mark("", href=address) for key, address in (addresses or {}).items()})


def step_addresses(flow_id: int, plan: Plan) -> dict[str, str]:
    """Where each step is edited."""
    return {step.key: reverse("flow_step", args=[flow_id, step.key]) for step in plan.steps}


@dataclass(frozen=True)
class Told:
    """A problem with the way to where it can be mended, and what that place is called."""

    problem: Problem
    address: str
    where: str


def told_problems(problems: Iterable[Problem], flow_id: int, plan: Plan) -> list[Told]:
    """Each with its place; errors first."""
    told = [_told(problem, flow_id, plan) for problem in problems]
    return sorted(told, key=lambda each: not each.problem.is_error)


def _told(problem: Problem, flow_id: int, plan: Plan) -> Told:
    part, index, *rest = [*problem.place.split("/"), "", ""][:6]
    rest = [each for each in rest if each]
    number = int(index) if index.isdigit() else -1
    if part == "steps" and 0 <= number < len(plan.steps):
        step = plan.steps[number]
        address = reverse("flow_step", args=[flow_id, step.key])
        return Told(problem, f"{address}#{anchor(rest)}" if rest else address, step.label)
    if part == "roles" and 0 <= number < len(plan.roles):
        role = plan.roles[number]
        address = reverse("flow_role", args=[flow_id, role.key])
        return Told(problem, f"{address}#{anchor(rest)}" if rest else address, role.label)
    home = reverse("flow_edit", args=[flow_id])
    return Told(problem, f"{home}#new-role" if part == "roles" else f"{home}#new-step", "")


def anchor(place: Sequence[str]) -> str:
    """The id of the field at a place inside a step: `after/0/when` is `id_after-0-when`."""
    part, *rest = place
    match part:
        case "after" | "takes" | "documents" if rest:
            first = {"takes": "field"}.get(part, "step")
            return f"id_{part}-{rest[0]}-{rest[1] if len(rest) > 1 else first}"
        case "within" | "cast" if rest:
            return f"id_{part}_{rest[0]}"
        case "pause" if rest:
            return f"id_{rest[0]}"
        case "pause":
            return "id_lasts"
        case "done_on":
            return "id_on_accept"
        case "asks":
            return "id_asks_0"
        case "after":
            return "id_after-0-step"
    return f"id_{part}"


def _role(plan: Plan, key: str) -> str:
    role = plan.roles_by_key.get(key)
    return role.label if role else f"“{key}”"


def _facts(plan: Plan, step: Step) -> Iterable[str]:
    if step.template:
        yield step.template
    if step.flow:
        yield step.flow
    if step.done_on is DoneOn.ACCEPT:
        yield "done when accepted"
    for clock, lasts in step.within.items():
        yield f"{clock} within {write_time(lasts)}"
    if step.pause.lasts:
        hours = f" by the hours of {_role(plan, step.pause.hours_of)}" if step.pause.hours_of else ""
        yield f"{write_time(step.pause.lasts)}{hours}"
    if step.pause.until:
        yield f"until {step.pause.until}"
    if step.may_skip:
        yield "may be skipped"
    if step.internal:
        yield "internal"


def roles(plan: Plan) -> list[dict[str, Any]]:
    """Each role with who plays it."""
    return [
        {
            "role": role,
            "people": role.member or role.team or "chosen when a case begins",
            "fixed": bool(role.team or role.member),
        }
        for role in plan.roles
    ]
