"""Accept: the receiver takes the work, and custody passes in the same instant."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of, hours_of, refuse_while_away, start_clock
from handoffs.clocks import running
from handoffs.custody import passing
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import ClockKind
from handoffs.passage import passage
from tenants.models import Member


def accept(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Passes custody to `by`; the accept clock stops, the time to complete starts or goes on."""
    with passage(handoff, Verb.ACCEPT, by=by, at=at) as step:
        if step.is_repeat(step.was_last(Verb.ACCEPT) and step.handoff.custodian_id == by.id):
            return step.handoff
        refuse_while_away(Verb.ACCEPT, by, step.at)
        former = step.handoff.custodian
        offer = close_offer(step, OfferState.ACCEPTED)
        step.change(**passing.move(step.handoff, by, offer.to_team, verb=Verb.ACCEPT, at=step.at, offer=offer))
        version = step.handoff.template_version
        if version and version.complete_within and step.handoff.complete_due_at is None:
            due = start_clock(step, ClockKind.COMPLETE, hours_of(by, offer.to_team.calendar), version.complete_within)
            step.change(complete_due_at=due)
        elif step.before is State.ON_HOLD:
            due_again = running.resume(step.handoff, at=step.at)
            step.change(complete_due_at=due_again or step.handoff.complete_due_at)
        step.record(**facts_of(offer), former_holder=former.id if former else None)
    return step.handoff
