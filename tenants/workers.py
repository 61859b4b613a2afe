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
from tenants.prepared import fetch_all


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


# By hand, and planned once: it is asked whenever a step of a process is done, and composing it took longer than
# answering it. It says the same as `working_in`, which a test holds it to.
_TAKERS = """
SELECT team.id, ARRAY(
    SELECT m.id FROM tenants_teammembership AS place
      JOIN tenants_member AS m ON m.organization_id = place.organization_id AND m.id = place.member_id
      LEFT JOIN tenants_user AS login ON login.id = m.user_id
     WHERE place.organization_id = %(home)s AND place.team_id = team.id
       AND m.left_at IS NULL AND m.role <> 'viewer' AND m.kind <> 'system' AND (m.kind <> 'person' OR login.is_active)
       AND NOT EXISTS (
            SELECT 1 FROM tenants_absence AS away
             WHERE away.organization_id = %(home)s AND away.member_id = m.id AND away.cancelled_at IS NULL
               AND away.starts_at <= %(at)s AND away.ends_at > %(at)s)
       AND (m.role IN ('owner', 'admin') OR ((m.role <> 'client' OR %(for_clients)s) AND (
            EXISTS (SELECT 1 FROM tenants_workspaceuserpermission AS mine JOIN auth_permission AS p
                        ON p.id = mine.permission_id AND p.codename = ANY(%(permissions)s)
                     WHERE mine.organization_id = %(home)s AND mine.content_object_id = %(workspace)s
                       AND mine.user_id = m.user_id)
            OR EXISTS (SELECT 1 FROM tenants_teammembership AS also
                         JOIN tenants_team AS other ON other.organization_id = also.organization_id
                              AND other.id = also.team_id AND other.closed_at IS NULL
                         JOIN tenants_workspaceteampermission AS ours ON ours.organization_id = also.organization_id
                              AND ours.group_id = other.group_id AND ours.content_object_id = %(workspace)s
                         JOIN auth_permission AS p ON p.id = ours.permission_id AND p.codename = ANY(%(permissions)s)
                        WHERE also.organization_id = %(home)s AND also.member_id = m.id))))
     ORDER BY m.id = ANY(%(named)s) DESC, m.id LIMIT %(most)s)
  FROM tenants_team AS team
 WHERE team.organization_id = %(home)s AND team.id = ANY(%(teams)s) AND team.closed_at IS NULL
"""


def takers(
    teams: Iterable[int],
    workspace: Workspace,
    permissions: Iterable[Permission],
    at: datetime,
    named: Iterable[int] = (),
) -> dict[int, list[int]]:
    """By open team: who in it can take work at `at` and holds one of the permissions in the workspace.

    Those who are `named` come first; two others are enough. One statement, however many teams.
    """
    first = sorted(set(named))
    given = {
        "home": workspace.organization_id,
        "workspace": workspace.pk,
        "for_clients": workspace.is_client,
        "permissions": [str(permission) for permission in permissions],
        "teams": sorted(set(teams)),
        "named": first,
        "most": len(first) + 2,
        "at": at,
    }
    return {team: list(members) for team, members in fetch_all(_TAKERS, given)}
