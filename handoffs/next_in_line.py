"""Who is next in line when somebody cannot act: heirs of custody, and receivers of an offer, the nearest first."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tenants.models import Member, Role, Team, Workspace
from tenants.standing_in import stand_in
from tenants.workers import managers_of

BACKUPS = 3  # how far backups of backups are followed

Receiver = tuple[Team, Member | None]


def heirs(holder: Member, team_id: int | None, workspace: Workspace, at: datetime) -> Iterator[Member]:
    """Whom custody could go to instead of `holder`, who holds it for that team; the same one may come twice."""
    people = Member.objects.select_related("user", "organization").filter(organization_id=workspace.organization_id)
    teams = Team.objects.select_related("backup").filter(organization_id=workspace.organization_id)
    team = teams.filter(pk=team_id or 0).first()
    if team is not None:
        yield people.get(pk=team.lead_id)
    substitute = stand_in(holder, at)
    if substitute is not None:
        yield substitute
    if team is not None and team.backup is not None:
        yield people.get(pk=team.backup.lead_id)
    yield from managers_of(workspace)
    yield from people.people().filter(role=Role.OWNER).order_by("id")
    yield from people.people().filter(role=Role.ADMIN).order_by("id")


def receivers(to_team: Team, to_member: Member | None, at: datetime) -> Iterator[Receiver]:
    """Whom an offer could go to instead: those who stand in, the team, its backups."""
    absent = [to_member] if to_member is not None else _away_in(to_team, at)
    for member in absent:
        substitute = stand_in(member, at)
        if substitute is not None:
            yield from ((team, substitute) for team in _teams_of(substitute, to_team))
    yield to_team, None
    team, seen = to_team, {to_team.pk}
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
