"""Give a team another lead."""

from datetime import datetime

from django.db import transaction

from tenants.actions.add_to_team import enter_team
from tenants.models import Member, Team
from tenants.rules import must_be_home, must_fit, must_run_or_lead


def change_lead(*, team: Team, lead: Member, by: Member, at: datetime) -> Team:
    """Let another member lead the team; they become a member of it, and the former lead stays one.

    Raises Forbidden not_an_admin, Conflict team_does_not_fit or member_left.
    """
    must_be_home(by, team, lead)
    must_run_or_lead(by, team)
    must_fit(lead, team)
    with transaction.atomic():
        former = team.lead
        team.lead = lead
        team.save(update_fields=["lead"])
        enter_team(team, lead, at)
        former.forget_standing()
    return team
