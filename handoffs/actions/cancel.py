"""Cancel: nobody is to do this any more."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of
from handoffs.actions._words import required
from handoffs.clocks import running
from handoffs.custody import passing
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.passage import passage
from tenants.models import Member
from tenants.refusals import Conflict


def cancel(handoff: Handoff, *, by: Member, at: datetime, reason: str) -> Handoff:
    """Ends the handoff: an open offer is withdrawn, clocks stop, custody closes.

    Raises Conflict part_of_case for a step of a case, which would not know how to go on.
    """
    with passage(handoff, Verb.CANCEL, by=by, at=at) as step:
        if step.is_repeat(step.before is State.CANCELLED and step.was_last(Verb.CANCEL)):
            return step.handoff
        if step.handoff.case_id is not None and not by.is_system:
            raise Conflict(
                "This is a step of a case: skip the step or cancel the case instead.",
                code="part_of_case",
                details={"case": step.handoff.case_id},
            )
        words = required(Verb.CANCEL, "reason", reason)
        former = step.handoff.custodian
        offered = facts_of(close_offer(step, OfferState.WITHDRAWN)) if step.handoff.open_offer else {}
        step.change(**passing.end(step.handoff, at=step.at), complete_due_at=None)
        running.stop_all(step.handoff, at=step.at)
        step.record(**offered, reason=words, former_holder=former.id if former else None)
    return step.handoff
