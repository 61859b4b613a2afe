"""Add a member to a team."""

from datetime import datetime

from django.db import transaction

from tenants.models import Member, Team, TeamMembership
from tenants.refusals import Conflict
from tenants.rules import must_be_home, must_fit, must_run_or_lead


def add_to_team(*, team: Team, member: Member, by: Member, at: datetime) -> TeamMembership:
    """Let a member receive and see what the team does; done twice, it changes nothing.

    Raises Forbidden not_an_admin, Conflict team_does_not_fit, team_closed or member_left.
    """
    must_be_home(by, team, member)
    must_run_or_lead(by, team)
    if team.closed_at is not None:
        raise Conflict(f"{team.name} is closed.", code="team_closed", details={"team": team.pk})
    must_fit(member, team)
    with transaction.atomic():
        return enter_team(team, member, at)


def enter_team(team: Team, member: Member, at: datetime) -> TeamMembership:
    """Write the membership and put the member's user into the team's group, without asking who wants it."""
    if member.left_at is not None:
        raise Conflict(f"{member.name} has left.", code="member_left", details={"member": member.pk})
    membership, _ = TeamMembership.objects.get_or_create(
        organization_id=team.organization_id, team=team, member=member, defaults={"joined_at": at}
    )
    if member.user is not None:
        member.user.groups.add(team.group_id)
    member.forget_standing()
    return membership
