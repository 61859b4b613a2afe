"""Withdraw: the custodian takes the open offer back."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of
from handoffs.handoff import Handoff
from handoffs.lifecycle import OfferState, Verb
from handoffs.passage import passage
from tenants.models import Member


def withdraw(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Closes the open offer; a handoff that nobody has accepted yet is a draft again."""
    with passage(handoff, Verb.WITHDRAW, by=by, at=at) as step:
        if step.is_repeat(step.was_last(Verb.WITHDRAW)):
            return step.handoff
        step.record(**facts_of(close_offer(step, OfferState.WITHDRAWN)))
    return step.handoff
