"""Create a team."""

import uuid
from datetime import datetime

from django.contrib.auth.models import Group

from tenants.actions.add_to_team import enter_team
from tenants.models import Calendar, Member, Team
from tenants.refusals import Conflict
from tenants.rules import must_be_home, must_fit, must_run_the_organization, saving


def create_team(
    *,
    name: str,
    lead: Member,
    calendar: Calendar,
    by: Member,
    at: datetime,
    kind: str = Team.Kind.INTERNAL,
    backup: Team | None = None,
) -> Team:
    """Make a team with a lead, who is also its first member, and a calendar; it is granted nothing yet.

    Raises Forbidden not_an_admin, Conflict name_taken or team_does_not_fit, Invalid.
    """
    must_run_the_organization(by)
    must_be_home(by, lead, calendar, backup)
    team = Team(
        organization_id=by.organization_id,
        name=name,
        kind=kind,
        lead=lead,
        calendar=calendar,
        backup=backup,
        created_at=at,
    )
    must_fit(lead, team)
    must_back_up(backup, team)
    with saving():
        team.group = Group.objects.create(name=f"team:{uuid.uuid4()}")
        team.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        team.save()
        enter_team(team, lead, at)
    return team


def must_back_up(backup: Team | None, team: Team) -> None:
    """Refuse a client's team behind one of ours: what nobody accepts here would be offered there."""
    if backup is not None and backup.is_client and not team.is_client:
        raise Conflict(
            f"{backup.name} is a client's team and cannot stand in for one of ours.",
            code="team_does_not_fit",
            details={"team": backup.pk},
        )
