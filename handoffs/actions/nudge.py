"""Nudge: a friendly reminder to whoever has the ball."""

from datetime import datetime, timedelta

from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from handoffs.refusals import NotNow, too_soon
from tenants.models import Member

PAUSE = timedelta(minutes=15)
TWICE = timedelta(seconds=30)


def nudge(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Reminds the possible receivers of an open offer, or the custodian; at most once per 15 minutes and person."""
    with passage(handoff, Verb.NUDGE, by=by, at=at) as step:
        last = Event.objects.of(handoff.id).filter(verb=Verb.NUDGE, by=by).last()
        since = step.at - last.at if last else PAUSE
        if step.is_repeat(since < TWICE):
            return step.handoff
        if last is not None and since < PAUSE:
            raise too_soon(Verb.NUDGE, last.at + PAUSE)
        offer, custodian = step.handoff.open_offer, step.handoff.custodian
        assert custodian is not None
        if offer is None and custodian.id == by.id:
            raise NotNow("Nobody else has it: you answer for this yourself.", code="nobody_to_nudge")
        step.record(
            nudged=offer.receiver_name if offer else custodian.name,
            to_team=offer.to_team_id if offer else None,
            to_member=offer.to_member_id if offer else custodian.id,
        )
    return step.handoff
