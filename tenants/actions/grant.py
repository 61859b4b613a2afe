"""Grant permissions on a workspace."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tenants.access import Permission, add_grants, may
from tenants.models import Member, Role, Team, Workspace
from tenants.refusals import Conflict, Forbidden
from tenants.rules import must_be_home


def grant(
    *, workspace: Workspace, to: Team | Member, permissions: Iterable[Permission], by: Member, at: datetime
) -> None:
    """Let a team or a member do these things in the workspace; what is granted already stays.

    Raises Forbidden not_a_manager, Conflict not_for_clients, member_left or needs_no_grant.
    """
    must_be_home(by, workspace, to)
    must_manage(by, workspace)
    if isinstance(to, Member):
        _must_be_grantable(to)
    if _is_client(to) and not workspace.is_client:
        raise Conflict(
            f"{workspace.name} is internal; clients are let into client workspaces only.",
            code="not_for_clients",
            details={"workspace": workspace.pk},
        )
    with transaction.atomic():
        add_grants(workspace, to, [Permission(permission) for permission in permissions])
    by.forget_standing()


def must_manage(by: Member, workspace: Workspace) -> None:
    """Refuse those who neither run the organization nor manage the workspace."""
    if not may(by, Permission.MANAGE, workspace):
        raise Forbidden(f"You do not manage {workspace.name}.", code="not_a_manager")


def _must_be_grantable(member: Member) -> None:
    if member.is_system:
        raise Conflict(f"{member.name} may do everything already.", code="needs_no_grant")
    if member.left_at is not None:
        raise Conflict(f"{member.name} has left.", code="member_left", details={"member": member.pk})


def _is_client(to: Team | Member) -> bool:
    return to.is_client if isinstance(to, Team) else to.role == Role.CLIENT
