"""Remove a member from a team."""

from datetime import datetime

from django.db import transaction

from tenants.models import Member, Team, TeamMembership
from tenants.refusals import Conflict
from tenants.rules import must_be_home, must_run_or_lead
from tenants.standing_in import standing_changed


def remove_from_team(*, team: Team, member: Member, by: Member, at: datetime) -> None:
    """Take a member out of a team; done twice, it changes nothing. One may always take oneself out.

    Raises Forbidden not_an_admin, Conflict leads_a_team.
    """
    must_be_home(by, team, member)
    if by.pk != member.pk:
        must_run_or_lead(by, team)
    if team.lead_id == member.pk:
        raise Conflict(
            f"{member.name} leads {team.name}; somebody else must lead it first.",
            code="leads_a_team",
            details={"teams": [team.pk]},
        )
    with transaction.atomic():
        exit_team(team, member)
        standing_changed(team.organization_id)


def exit_team(team: Team, member: Member) -> None:
    """Delete the membership and take the member's user out of the team's group."""
    TeamMembership.objects.filter(organization_id=team.organization_id, team=team, member=member).delete()
    if member.user is not None:
        member.user.groups.remove(team.group_id)
    member.forget_standing()
