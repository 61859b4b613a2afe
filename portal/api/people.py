"""What one may know of and name: teams, members, workspaces, templates. A client knows those it works with."""

from django.db.models import Q, QuerySet

from handoffs.models import TemplateVersion
from tenants.access import INCLUDED_IN, Permission, workspaces_for
from tenants.models import Member, Team, TeamMembership, Workspace
from tenants.models.permission import WorkspaceTeamPermission


def teams_known_to(member: Member) -> QuerySet[Team]:
    """Open teams. A client knows its own, and those that may receive in the workspaces it sees."""
    teams = Team.objects.filter(organization_id=member.organization_id, closed_at=None)
    if member.role != Member.Role.CLIENT:
        return teams
    receiving = WorkspaceTeamPermission.objects.filter(
        organization_id=member.organization_id,
        permission__codename__in=[str(permission) for permission in INCLUDED_IN[Permission.RECEIVE]],
        content_object_id__in=workspaces_for(member, Permission.VIEW).values("id"),
    )
    return teams.filter(Q(id__in=sorted(member.standing.team_ids)) | Q(group_id__in=receiving.values("group_id")))


def members_known_to(member: Member) -> QuerySet[Member]:
    """Members who can act. A client knows those of its own teams."""
    members = Member.objects.able().filter(organization_id=member.organization_id).exclude(kind=Member.Kind.SYSTEM)
    if member.role != Member.Role.CLIENT:
        return members
    mates = TeamMembership.objects.filter(
        organization_id=member.organization_id, team_id__in=sorted(member.standing.team_ids)
    )
    return members.filter(Q(id=member.pk) | Q(id__in=mates.values("member_id")))


def workspaces_known_to(member: Member) -> QuerySet[Workspace]:
    """Open workspaces that the member may see."""
    return workspaces_for(member, Permission.VIEW).filter(closed_at=None)


def templates_known_to(member: Member) -> QuerySet[TemplateVersion]:
    """The version in use of each template; a client knows those that are for clients."""
    versions = TemplateVersion.objects.filter(organization_id=member.organization_id)
    if member.role == Member.Role.CLIENT:
        versions = versions.filter(template__for_clients=True)
    return versions.current().select_related("template", "target_team")


def team_known_to(member: Member, id: int) -> Team | None:
    """The team with this id."""
    return teams_known_to(member).select_related("calendar").filter(id=id).first()


def team_of_own(member: Member, id: int) -> Team | None:
    """The team with this id, when the member is in it."""
    return team_known_to(member, id) if id in member.standing.team_ids else None


def team_shared_with(member: Member, id: int) -> Team | None:
    """The team with this id, closed ones too: what is shared with it can still be taken back."""
    teams = teams_known_to(member) if member.role == Member.Role.CLIENT else Team.objects.all()
    return teams.filter(organization_id=member.organization_id, id=id).first()


def member_shared_with(member: Member, id: int) -> Member | None:
    """The member with this id, those who left too."""
    members = members_known_to(member) if member.role == Member.Role.CLIENT else Member.objects.all()
    return members.filter(organization_id=member.organization_id, id=id).select_related("user").first()


def member_known_to(member: Member, id: int) -> Member | None:
    """The member with this id."""
    return members_known_to(member).select_related("user").filter(id=id).first()


def workspace_known_to(member: Member, id: int) -> Workspace | None:
    """The workspace with this id."""
    return workspaces_known_to(member).filter(id=id).first()


def template_known_to(member: Member, id: int) -> TemplateVersion | None:
    """The version in use of the template with this id."""
    return templates_known_to(member).filter(template_id=id).first()
