"""Who may do what in which workspace, inside one organization."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import Permission as AuthPermission
from django.db.models import Q, QuerySet

from tenants.models.member import Member, Role
from tenants.models.permission import WorkspaceTeamPermission, WorkspaceUserPermission
from tenants.models.team import Team, TeamMembership
from tenants.models.workspace import Workspace, WorkspaceKind
from tenants.prepared import fetch_all


class Permission(StrEnum):
    """What can be granted on a workspace."""

    VIEW = "view_workspace"
    SEND = "send_handoff"
    RECEIVE = "receive_handoff"
    MANAGE = "manage_workspace"


# Any one of the granted permissions on the right includes the one on the left.
INCLUDED_IN: Mapping[Permission, frozenset[Permission]] = MappingProxyType(
    {
        Permission.VIEW: frozenset(Permission),
        Permission.SEND: frozenset({Permission.SEND, Permission.MANAGE}),
        Permission.RECEIVE: frozenset({Permission.RECEIVE, Permission.MANAGE}),
        Permission.MANAGE: frozenset({Permission.MANAGE}),
    }
)

_NO_GRANTS: Mapping[int, frozenset[Permission]] = MappingProxyType({})


@dataclass(frozen=True)
class Away:
    """An absence that was not cancelled, as its member's standing knows it."""

    starts_at: datetime
    ends_at: datetime
    substitute_id: int | None


@dataclass(frozen=True)
class Standing:
    """What one member is in the organization: role, open teams, teams led, grants by workspace, absences."""

    member_id: int
    role: str
    team_ids: frozenset[int] = frozenset()
    led_team_ids: frozenset[int] = frozenset()
    grants: Mapping[int, frozenset[Permission]] = field(default_factory=lambda: _NO_GRANTS)
    is_system: bool = False
    has_left: bool = False
    absences: tuple[Away, ...] = ()

    def absence_at(self, at: datetime) -> Away | None:
        """The absence during which `at` falls, if any."""
        return next((away for away in self.absences if away.starts_at <= at < away.ends_at), None)

    @property
    def sees_everything(self) -> bool:
        """Owners, admins and the product itself need no grant."""
        return not self.has_left and (self.is_system or self.role in (Role.OWNER, Role.ADMIN))

    @property
    def leads(self) -> bool:
        """One of the organization's own people who leads a team."""
        return self.role == Role.MEMBER and bool(self.led_team_ids)

    @property
    def manages(self) -> bool:
        """One of the organization's own people who may manage a workspace, by a grant of their own or of a team."""
        return self.role == Role.MEMBER and any(Permission.MANAGE in granted for granted in self.grants.values())

    @property
    def arranges(self) -> bool:
        """Has something to arrange: the organization, a team or a workspace. The admin is for them."""
        return self.sees_everything or self.leads or self.manages

    def permits(self, permission: Permission, workspace_id: int, workspace_kind: str) -> bool:
        """May this member do that in this workspace, by role or by a grant."""
        if self.sees_everything:
            return True
        if self.has_left or (self.role == Role.VIEWER and permission is not Permission.VIEW):
            return False
        if self.role == Role.CLIENT and workspace_kind != WorkspaceKind.CLIENT:
            return False
        return not INCLUDED_IN[permission].isdisjoint(self.grants.get(workspace_id, frozenset()))

    def granted(self, permission: Permission) -> list[int]:
        """The workspaces in which grants permit that.

        It says nothing of those who see everything, and does not know which workspaces a client may not enter.
        """
        if self.has_left or (self.role == Role.VIEWER and permission is not Permission.VIEW):
            return []
        including = INCLUDED_IN[permission]
        return sorted(id for id, granted in self.grants.items() if not including.isdisjoint(granted))


def standing_of(member: Member) -> Standing:
    """Read a member's standing by one query; use `member.standing`, which remembers it."""
    if member.left_at is not None:
        return Standing(member.pk, member.role, has_left=True)
    teams: set[int] = set()
    led: set[int] = set()
    grants: dict[int, set[Permission]] = {}
    absences: list[Away] = []
    asked = {"home": member.organization_id, "member": member.pk, "user": member.user_id}
    for what, key, permission_id, starts_at, ends_at in fetch_all(_STANDING, asked):
        if what == "grant":
            grants.setdefault(key, set()).update(_permissions_by_id().get(permission_id, ()))
        elif what == "away":
            absences.append(Away(starts_at, ends_at, key))
        else:
            (led if what == "led" else teams).add(key)
    return Standing(
        member_id=member.pk,
        role=member.role,
        team_ids=frozenset(teams),
        led_team_ids=frozenset(led),
        grants=MappingProxyType({key: frozenset(granted) for key, granted in grants.items()}),
        is_system=member.is_system,
        absences=tuple(absences),
    )


# By hand: every request asks this, and composing four querysets took longer than answering them.
_STANDING = """
SELECT 'team', m.team_id, 0, NULL::timestamptz, NULL::timestamptz FROM tenants_teammembership AS m
  JOIN tenants_team AS t ON t.organization_id = m.organization_id AND t.id = m.team_id AND t.closed_at IS NULL
 WHERE m.organization_id = %(home)s AND m.member_id = %(member)s
UNION ALL
SELECT 'led', id, 0, NULL, NULL FROM tenants_team
 WHERE organization_id = %(home)s AND lead_id = %(member)s AND closed_at IS NULL
UNION ALL
SELECT 'grant', g.content_object_id, g.permission_id, NULL, NULL FROM tenants_workspaceuserpermission AS g
 WHERE g.organization_id = %(home)s AND g.user_id = %(user)s
UNION ALL
SELECT 'grant', g.content_object_id, g.permission_id, NULL, NULL FROM tenants_workspaceteampermission AS g
  JOIN tenants_team AS t ON t.organization_id = g.organization_id AND t.group_id = g.group_id AND t.closed_at IS NULL
  JOIN tenants_teammembership AS m ON m.organization_id = t.organization_id AND m.team_id = t.id
 WHERE g.organization_id = %(home)s AND m.member_id = %(member)s
UNION ALL
(SELECT 'away', substitute_id, 0, starts_at, ends_at FROM tenants_absence
  WHERE organization_id = %(home)s AND member_id = %(member)s AND cancelled_at IS NULL
  ORDER BY ends_at DESC LIMIT 50)
"""


@cache
def _permissions_by_id() -> Mapping[int, tuple[Permission, ...]]:
    """Which permission a grant's `permission_id` means; the rows are made by migrations and stay as they are."""
    return {row.pk: (Permission(row.codename),) for row in _auth_permissions(Permission)}


def _grants_to(member: Member, permissions: Iterable[Permission]) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The grants to the member's user and to the member's open teams, each filtered by organization."""
    codenames = [str(permission) for permission in permissions]
    home = member.organization_id
    groups = TeamMembership.objects.filter(organization_id=home, member=member, team__closed_at=None).values(
        "team__group_id"
    )
    return (
        WorkspaceUserPermission.objects.filter(
            organization_id=home, user_id=member.user_id, permission__codename__in=codenames
        ),
        WorkspaceTeamPermission.objects.filter(
            organization_id=home, group_id__in=groups, permission__codename__in=codenames
        ),
    )


def workspaces_for(member: Member, permission: Permission) -> QuerySet[Workspace]:
    """The workspaces in which the member may do that, lazily, for use as a subquery."""
    spaces = Workspace.objects.filter(organization_id=member.organization_id).order_by()
    if member.left_at is not None:
        return spaces.none()
    if member.runs_the_organization:
        return spaces
    if member.role == Role.VIEWER and permission is not Permission.VIEW:
        return spaces.none()
    if member.role == Role.CLIENT:
        spaces = spaces.filter(kind=WorkspaceKind.CLIENT)
    by_user, by_team = _grants_to(member, INCLUDED_IN[permission])
    return spaces.filter(Q(id__in=by_user.values("content_object_id")) | Q(id__in=by_team.values("content_object_id")))


def may(member: Member, permission: Permission, workspace: Workspace) -> bool:
    """Can this member act at all, is the workspace of the same organization, and is that permitted there."""
    return (
        member.is_able
        and member.organization_id == workspace.organization_id
        and (member.runs_the_organization or member.standing.permits(permission, workspace.pk, workspace.kind))
    )


def may_work(member: Member, workspace: Workspace) -> bool:
    """May this member send or receive there: what it takes to answer for work in this workspace."""
    return may(member, Permission.SEND, workspace) or may(member, Permission.RECEIVE, workspace)


def team_may(team: Team, permission: Permission, workspace: Workspace) -> bool:
    """Is the permission, or one that includes it, granted to the team in this workspace of the same organization."""
    return WorkspaceTeamPermission.objects.filter(
        organization_id=team.organization_id,
        group_id=team.group_id,
        content_object=workspace,
        permission__codename__in=[str(including) for including in INCLUDED_IN[permission]],
    ).exists()


def add_grants(workspace: Workspace, to: Team | Member, permissions: Iterable[Permission]) -> None:
    """Write the grants that are not there yet; the rules are in `tenants.actions.grant`."""
    for permission in _auth_permissions(permissions):
        row: dict[str, Any] = {
            "permission": permission,
            "content_object": workspace,
            "organization_id": workspace.organization_id,
        }
        if isinstance(to, Team):
            WorkspaceTeamPermission.objects.get_or_create(group_id=to.group_id, **row)
        else:
            WorkspaceUserPermission.objects.get_or_create(user_id=to.user_id, **row)
    _forget(to)


def remove_grants(workspace: Workspace, to: Team | Member, permissions: Iterable[Permission]) -> None:
    """Delete the grants that are there; the rules are in `tenants.actions.revoke`."""
    where = {
        "organization_id": workspace.organization_id,
        "content_object": workspace,
        "permission__codename__in": [str(permission) for permission in permissions],
    }
    if isinstance(to, Team):
        WorkspaceTeamPermission.objects.filter(group_id=to.group_id, **where).delete()
    else:
        WorkspaceUserPermission.objects.filter(user_id=to.user_id, **where).delete()
    _forget(to)


def _auth_permissions(permissions: Iterable[Permission]) -> list[AuthPermission]:
    """Django's rows for these permissions."""
    return list(
        AuthPermission.objects.filter(
            content_type__app_label="tenants",
            content_type__model="workspace",
            codename__in=[str(permission) for permission in permissions],
        )
    )


def _forget(to: Team | Member) -> None:
    if isinstance(to, Member):
        to.forget_standing()
