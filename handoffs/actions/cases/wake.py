"""Wake: a wait is over, and the case goes on by itself."""

from datetime import datetime

from handoffs.actions.cases._entry import changing
from handoffs.actions.cases._movement import Movement, label_of
from handoffs.actions.cases._writing import prepare, write
from handoffs.flows.knowing import Course
from handoffs.flows.next import TurnState
from handoffs.models import CaseVerb, Turn
from tenants.models import Member


def wake(turn: Turn, *, by: Member, at: datetime) -> bool:
    """Ends the wait if its time has come; twice is harmless. Answers whether it did.

    Custody of what comes next starts with whose act led to the wait, else with the case's owner, else as relief would
    have it. What is asked of a giver stays open, for nobody is there to be asked: the receiver sees what is missing.
    """

    def change(course: Course, movement: Movement) -> bool:
        found = next((each for each in course.turns if each.pk == turn.pk), None)
        waiting = found is not None and found.state == TurnState.LIVE and found.wakes_at is not None
        if not waiting or found is None or found.wakes_at is None or found.wakes_at > at:
            return False
        movement.record(course, CaseVerb.WAKE, step=found.step, label=label_of(course, found.step))
        movement.givers.append(found.brought_by)
        movement.done(course, found)
        write(movement, prepare(movement))
        return True

    return changing(turn.case, CaseVerb.WAKE, change, by=by, at=at)
