"""Which people may see a handoff, as one query: `Handoff.objects.reachable_by` read from the other end.

`handoffs.delivery.crowd` answers the same for many handoffs; a change here is a change there, and a test compares them.
"""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from handoffs.delivery.models import Bounce
from handoffs.handoff import Handoff
from handoffs.sharing import HandoffTeamPermission, HandoffUserPermission
from tenants.access import INCLUDED_IN, Permission
from tenants.models import (
    Member,
    Role,
    TeamMembership,
    Workspace,
    WorkspaceKind,
    WorkspaceTeamPermission,
    WorkspaceUserPermission,
)

RUNNING = (Role.OWNER, Role.ADMIN)


def able_people() -> QuerySet[Member]:
    """Persons who have not left and can sign in: whoever is told must be able to come and act."""
    return Member.objects.able().people()


def people(organization_id: UUID) -> QuerySet[Member]:
    """Those of one organization."""
    return able_people().filter(organization_id=organization_id)


def seeing(handoff: Handoff) -> QuerySet[Member]:
    """The people who may see this handoff at this moment."""
    by_workspace = Q(role__in=RUNNING) | _granted(handoff.workspace, Permission.VIEW)
    return people(handoff.organization_id).filter(by_workspace | Q(id=handoff.custodian_id) | _shared(handoff))


def mentionable(handoff: Handoff, by: Member, *, internal: bool) -> QuerySet[Member]:
    """Whom this member may mention in a note: who sees it; a client knows of those in the teams of the workspace."""
    others = seeing(handoff).exclude(id=by.pk)
    if internal:
        return others.exclude(role=Role.CLIENT)
    if by.role != Role.CLIENT:
        return others
    here = {"organization_id": handoff.organization_id, "content_object": handoff.workspace}
    groups = WorkspaceTeamPermission.objects.filter(**here).values("group_id")
    return others.filter(id__in=_in_teams(handoff.organization_id, groups))


def managing(handoff: Handoff) -> QuerySet[Member]:
    """The workspace's managers, by a grant of their own or of a team of theirs; without any, who runs the place."""
    everybody = people(handoff.organization_id)
    managers = everybody.filter(_granted(handoff.workspace, Permission.MANAGE)).exclude(role=Role.VIEWER)
    return managers if managers.exists() else everybody.filter(role__in=RUNNING)


def _granted(workspace: Workspace, permission: Permission) -> Q:
    here: dict[str, Any] = {
        "organization_id": workspace.organization_id,
        "content_object": workspace,
        "permission__codename__in": [str(including) for including in INCLUDED_IN[permission]],
    }
    by_user = WorkspaceUserPermission.objects.filter(**here).values("user_id")
    groups = WorkspaceTeamPermission.objects.filter(**here).values("group_id")
    granted = Q(user_id__in=by_user) | Q(id__in=_in_teams(workspace.organization_id, groups))
    # A grant that reached a client by mistake opens nothing of ours.
    return granted if workspace.kind == WorkspaceKind.CLIENT else granted & ~Q(role=Role.CLIENT)


def _shared(handoff: Handoff) -> Q:
    here: dict[str, Any] = {"organization_id": handoff.organization_id, "content_object": handoff}
    by_user = HandoffUserPermission.objects.filter(**here).values("user_id")
    groups = HandoffTeamPermission.objects.filter(**here).values("group_id")
    return Q(user_id__in=by_user) | Q(id__in=_in_teams(handoff.organization_id, groups))


def _in_teams(organization_id: UUID, groups: QuerySet[Any, Any]) -> QuerySet[TeamMembership, Any]:
    memberships = TeamMembership.objects.filter(
        organization_id=organization_id, team__closed_at=None, team__group_id__in=groups
    )
    return memberships.values("member_id")


def unreachable(organization_id: UUID) -> QuerySet[Member]:
    """People whom mail does not reach: without an address, or with one that bounced and has not changed since."""
    bounced = Bounce.objects.filter(
        organization_id=organization_id, channel="mail", member_id=OuterRef("id"), address=OuterRef("user__email")
    )
    return people(organization_id).filter(Q(user__email="") | Q(Exists(bounced)))
