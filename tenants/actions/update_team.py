"""Change what a team is called, when it works and who stands in for it."""

from datetime import datetime

from tenants.actions.create_team import must_back_up
from tenants.models import Calendar, Member, Team
from tenants.refusals import Invalid
from tenants.rules import must_be_home, must_run_or_lead, saving


def update_team(
    *, team: Team, name: str, calendar: Calendar, by: Member, at: datetime, backup: Team | None = None
) -> Team:
    """Change name, calendar and backup; lead and members have actions of their own.

    Raises Forbidden not_an_admin, Conflict name_taken or team_does_not_fit, Invalid.
    """
    must_be_home(by, team, calendar, backup)
    must_run_or_lead(by, team)
    must_back_up(backup, team)
    if backup == team:
        raise Invalid("A team cannot stand in for itself.", details={"field": "backup"})
    team.name, team.calendar, team.backup = name, calendar, backup
    with saving():
        team.full_clean(exclude=["organization", "group"], validate_unique=False, validate_constraints=False)
        team.save(update_fields=["name", "calendar", "backup"])
    return team
