"""Take over: a lead, a workspace manager or the system moves custody without an offer, on the record."""

from datetime import datetime

from handoffs.actions._transfer import refuse_while_away
from handoffs.actions._words import required
from handoffs.custody import passing
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from handoffs.refusals import nobody_to_receive
from tenants.access import may_work
from tenants.models import Member


def take_over(handoff: Handoff, *, by: Member, at: datetime, reason: str, to: Member | None = None) -> Handoff:
    """Custody passes to `by`, or to `to` when the system moves it; the displaced person is told.

    An open offer stays open and is answered for by the new custodian.
    """
    holder = to or by
    with passage(handoff, Verb.TAKE_OVER, by=by, at=at) as step:
        displaced = step.handoff.custodian
        if step.is_repeat(displaced is not None and displaced.id == holder.id):
            return step.handoff
        assert displaced is not None
        if to is None:
            refuse_while_away(Verb.TAKE_OVER, by, step.at)
        if not holder.can_work(step.at):
            raise nobody_to_receive(holder.name, "they cannot take work at present")
        if to is not None and not may_work(to, step.handoff.workspace):
            raise nobody_to_receive(to.name, f"they may not work in {step.handoff.workspace.name}")
        words = required(Verb.TAKE_OVER, "reason", reason)
        team = step.handoff.custodian_team
        step.change(**passing.move(step.handoff, holder, team, verb=Verb.TAKE_OVER, at=step.at))
        offer = step.handoff.open_offer
        if offer is not None:
            offer.giver = holder
            offer.save(update_fields=["giver"])
        step.record(
            displaced=displaced.name, displaced_id=displaced.id, holder=holder.name, holder_id=holder.id, reason=words
        )
    return step.handoff
