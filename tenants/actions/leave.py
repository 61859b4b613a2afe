"""Leave an organization."""

from datetime import datetime

from django.db import transaction

from tenants.actions.remove_from_team import exit_team
from tenants.models import Member, Role, Team, TeamMembership, Token, WorkspaceUserPermission
from tenants.refusals import Conflict, Invalid
from tenants.rules import (
    must_be_home,
    must_make_owners_only_as_owner,
    must_not_be_the_last_owner,
    must_run_the_organization,
)
from tenants.standing_in import standing_changed


def leave(*, member: Member, by: Member, at: datetime) -> Member:
    """End a member's time here: teams, grants and keys end with it; what they did stays.

    Done twice, it changes nothing. One may leave oneself; others are made to leave by owners and admins, owners by
    owners only. What the member still answers for must have been handed over in the same transaction by the caller.
    Raises Forbidden not_an_admin or owners_only, Conflict last_owner or leads_a_team, Invalid.
    """
    must_be_home(by, member)
    if member.is_system:
        raise Invalid(f"{member.name} cannot leave.", code="system_stays")
    if by.pk != member.pk:
        must_run_the_organization(by)
        must_make_owners_only_as_owner(by, member.role)
    with transaction.atomic():
        if member.left_at is not None:
            return member
        if member.role == Role.OWNER:
            must_not_be_the_last_owner(member)
        _must_lead_nothing(member)
        _let_go(member, at)
        member.left_at = at
        member.save(update_fields=["left_at"])
        standing_changed(member.organization_id)
        member.forget_standing()
    return member


def _must_lead_nothing(member: Member) -> None:
    led = list(Team.objects.filter(organization_id=member.organization_id, lead=member, closed_at=None))
    if led:
        raise Conflict(
            f"{member.name} leads {', '.join(team.name for team in led)}; somebody else must lead first.",
            code="leads_a_team",
            details={"teams": [team.pk for team in led]},
        )


def _let_go(member: Member, at: datetime) -> None:
    """Teams, grants and keys."""
    home = {"organization_id": member.organization_id}
    for membership in TeamMembership.objects.filter(**home, member=member).select_related("team"):
        exit_team(membership.team, member)
    WorkspaceUserPermission.objects.filter(**home, user_id=member.user_id).delete()
    Token.objects.filter(**home, member=member, revoked_at=None).update(revoked_at=at)
