"""Pass on: the custodian asks somebody else to take over; custody stays until they accept."""

from datetime import datetime

from handoffs.actions._transfer import facts_of, open_offer, same_receiver
from handoffs.actions._words import optional
from handoffs.handoff import Handoff
from handoffs.lifecycle import IN_HAND, Verb
from handoffs.passage import passage
from tenants.models import Member, Team


def pass_on(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    to_team: Team,
    to_member: Member | None = None,
    message: str = "",
) -> Handoff:
    """Opens an offer from the custodian to another team or person."""
    with passage(handoff, Verb.PASS_ON, by=by, at=at) as step:
        held = step.before in IN_HAND and step.handoff.custodian_id == by.id
        if step.is_repeat(held and same_receiver(step.handoff.open_offer, to_team, to_member)):
            return step.handoff
        opened = open_offer(step, to_team, to_member, message=optional("message", message))
        step.record(**facts_of(opened))
    return step.handoff
