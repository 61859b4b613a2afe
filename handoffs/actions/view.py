"""View: a possible receiver has seen the offer. Looking is not accepting: the clock goes on."""

from datetime import datetime

from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from tenants.models import Member


def view(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """Keeps the first time a possible receiver opened the present offer; later looks change nothing."""
    with passage(handoff, Verb.VIEW, by=by, at=at) as step:
        offer = step.handoff.open_offer
        if step.is_repeat(offer is not None and offer.viewed_at is not None and step.is_possible()):
            return step.handoff
        assert offer is not None
        offer.viewed_at, offer.viewed_by = step.at, by
        offer.save(update_fields=["viewed_at", "viewed_by"])
        step.record(offer=offer.id)
    return step.handoff
