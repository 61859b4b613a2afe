"""Accept: the receiver takes the work, and custody passes in the same instant."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of, hours_of, promises, refuse_while_away
from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._held import Held, moving
from handoffs.actions.complete import complete_held
from handoffs.clocks import running
from handoffs.clocks.running import Promise
from handoffs.custody import passing
from handoffs.flows.places import place_of
from handoffs.flows.plan import DoneOn
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import ClockKind
from handoffs.passage import Step, passage
from tenants.models import Member


def accept(handoff: Handoff, *, by: Member, at: datetime, given: Given | None = None) -> Handoff:
    """Passes custody to `by`; the accept clock stops, the time to start begins, that to complete begins or goes on.

    A step that is done by being accepted is completed in the same transaction; `given` is for what comes next.
    """
    place = place_of(handoff)
    if place is None or place.step is None or place.step.done_on is not DoneOn.ACCEPT:
        return _accept(handoff, by=by, at=at)
    return moving(handoff, by, lambda held: _acknowledge(handoff, held, by=by, at=at, given=given))


def _acknowledge(handoff: Handoff, held: Held, *, by: Member, at: datetime, given: Given | None) -> Handoff:
    repeated = handoff.status is State.COMPLETED
    accepted = handoff if repeated else _accept(handoff, by=by, at=at)
    if accepted.status is not State.ACCEPTED and not repeated:
        return accepted
    return complete_held(accepted, held, by=by, at=at, given=given)


def _accept(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    with passage(handoff, Verb.ACCEPT, by=by, at=at) as step:
        if step.is_repeat(step.was_last(Verb.ACCEPT) and step.handoff.custodian_id == by.id):
            return step.handoff
        refuse_while_away(Verb.ACCEPT, by, step.at)
        former = step.handoff.custodian
        starting = _promised(step)
        offer = close_offer(step, OfferState.ACCEPTED, starting=starting)
        step.change(**passing.move(step.handoff, by, offer.to_team, verb=Verb.ACCEPT, at=step.at, offer=offer))
        for made in starting:
            if made.kind is ClockKind.COMPLETE:
                step.change(complete_due_at=made.due(step.at))
        if step.before is State.ON_HOLD:
            due_again = running.resume(step.handoff, at=step.at)
            step.change(complete_due_at=due_again or step.handoff.complete_due_at)
        step.record(**facts_of(offer), former_holder=former.id if former else None)
    return step.handoff


def _promised(step: Step) -> list[Promise]:
    """A time to start of the receiver's own, and the time to complete unless it runs already."""
    offer = step.handoff.open_offer
    assert offer is not None
    kinds = [ClockKind.START] if step.handoff.complete_due_at else [ClockKind.START, ClockKind.COMPLETE]
    return promises(step, hours_of(step.by, offer.to_team.calendar), *kinds)
