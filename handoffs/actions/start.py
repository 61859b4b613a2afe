"""Start: the custodian begins to work on it."""

from datetime import datetime

from handoffs.clocks import running
from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.models import ClockKind
from handoffs.passage import passage
from tenants.models import Member


def start(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Records that work began: the time to start stops."""
    with passage(handoff, Verb.START, by=by, at=at) as step:
        if step.is_repeat(step.before is State.STARTED and step.handoff.custodian_id == by.id):
            return step.handoff
        running.switch(step.handoff, at=step.at, stopping=[ClockKind.START])
        step.record()
    return step.handoff
