"""What completing a step does to its case, inside of the passage of its handoff."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._held import Held
from handoffs.actions.cases._movement import Movement
from handoffs.actions.cases._writing import Prepared, prepare, write
from handoffs.flows.knowing import Course
from handoffs.flows.locking import locked
from handoffs.flows.next import TurnState
from handoffs.passage import Step


@dataclass
class Advance:
    """A step is done, and what follows is worked out: every refusal has been raised that there is to raise."""

    movement: Movement
    prepared: Sequence[Prepared]

    def write(self) -> None:
        """Makes the next handoffs and writes down what became of the case."""
        write(self.movement, self.prepared)


def advance(step: Step, held: Held, given: Given | None) -> Advance | None:
    """Locks the case and follows what its plan says; None when the handoff is a step of none.

    Raises `Incomplete` incomplete_for_next, Conflict next_step_has_nobody.
    """
    handoff = step.handoff
    if handoff.case_id is None:
        return None
    course = Course.of(locked(handoff.organization_id, handoff.case_id))
    turn = course.turn_of(handoff)
    assert turn is not None, "a handoff of a case is the handoff of one of its turns"
    turn.handoff = handoff  # with the result that is about to be saved
    movement = Movement(by=step.by, at=step.at, given=given, held=held)
    movement.team = handoff.custodian_team
    assert turn.state == TurnState.LIVE, "a live handoff is a live turn"
    movement.done(course, turn)
    return Advance(movement, prepare(movement))
