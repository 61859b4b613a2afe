"""Accept: the receiver takes the work, and custody passes in the same instant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs.actions._read_back import ask_about, hear, kept, settle
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
from handoffs.reading_back import asked_of
from tenants.models import Member


def accept(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    read_back: Mapping[str, Any] | None = None,
    facts_read: bool = False,
    given: Given | None = None,
) -> Handoff:
    """Passes custody to `by`; the accept clock stops, the time to start begins, that to complete begins or goes on.

    Where the template asks for it, the receiver confirms the key facts (`facts_read`) or restates them (`read_back`, by
    key). What differs is asked about in the same transaction: then nothing is accepted, and the handoff that comes back
    says so in `differing`. Raises Invalid read_back_needed while nothing, or not everything, is read back.

    A step that is done by being accepted is completed in the same transaction; `given` is for what comes next.
    """
    said: dict[str, Any] = {"read_back": read_back, "facts_read": facts_read}
    place = place_of(handoff)
    if place is None or place.step is None or place.step.done_on is not DoneOn.ACCEPT:
        return _accept(handoff, said, by=by, at=at)
    return moving(handoff, by, lambda held: _acknowledge(handoff, held, said, by=by, at=at, given=given))


def _acknowledge(
    handoff: Handoff, held: Held, said: dict[str, Any], *, by: Member, at: datetime, given: Given | None
) -> Handoff:
    repeated = handoff.status is State.COMPLETED
    accepted = handoff if repeated else _accept(handoff, said, by=by, at=at)
    if accepted.differing is not None or (accepted.status is not State.ACCEPTED and not repeated):
        return accepted
    return complete_held(accepted, held, by=by, at=at, given=given)


def _accept(handoff: Handoff, said: dict[str, Any], *, by: Member, at: datetime) -> Handoff:
    with passage(handoff, Verb.ACCEPT, by=by, at=at) as step:
        if step.is_repeat(step.was_last(Verb.ACCEPT) and step.handoff.custodian_id == by.id):
            return step.handoff
        refuse_while_away(Verb.ACCEPT, by, step.at)
        asked = asked_of(step.handoff, by)
        heard = hear(asked, **said)
        if heard.differs:
            step.leave()
        else:
            settled = settle(step) if heard.said else {}
            _take(step, {**kept(asked, heard), **settled})
    # Both in one transaction: the row stays locked between the two passages.
    return ask_about(step.handoff, heard, by=by, at=at) if heard.differs else step.handoff


def _take(step: Step, evidence: dict[str, Any]) -> None:
    """Custody passes; what was read back is kept with the acceptance."""
    former = step.handoff.custodian
    starting = _promised(step)
    offer = close_offer(step, OfferState.ACCEPTED, starting=starting)
    step.change(**passing.move(step.handoff, step.by, offer.to_team, verb=Verb.ACCEPT, at=step.at, offer=offer))
    for made in starting:
        if made.kind is ClockKind.COMPLETE:
            step.change(complete_due_at=made.due(step.at))
    if step.before is State.ON_HOLD:
        due_again = running.resume(step.handoff, at=step.at)
        step.change(complete_due_at=due_again or step.handoff.complete_due_at)
    step.record(**facts_of(offer), former_holder=former.id if former else None, **evidence)


def _promised(step: Step) -> list[Promise]:
    """A time to start of the receiver's own, and the time to complete unless it runs already."""
    offer = step.handoff.open_offer
    assert offer is not None
    kinds = [ClockKind.START] if step.handoff.complete_due_at else [ClockKind.START, ClockKind.COMPLETE]
    return promises(step, hours_of(step.by, offer.to_team.calendar), *kinds)
