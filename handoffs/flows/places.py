"""Where a handoff stands in its case: its turn, and the step as the case's plan has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handoffs.flows.knowing import plan_of_case
from handoffs.flows.models import Case, Turn
from handoffs.flows.plan import Plan, Step
from handoffs.handoff import Handoff
from tenants.records import records


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
    given = {"home": handoff.organization_id, "handoff": handoff.pk}
    turns = records(Turn, _OF_IT, given, "case__flow_version", leaving=("case__flow_version__document",))
    return Place(turns[0].case, turns[0], plan_of_case(turns[0].case)) if turns else None


_OF_IT = "WHERE one.organization_id = %(home)s AND one.handoff_id = %(handoff)s ORDER BY one.id LIMIT 1"


def within_of(handoff: Handoff) -> Mapping[str, timedelta]:
    """The working times by which its step overrides its template, by the name of the clock."""
    place = place_of(handoff)
    return place.step.within if place is not None and place.step is not None else {}
