"""Skip: a step of a running case is not done this time, and the case goes on."""

from datetime import datetime

from handoffs.actions._words import required
from handoffs.actions.cases._entry import changing, must_be_allowed, was_last
from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._movement import Movement, label_of
from handoffs.actions.cases._writing import prepare, write
from handoffs.flows.knowing import Course
from handoffs.flows.next import TurnState
from handoffs.models import Case, CaseVerb
from tenants.models import Member
from tenants.refusals import Conflict, Invalid


def skip(case: Case, *, step: str, by: Member, at: datetime, reason: str, given: Given | None = None) -> Case:
    """Ends the live turn of `step` undone: its handoff is cancelled, and what follows is offered.

    A step whose launched case was cancelled may be skipped in any plan. `given` is for what comes next. Raises
    Forbidden not_yours, Conflict not_in_this_state, step_not_live or may_not_skip, Invalid unknown_step.
    """

    def change(course: Course, movement: Movement) -> Case:
        turn, planned = course.counting.get(step), course.plan.by_key.get(step)
        if planned is None:
            raise Invalid("There is no such step in this case.", code="unknown_step", details={"field": "step"})
        label = label_of(course, step)
        if turn is not None and turn.state == TurnState.SKIPPED and was_last(course, CaseVerb.SKIP, by, step=step):
            return course.case
        must_be_allowed(course, CaseVerb.SKIP, by)
        if turn is None or turn.state not in (TurnState.LIVE, TurnState.CANCELLED):
            raise Conflict(f"“{label}” is not under way.", code="step_not_live", details={"step": step})
        if not planned.may_skip and turn.state == TurnState.LIVE:
            raise Conflict(f"This flow does not let anybody skip “{label}”.", code="may_not_skip")
        movement.skip(course, turn, required(CaseVerb.SKIP, "reason", reason))
        write(movement, prepare(movement))
        return course.case

    return changing(case, CaseVerb.SKIP, change, by=by, at=at, given=given)
