"""Who works in a workspace, for queries over many: its managers, and whoever could take work there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tenants.access import Permission
from tenants.models import (
    Member,
    Role,
    TeamMembership,
    Workspace,
    WorkspaceKind,
    WorkspaceTeamPermission,
    WorkspaceUserPermission,
)


def managers_of(workspace: Workspace) -> QuerySet[Member]:
    """Those who were granted to manage this workspace, themselves or through a team, the longest here first."""
    granted = {
        "organization_id": workspace.organization_id,
        "content_object": workspace,
        "permission__codename": str(Permission.MANAGE),
    }
    users = WorkspaceUserPermission.objects.filter(**granted)
    groups = WorkspaceTeamPermission.objects.filter(**granted)
    members = Member.objects.people().filter(organization_id=workspace.organization_id)
    through = TeamMembership.objects.filter(
        organization_id=workspace.organization_id, team__group_id__in=groups.values("group_id"), team__closed_at=None
    )
    either = Q(user_id__in=users.values("user_id")) | Q(id__in=through.values("member_id"))
    return members.filter(either).select_related("user", "organization").order_by("id")


def working_in(workspace: str, permissions: Iterable[Permission], at: datetime) -> QuerySet[Member]:
    """For a subquery: members who can take work at `at` and hold one of the permissions there.

    `workspace` is the path of the workspace's id in the query around it, such as "workspace_id".
    """
    grant: dict[str, Any] = {
        "organization_id": OuterRef("organization_id"),
        "content_object_id": OuterRef(OuterRef(workspace)),
        "permission__codename__in": [str(permission) for permission in permissions],
    }
    mine = WorkspaceUserPermission.objects.filter(user_id=OuterRef("user_id"), **grant)
    place = TeamMembership.objects.filter(
        organization_id=OuterRef("organization_id"),
        member_id=OuterRef(OuterRef("id")),
        team__group_id=OuterRef("group_id"),
        team__closed_at=None,
    )
    through_a_team = WorkspaceTeamPermission.objects.filter(Exists(place), **grant)
    for_clients = Workspace.objects.filter(
        organization_id=OuterRef("organization_id"), id=OuterRef(OuterRef(workspace)), kind=WorkspaceKind.CLIENT
    )
    granted = (Exists(mine) | Exists(through_a_team)) & (~Q(role=Role.CLIENT) | Exists(for_clients))
    return Member.objects.working(at).filter(Q(role__in=[Role.OWNER, Role.ADMIN]) | granted)
