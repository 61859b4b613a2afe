"""Relief: what rests with somebody who cannot act moves to somebody who can, each by an event of the system.

Custody goes to the lead of the team, else to who stands in, the lead of the backup team, a manager of the workspace, an
owner or admin. An offer goes to who stands in, else to the team, else to its backup, and comes back to its giver when
nobody there could accept it. The rules are those of the actions that move it: what they refuse is not tried twice.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from handoffs.actions import redirect, return_, take_over
from handoffs.actions.cases import entrust
from handoffs.custody.stranded import burdened, stranded, unanswerable
from handoffs.handoff import Handoff
from handoffs.models import Case, Offer
from handoffs.next_in_line import heirs, receivers
from handoffs.queue import enqueue
from handoffs.refusals import Refusal
from tenants.models import Absence, Member, Organization, Role

LOOK_AFTER = "handoffs.jobs.look_after"
RELIEVE = "handoffs.jobs.relieve"
RELIEVE_CASE = "handoffs.jobs.relieve_case"
SHARE = 50  # handoffs relieved by one task


def notice(at: datetime) -> None:
    """Queues a look after every organization in which somebody may have become unable to act. Inside `everyone()`."""
    beginning = Absence.objects.filter(begun_at=None, cancelled_at=None, starts_at__lte=at)
    here: set[UUID] = set(beginning.filter(ends_at__gt=at).values_list("organization_id", flat=True))
    beginning.update(begun_at=at)
    here |= set(Organization.objects.exclude(standing_revision=F("standing_settled")).values_list("id", flat=True))
    # Where an owner or admin is here, somebody can take everything; elsewhere a look every time would find nobody.
    chiefs = Member.objects.working(at).filter(role__in=[Role.OWNER, Role.ADMIN])
    there = burdened(at).filter(organization_id__in=chiefs.values("organization_id"))
    here |= set(there.values_list("organization_id", flat=True).distinct())
    for organization_id in sorted(here):
        enqueue(LOOK_AFTER, organization_id)


def look_after(organization_id: UUID, at: datetime) -> None:
    """Queues the relief of everything in this organization that rests with somebody who cannot act."""
    revision = Organization.objects.values_list("standing_revision", flat=True).get(pk=organization_id)
    found = set(stranded(organization_id, at).values_list("id", flat=True))
    found |= set(unanswerable(organization_id, at).values_list("handoff_id", flat=True))
    ids = sorted(found)
    for start in range(0, len(ids), SHARE):
        enqueue(RELIEVE, organization_id, *ids[start : start + SHARE])
    for case in ownerless(organization_id):
        enqueue(RELIEVE_CASE, organization_id, case.pk)
    Organization.objects.filter(pk=organization_id, standing_settled__lt=revision).update(standing_settled=revision)


def relieve(organization_id: UUID, handoff_id: int, at: datetime) -> None:
    """Moves custody and the open offer of one handoff, if they rest with somebody who cannot act. Twice is once."""
    # Under the lock from here on: an acceptance that comes first is not undone.
    handoff = Handoff.objects.select_for_update().filter(organization_id=organization_id, id=handoff_id).first()
    if handoff is None:
        return
    system = Member.objects.select_related("organization").system(handoff.organization)
    holder = stranded(organization_id, at).filter(id=handoff_id).select_related("custodian__user", "workspace").first()
    if holder is not None:
        _move_custody(holder, by=system, at=at)
    offers = unanswerable(organization_id, at).filter(handoff_id=handoff_id)
    offer = offers.select_related("handoff", "to_team", "to_member__user").first()
    if offer is not None:
        move_offer(offer, by=system, at=at)


def ownerless(organization_id: UUID) -> QuerySet[Case]:
    """Running cases whose owner can act no more. Somebody who is only away keeps them."""
    able = Member.objects.able().exclude(role=Role.VIEWER).filter(organization_id=organization_id)
    running = Case.objects.running().filter(organization_id=organization_id)
    return running.exclude(owner_id__in=able.values("id"))


def relieve_case(organization_id: UUID, case_id: int, at: datetime) -> None:
    """Another one answers for a case whose owner can act no more. Twice is once."""
    found = ownerless(organization_id).filter(pk=case_id)
    case = found.select_related("organization", "owner__user", "workspace").first()
    if case is None:
        return
    system = Member.objects.select_related("organization").system(case.organization)
    home = case.owner.led_teams.values_list("pk", flat=True).first()
    for heir in heirs(case.owner, home, case.workspace, at):
        if heir.pk == case.owner_id:
            continue
        try:
            entrust(case, to=heir, by=system, at=at, reason=f"{case.owner.name} can act no more.")
        except Refusal:
            continue
        return


def _move_custody(handoff: Handoff, *, by: Member, at: datetime) -> None:
    holder = handoff.custodian
    assert holder is not None
    reason = why(holder, handoff, at)
    for heir in heirs(holder, handoff.custodian_team_id, handoff.workspace, at):
        if heir.pk == holder.pk:
            continue
        try:
            with transaction.atomic():
                take_over(handoff, by=by, at=at, to=heir, reason=reason)
        except Refusal:
            continue
        return


def why(holder: Member, handoff: Handoff, at: datetime) -> str:
    """Why this member cannot act, in a sentence."""
    absence = holder.standing.absence_at(at)
    if holder.left_at is not None:
        return f"{holder.name} has left."
    if not holder.is_able:
        return f"{holder.name} cannot sign in any more."
    if absence is not None:
        return f"{holder.name} is away until {absence.ends_at:%-d %B %Y}."
    if holder.role == Role.VIEWER:
        return f"{holder.name} only looks by now."
    return f"{holder.name} may no longer work in {handoff.workspace.name}."


def move_offer(offer: Offer, *, by: Member, at: datetime) -> None:
    """To the nearest who could accept it, else back to its giver."""
    for team, member in receivers(offer.to_team, offer.to_member, at):
        if (team.pk, member and member.pk) == (offer.to_team_id, offer.to_member_id):
            continue
        try:
            with transaction.atomic():
                redirect(offer.handoff, by=by, at=at, to_team=team, to_member=member)
        except Refusal:
            continue
        return
    reason = f"Nobody in {offer.to_team.name} can take work at present."
    return_(offer.handoff, by=by, at=at, reason=reason, reason_code="no_capacity")
