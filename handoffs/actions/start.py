"""Start: the custodian begins to work on it."""

from datetime import datetime

from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.passage import passage
from tenants.models import Member


def start(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Records that work began."""
    with passage(handoff, Verb.START, by=by, at=at) as step:
        if step.is_repeat(step.before is State.STARTED and step.handoff.custodian_id == by.id):
            return step.handoff
        step.record()
    return step.handoff
