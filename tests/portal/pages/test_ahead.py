"""When it will be taken: from what happened in the lane, inside the receiver's hours; or that nobody can tell."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from handoffs import actions, keeping
from handoffs.insight.ahead import Looking
from handoffs.insight.figures.forecast import Pool
from handoffs.lifecycle import State
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

HOUR = timedelta(hours=1)


@pytest.fixture
def experienced(world: World) -> World:
    """Onboarding has taken 25 offers of Sales, each within one to five working hours, a week ago."""
    world.now = _monday_morning(world)
    for n in range(25):
        handoff = actions.draft(world.projects, by=world.ana, at=world.now, title=f"Earlier {n}")
        handoff = actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
        actions.accept(handoff, by=world.ben, at=world.now + (1 + n % 5) * HOUR)
    world.later(hours=5)
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass
    return world


def _monday_morning(world: World) -> datetime:
    """Of the last whole week, in the hours of the team."""
    now = timezone.now()
    monday = (now - timedelta(days=now.weekday() + 7)).replace(hour=10, minute=0, second=0, microsecond=0)
    return max(monday, world.now + timedelta(hours=2))


def test_a_new_offer_is_told_when_it_will_probably_be_taken(experienced: World, visit: Visit) -> None:
    draft = experienced.handoff(State.DRAFT)
    page = visit("ana").read(f"handoffs/{draft.reference}/forecast/")
    row = re.search(r'<th scope="row">Onboarding</th>(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    assert row[1].count("<time") == 2
    ahead = Looking(experienced.organization, [experienced.team("Onboarding")], experienced.now).to(
        experienced.team("Onboarding"), experienced.team("Sales").id
    )
    assert ahead.told is not None
    assert (ahead.told.pool, ahead.told.of) == (Pool.LANE, 25)
    assert ahead.told.middle is not None
    assert ahead.told.middle / (3 * HOUR) == pytest.approx(1, abs=0.02)
    assert ahead.middle is not None
    assert ahead.middle > experienced.now


def test_where_a_lane_has_none_the_team_speaks_and_then_the_organization(experienced: World) -> None:
    teams = [experienced.team("Onboarding"), experienced.team("Support")]
    looking = Looking(experienced.organization, teams, experienced.now)
    told = [looking.to(team, experienced.team("Office").id).told for team in teams]
    assert [each and each.pool for each in told] == [Pool.TEAM, Pool.ORGANIZATION]


def test_an_open_offer_is_told_by_what_it_has_waited(experienced: World, visit: Visit) -> None:
    handoff = actions.draft(experienced.projects, by=experienced.ana, at=experienced.now, title="Open")
    handoff = actions.offer(handoff, by=experienced.ana, at=experienced.now, to_team=experienced.team("Onboarding"))
    page = visit("ben").read(f"handoffs/{handoff.reference}/")
    assert f'href="/o/fjord/handoffs/{handoff.reference}/forecast/">When will it be taken?' in page
    page = visit("ben").read(f"handoffs/{handoff.reference}/forecast/")
    assert "Onboarding" in page
    assert "If it were offered now" in page


def test_with_little_history_nothing_is_told(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED)
    page = visit("ana").read(f"handoffs/{handoff.reference}/forecast/")
    assert "There is not enough history to tell" in page
    assert "Not enough history" in page


def test_a_client_is_told_of_their_own_offer_alone(experienced: World, visit: Visit) -> None:
    handoff = actions.draft(experienced.northwind, by=experienced.cleo, at=experienced.now, title="From the client")
    handoff = actions.offer(handoff, by=experienced.cleo, at=experienced.now, to_team=experienced.team("Onboarding"))
    page = visit("cleo").read(f"handoffs/{handoff.reference}/forecast/")
    assert "Onboarding" in page
    assert "If it were offered now" not in page
    assert "Support" not in page


def test_what_is_over_waits_for_nobody(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.COMPLETED)
    assert "Nobody is being waited for" in visit("ana").read(f"handoffs/{handoff.reference}/forecast/")


def test_the_queries_are_counted(experienced: World, visit: Visit) -> None:
    draft, ana = experienced.handoff(State.DRAFT), visit("ana")
    ana.read(f"handoffs/{draft.reference}/forecast/")
    with pinned("forecast_page"):
        ana.read(f"handoffs/{draft.reference}/forecast/")
