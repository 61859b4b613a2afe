"""Where a handoff stands in its case: its turn, and the step as the case's plan has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handoffs.flows.knowing import plan_of_case
from handoffs.flows.models import Case, Turn
from handoffs.flows.plan import Plan, Step
from handoffs.handoff import Handoff


@dataclass(frozen=True)
class Place:
    """A turn with its case (the flow's version with it), and what the plan says of it."""

    case: Case
    turn: Turn
    plan: Plan

    @property
    def step(self) -> Step | None:
        """None when the case was moved to a version that lacks a step which is history by now."""
        return self.plan.by_key.get(self.turn.step)


def place_of(handoff: Handoff) -> Place | None:
    """The place of a handoff, by one statement; None when it is no step of any case."""
    if handoff.case_id is None:
        return None
    turns = Turn.objects.filter(organization_id=handoff.organization_id, handoff_id=handoff.pk)
    turn = turns.select_related("case__flow_version").defer("case__flow_version__document").first()
    return Place(turn.case, turn, plan_of_case(turn.case)) if turn is not None else None


def within_of(handoff: Handoff) -> Mapping[str, timedelta]:
    """The working times by which its step overrides its template, by the name of the clock."""
    place = place_of(handoff)
    return place.step.within if place is not None and place.step is not None else {}
