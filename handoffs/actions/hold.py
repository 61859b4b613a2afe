"""Hold: the custodian pauses the work, with a reason and an end."""

from datetime import datetime

from handoffs.actions._words import required
from handoffs.clocks import running
from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.passage import passage
from handoffs.refusals import Invalid
from tenants.models import Member


def hold(handoff: Handoff, *, by: Member, at: datetime, reason: str, until: datetime) -> Handoff:
    """Pauses the time to start and to complete until `until` (aware), when the system resumes by itself."""
    with passage(handoff, Verb.HOLD, by=by, at=at) as step:
        if step.is_repeat(step.before is State.ON_HOLD and step.handoff.custodian_id == by.id):
            return step.handoff
        words = required(Verb.HOLD, "reason", reason)
        if until.tzinfo is None or until <= step.at:
            raise Invalid("A hold needs an end in the future.", code="hold_needs_end", details={"field": "until"})
        running.pause(step.handoff, at=step.at, reason=words, until=until)
        step.change(held_from=step.before, held_until=until, hold_reason=words)
        step.record(reason=words, until=until.isoformat())
    return step.handoff
