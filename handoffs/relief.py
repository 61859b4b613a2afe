"""Relief: what rests with somebody who cannot act moves to somebody who can, each by an event of the system.

Custody goes to the lead of the team, else to who stands in, the lead of the backup team, a manager of the workspace, an
owner or admin. An offer goes to who stands in, else to the team, else to its backup, and comes back to its giver when
nobody there could accept it. The rules are those of the actions that move it: what they refuse is not tried twice.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from handoffs.actions import redirect, return_, take_over
from handoffs.custody.stranded import burdened, stranded, unanswerable
from handoffs.handoff import Handoff
from handoffs.models import Offer
from handoffs.queue import enqueue
from handoffs.refusals import Refusal
from tenants.models import Absence, Member, Organization, Role, Team
from tenants.standing_in import stand_in
from tenants.workers import managers_of

LOOK_AFTER = "handoffs.jobs.look_after"
RELIEVE = "handoffs.jobs.relieve"
SHARE = 50  # handoffs relieved by one task
BACKUPS = 3  # how far backups of backups are followed

Receiver = tuple[Team, Member | None]


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


def _move_custody(handoff: Handoff, *, by: Member, at: datetime) -> None:
    holder = handoff.custodian
    assert holder is not None
    reason = why(holder, handoff, at)
    for heir in _heirs(handoff, holder, at):
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


def _heirs(handoff: Handoff, holder: Member, at: datetime) -> Iterator[Member]:
    """Whom custody could go to, the nearest first; the same one may come twice."""
    people = Member.objects.select_related("user", "organization").filter(organization_id=handoff.organization_id)
    teams = Team.objects.select_related("backup").filter(organization_id=handoff.organization_id)
    team = teams.filter(pk=handoff.custodian_team_id or 0).first()
    if team is not None:
        yield people.get(pk=team.lead_id)
    substitute = stand_in(holder, at)
    if substitute is not None:
        yield substitute
    if team is not None and team.backup is not None:
        yield people.get(pk=team.backup.lead_id)
    yield from managers_of(handoff.workspace)
    yield from people.people().filter(role=Role.OWNER).order_by("id")
    yield from people.people().filter(role=Role.ADMIN).order_by("id")


def move_offer(offer: Offer, *, by: Member, at: datetime) -> None:
    """To the nearest who could accept it, else back to its giver."""
    for team, member in _receivers(offer, at):
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


def _receivers(offer: Offer, at: datetime) -> Iterator[Receiver]:
    """Whom the offer could go to instead: those who stand in, the team, its backups."""
    absent = [offer.to_member] if offer.to_member is not None else _away_in(offer.to_team, at)
    for member in absent:
        substitute = stand_in(member, at)
        if substitute is not None:
            yield from ((team, substitute) for team in _teams_of(substitute, offer.to_team))
    yield offer.to_team, None
    team, seen = offer.to_team, {offer.to_team_id}
    while team.backup is not None and team.backup_id not in seen and len(seen) <= BACKUPS:
        team = team.backup
        seen.add(team.pk)
        yield team, None


def _away_in(team: Team, at: datetime) -> Iterable[Member]:
    return team.members.away(at).select_related("user", "organization").order_by("id")


def _teams_of(member: Member, preferred: Team) -> Iterable[Team]:
    """The teams in which this member could be asked, the one that was asked first."""
    teams = Team.objects.select_related("calendar").filter(
        organization_id=member.organization_id, pk__in=sorted(member.standing.team_ids)
    )
    return sorted(teams, key=lambda team: (team.pk != preferred.pk, team.pk))
