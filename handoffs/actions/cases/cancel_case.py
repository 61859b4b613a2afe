"""Cancel a case: nothing of it is to be done any more."""

from datetime import datetime

from handoffs.actions._words import required
from handoffs.actions.cases._entry import changing, must_be_allowed
from handoffs.actions.cases._movement import Movement, label_of
from handoffs.actions.cases._writing import write
from handoffs.flows.knowing import Course
from handoffs.flows.next import TurnState
from handoffs.models import Case, CaseState, CaseVerb
from tenants.models import Member


def cancel_case(case: Case, *, by: Member, at: datetime, reason: str) -> Case:
    """Ends the case, what is live of it, and the cases it launched; the step that launched it is broken off.

    Twice changes nothing. Raises Forbidden not_yours, Conflict not_in_this_state.
    """

    def change(course: Course, movement: Movement) -> Case:
        if course.case.state == CaseState.CANCELLED:
            return course.case
        must_be_allowed(course, CaseVerb.CANCEL, by)
        movement.cancel(course, required("cancel_case", "reason", reason))
        above = movement.parent_of(course)
        if above is not None and above[1].state == TurnState.LIVE:
            launcher, turn = above
            facts = {"step": turn.step, "label": label_of(launcher, turn.step), "broken_off": True, "reason": reason}
            movement.record(launcher, CaseVerb.ADVANCE, **facts)
            movement.break_off(turn, reason)
        write(movement, [])
        return course.case

    return changing(case, CaseVerb.CANCEL, change, by=by, at=at)
