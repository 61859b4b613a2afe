"""A list costs the same number of queries with few rows and with many."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs.actions.cases import launch
from handoffs.actions.templates import create_ladder, create_template
from handoffs.lifecycle import State
from tenants.actions import add_service, create_calendar, create_team, invite, issue_token, open_workspace
from tenants.models import Team
from tests.portal.admin.conftest import Visitor
from tests.portal.pages.flows import review
from tests.world import World

MANY = 6


def _more(world: World, number: int) -> None:
    """One more of everything."""
    by: dict[str, Any] = {"by": world.olga, "at": world.now}
    world.handoff(at=State.OFFERED, title=f"Contract {number}")
    world.handoff(at=State.STARTED, title=f"Project {number}")
    hours = {"mon": [["09:00", "12:00"]]}
    calendar = create_calendar(name=f"Calendar {number}", zone="UTC", hours=hours, **by)
    backup = Team.objects.get(name="Support")
    team = create_team(name=f"Team {number}", lead=world.ana, calendar=calendar, backup=backup, **by)
    workspace = open_workspace(name=f"Workspace {number}", **by)
    invite(email=f"new{number}@fjord.example", team=team, workspace=workspace, **by)
    service = add_service(name=f"Service {number}", **by)
    issue_token(member=service, name=f"Token {number}", expires_at=world.now + timedelta(days=9), **by)
    create_template(name=f"Template {number}", **by)
    version = review(world, f"Flow {number}", published=True)
    launch(version, by=world.olga, at=world.now, workspace=world.projects, title=f"Case {number}")
    create_ladder(name=f"Ladder {number}", **by)


@pytest.mark.parametrize(
    "path",
    [
        "handoffs/case/",
        "handoffs/flow/",
        "handoffs/handoff/",
        "handoffs/handofftemplate/",
        "handoffs/ladder/",
        "tenants/calendar/",
        "tenants/invitation/",
        "tenants/member/",
        "tenants/team/",
        "tenants/token/",
        "tenants/workspace/",
    ],
)
def test_more_rows_cost_no_more_queries(world: World, olga: Visitor, path: str) -> None:
    _more(world, 0)
    olga.get(path)  # what is remembered for the process is remembered now
    with CaptureQueriesContext(
        connection,
    ) as few:
        olga.get(path)
    for number in range(1, MANY):
        _more(world, number)
    with CaptureQueriesContext(connection) as many:
        answer = olga.get(path)
    assert len(answer.context_data["cl"].result_list) >= MANY
    assert len(many) == len(few)
    assert len(many) <= 25


def test_a_handoffs_page_costs_the_same_for_a_long_story(world: World, olga: Visitor) -> None:
    short, long = world.handoff(at=State.OFFERED), world.handoff(at=State.STARTED)
    olga.get(f"handoffs/handoff/{short.pk}/change/")
    with CaptureQueriesContext(connection) as few:
        olga.get(f"handoffs/handoff/{short.pk}/change/")
    with CaptureQueriesContext(connection) as many:
        olga.get(f"handoffs/handoff/{long.pk}/change/")
    assert abs(len(many) - len(few)) <= 1  # an offer's questions of who may receive it
    assert len(many) <= 30


def test_a_teams_page_costs_the_same_for_a_large_team(world: World, olga: Visitor) -> None:
    small, large = world.team("Elsewhere"), world.team("Onboarding")
    olga.get(f"tenants/team/{small.pk}/change/")
    with CaptureQueriesContext(connection) as few:
        olga.get(f"tenants/team/{small.pk}/change/")
    with CaptureQueriesContext(connection) as many:
        olga.get(f"tenants/team/{large.pk}/change/")
    assert len(many) == len(few)
