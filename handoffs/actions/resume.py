"""Resume: work goes on after a hold."""

from datetime import datetime

from handoffs.clocks import running
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from tenants.models import Member


def resume(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Ends the hold; the time to complete goes on with what was left of it."""
    with passage(handoff, Verb.RESUME, by=by, at=at) as step:
        if step.is_repeat(step.was_last(Verb.RESUME)):
            return step.handoff
        due_at = running.resume(step.handoff, at=step.at)
        step.change(complete_due_at=due_at or step.handoff.complete_due_at)
        step.record(due_at=due_at.isoformat() if due_at else None)
    return step.handoff
