"""Offer: the custodian asks a team or a person to take the work."""

from datetime import datetime

from handoffs.actions._transfer import facts_of, open_offer, ready, same_receiver, target
from handoffs.actions._words import optional
from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.passage import passage
from tenants.models import Member, Team


def offer(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    to_team: Team | None = None,
    to_member: Member | None = None,
    message: str = "",
) -> Handoff:
    """Opens the first offer and starts the accept clock; the template's target team is the default receiver.

    Raises `Incomplete` with the list of what the template still asks for, `Invalid` when nobody there can receive.
    """
    with passage(handoff, Verb.OFFER, by=by, at=at) as step:
        team = target(step.handoff, to_team)
        standing = step.handoff.open_offer
        repeated = (
            team is not None
            and step.before is State.OFFERED
            and step.handoff.custodian_id == by.id
            and same_receiver(standing, team, to_member)
        )
        if step.is_repeat(repeated):
            return step.handoff
        opened = open_offer(step, ready(step, team), to_member, message=optional("message", message))
        step.change(first_offered_at=step.handoff.first_offered_at or step.at)
        step.record(**facts_of(opened))
    return step.handoff
