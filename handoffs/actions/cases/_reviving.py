"""A step that was done is to be done again: its turn is live, and everything after it is undone."""

from handoffs.actions.cases._advance import Advance
from handoffs.actions.cases._held import Held
from handoffs.actions.cases._movement import Movement, label_of
from handoffs.flows.knowing import Course
from handoffs.flows.locking import locked
from handoffs.flows.next import TurnState
from handoffs.models import Case, CaseState, CaseVerb, Turn
from handoffs.passage import Step
from tenants.refusals import Conflict


def revive(step: Step, held: Held, *, reason: str) -> Advance:
    """What reopening the handoff of a step does to its case. Raises Conflict superseded_step or case_cancelled."""
    handoff = step.handoff
    assert handoff.case_id is not None
    course = Course.of(locked(handoff.organization_id, handoff.case_id))
    turn = course.turn_of(handoff)
    movement = Movement(by=step.by, at=step.at, held=held)
    refuse_history(course.case, turn)
    assert turn is not None
    facts = {"step": turn.step, "label": label_of(course, turn.step), "reason": reason}
    movement.record(course, CaseVerb.REOPEN, **facts)
    movement.revive(course, turn, cause="reopen", reason=reason)
    return Advance(movement, [])


def refuse_history(case: Case, turn: Turn | None) -> None:
    """Raises Conflict for a step that is not done, or was done anew since, and in a case that was cancelled."""
    if case.state == CaseState.CANCELLED:
        raise Conflict(f"{case.reference} was cancelled; launch another case instead.", code="case_cancelled")
    if turn is None or turn.undone_at is not None or turn.state != TurnState.DONE:
        raise Conflict(
            "The case came to this step anew since; what counts now is its later turn.", code="superseded_step"
        )
