"""A member departs: what they answer for and what is reserved for them moves first, each by an event."""

from datetime import datetime

from django.db import transaction

from handoffs.actions import take_over
from handoffs.custody.queues import OfferQuerySet
from handoffs.handoff import Handoff
from handoffs.models import Offer
from handoffs.refusals import Invalid
from handoffs.relief import move_offer
from tenants.actions import leave
from tenants.models import Member
from tenants.presence import departs_alone, let_go
from tenants.refusals import Conflict
from tenants.rules import must_be_home


def burden(member: Member) -> tuple[int, int]:
    """How many live handoffs the member answers for, and how many open offers are reserved for them alone."""
    return Handoff.objects.held_by(member).count(), _reserved(member).count()


def depart(*, member: Member, by: Member, at: datetime, successor: Member | None = None) -> Member:
    """Hands everything to `successor`, moves offers reserved for the member on, and ends the membership.

    Raises Conflict still_holds when there is something to hand over and nobody to take it, or when something reaches
    the member at that moment; and what `take_over`, `redirect` and `leave` raise.
    """
    must_be_home(by, member, successor)
    if successor is not None and successor.pk == member.pk:
        raise Invalid("Somebody else has to take over.", details={"field": "successor"})
    with transaction.atomic():
        departs_alone(member.organization_id)
        held = list(Handoff.objects.held_by(member))
        if held and successor is None:
            count = "one handoff" if len(held) == 1 else f"{len(held)} handoffs"
            raise Conflict(f"{member.name} still answers for {count}; say who takes over.", code="still_holds")
        for handoff in held:
            take_over(handoff, by=by, at=at, to=successor, reason=f"{member.name} leaves.")
        system = Member.objects.system(member.organization)
        for offer in _reserved(member).select_related("handoff", "to_team__calendar", "to_member__user"):
            move_offer(offer, by=system, at=at)
        # The handoffs' rows first, then the member's, as everywhere. What came in between is not waited for again.
        let_go(member)
        if any(burden(member)):
            raise Conflict(f"Something reached {member.name} at this very moment; try again.", code="still_holds")
        return leave(member=member, by=by, at=at)


def _reserved(member: Member) -> OfferQuerySet:
    return Offer.objects.open().filter(organization_id=member.organization_id, to_member=member)
