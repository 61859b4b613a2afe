"""Change a member's role."""

from datetime import datetime

from django.db import transaction

from tenants.models import Member, Role, TeamMembership
from tenants.refusals import Conflict, Invalid
from tenants.rules import (
    fits,
    must_be_home,
    must_make_owners_only_as_owner,
    must_not_be_the_last_owner,
    must_run_the_organization,
)
from tenants.standing_in import standing_changed


def change_role(*, member: Member, role: str, by: Member, at: datetime) -> Member:
    """Give a member another role; only an owner makes or unmakes owners, and one owner always remains.

    Raises Forbidden not_an_admin or owners_only, Conflict last_owner, team_does_not_fit or member_left, Invalid.
    """
    must_be_home(by, member)
    must_run_the_organization(by)
    must_make_owners_only_as_owner(by, role, member.role)
    if role not in Role.values or member.is_system:
        raise Invalid("There is no such role to give.", code="role_unknown")
    with transaction.atomic():
        if member.role == Role.OWNER and role != Role.OWNER:
            must_not_be_the_last_owner(member)
        _lock(member)
        _teams_must_fit(member, role)
        member.role = role
        member.save(update_fields=["role"])
        standing_changed(member.organization_id)
    member.forget_standing()
    return member


def _lock(member: Member) -> None:
    """Hold the member until the transaction ends; refuse one who has left meanwhile."""
    row = Member.objects.select_for_update().get(organization_id=member.organization_id, pk=member.pk)
    if row.left_at is not None:
        raise Conflict(f"{member.name} has left.", code="member_left", details={"member": member.pk})


def _teams_must_fit(member: Member, role: str) -> None:
    memberships = TeamMembership.objects.filter(organization_id=member.organization_id, member=member).select_related(
        "team"
    )
    misfits = [each.team for each in memberships if not fits(member, role, each.team.kind)]
    if misfits:
        raise Conflict(
            f"{member.name} is in {', '.join(team.name for team in misfits)}, where this role does not belong.",
            code="team_does_not_fit",
            details={"teams": [team.pk for team in misfits]},
        )
