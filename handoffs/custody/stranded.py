"""What somebody answers for and cannot act on, and offers that nobody could accept: both empty, but for a moment.

What was replayed from a log is left out: its people cannot sign in, and nobody is meant to take it from them.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from handoffs.custody.models import Offer
from handoffs.handoff import Handoff
from tenants.access import INCLUDED_IN, Permission
from tenants.models import Member
from tenants.workers import working_in

WORK = INCLUDED_IN[Permission.SEND] | INCLUDED_IN[Permission.RECEIVE]


def stranded(organization_id: UUID, at: datetime) -> QuerySet[Handoff]:
    """Live handoffs whose custodian cannot act: left, only looks, is away, or may not work in the workspace."""
    holder = working_in("workspace_id", WORK, at).filter(organization_id=organization_id, id=OuterRef("custodian_id"))
    live = Handoff.objects.filter(organization_id=organization_id, custodian__isnull=False, imported=False)
    return live.filter(~Exists(holder))


def unanswerable(organization_id: UUID, at: datetime) -> QuerySet[Offer]:
    """Open offers that nobody who is here and may receive could accept."""
    receivers = (
        working_in("handoff__workspace_id", INCLUDED_IN[Permission.RECEIVE], at)
        .filter(organization_id=organization_id)
        .filter(team_memberships__team_id=OuterRef("to_team_id"), team_memberships__team__closed_at=None)
        .filter(id=Coalesce(OuterRef("to_member_id"), F("id")))
        .exclude(id=OuterRef("giver_id"))
    )
    offers = Offer.objects.open().filter(organization_id=organization_id, handoff__imported=False)
    return offers.filter(~Exists(receivers))


def burdened(at: datetime) -> QuerySet[Member]:
    """Members who cannot take work and still hold some, or for whom an offer is reserved.

    Begins with those members, few beside the handoffs: cheap enough to be asked every half minute.
    """
    theirs = {"organization_id": OuterRef("organization_id")}
    held = Handoff.objects.filter(**theirs, custodian_id=OuterRef("id"), imported=False)
    reserved = Offer.objects.open().filter(**theirs, to_member_id=OuterRef("id"), handoff__imported=False)
    unable = Member.objects.exclude(id__in=Member.objects.working(at).values("id"))
    return unable.filter(Q(Exists(held)) | Q(Exists(reserved)))
