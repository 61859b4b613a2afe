"""Redirect: the open offer goes to somebody else, and its accept clock starts afresh."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of, open_offer, refuse_unable, same_receiver
from handoffs.actions._words import optional
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, Verb
from handoffs.passage import passage
from tenants.models import Member, Team


def redirect(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    to_team: Team,
    to_member: Member | None = None,
    message: str = "",
) -> Handoff:
    """Supersedes the open offer by one to another receiver; custody stays where it is."""
    with passage(handoff, Verb.REDIRECT, by=by, at=at) as step:
        standing = step.handoff.open_offer
        if step.is_repeat(same_receiver(standing, to_team, to_member) and step.is_possible()):
            return step.handoff
        assert standing is not None
        words = optional("message", message) or standing.message
        refuse_unable(step, to_team, to_member, giver=standing.giver)
        former = close_offer(step, OfferState.SUPERSEDED)
        opened = open_offer(step, to_team, to_member, message=words, by=former.giver)
        step.record(
            **facts_of(opened),
            former=former.receiver_name,
            former_team=former.to_team_id,
            former_member=former.to_member_id,
        )
    return step.handoff
