"""What launching a case of a flow takes: who is to be cast, and what its first steps ask."""

from collections.abc import Iterator
from dataclasses import dataclass

from handoffs.definition.specification import Specification, specification
from handoffs.flows.plan import Plan, StepKind
from handoffs.flows.versions import pins_of, plan_of
from handoffs.models import FlowVersion


@dataclass(frozen=True)
class Begins:
    """A step that a case begins with, and what its giver is asked."""

    key: str
    label: str
    asked: Specification


def begins_with(version: FlowVersion) -> Iterator[Begins]:
    """The first steps; of one that launches another case, the first steps of that one under its own key."""
    pins = pins_of(version)
    for step in plan_of(version).starts:
        if step.kind is StepKind.HANDOFF:
            yield Begins(step.key, step.label, specification(pins.template_version(step.key)))
        below = pins.flow_version(step.key) if step.kind is StepKind.CASE else None
        for begins in begins_with(below) if below is not None else ():
            yield Begins(step.key, begins.label, begins.asked)


def used(plan: Plan) -> set[str]:
    """The roles without which the plan cannot be gone through."""
    found = {step.receiver for step in plan.steps if step.kind is StepKind.HANDOFF}
    found |= {role for step in plan.steps for role in step.cast.values()}
    found |= {step.pause.hours_of for step in plan.steps if step.pause.hours_of}
    return {role for role in found if role}
