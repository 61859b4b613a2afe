"""Which team has more coming in than it takes, counted from what really happened."""

from datetime import datetime, timedelta

import pytest

from handoffs import actions, keeping
from handoffs.insight.figures.asked import Asked, Period
from handoffs.insight.figures.pressure import Pressure, pressures
from handoffs.lifecycle import State
from tests.world import MONDAY, World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def told(world: World, at: datetime) -> dict[str, Pressure]:
    for _ in keeping.catch_up(world.organization.id, at):
        pass
    zone = world.organization.zone
    found = pressures(Asked(world.organization.pk, Period.of(at, zone)), zone)
    names = {world.team(name).id: name for name in ("Onboarding", "Support", "Northwind")}
    return {names[each.team]: each for each in found}


def test_what_came_what_was_taken_and_what_is_open(world: World) -> None:
    """Onboarding takes one of three a week and keeps the rest; Support takes what comes."""
    for week in range(3):
        world.now = MONDAY + week * WEEK
        for number in range(3):
            handoff = world.handoff(State.OFFERED, title=f"{week}.{number}")
            if not number:
                actions.accept(handoff, by=world.ben, at=world.later(hours=1))
        easy = world.handoff(title="Easy")
        easy = actions.offer(easy, by=world.ana, at=world.now, to_team=world.team("Support"))
        actions.accept(easy, by=world.sue, at=world.later(hours=1))
    found = told(world, MONDAY + 3 * WEEK + DAY)
    onboarding, support = found["Onboarding"], found["Support"]
    assert (onboarding.open, onboarding.came, onboarding.taken) == (6, 9, 3)
    assert (onboarding.utilisation, onboarding.to_clear) == (3, 6 * 28 * DAY / 3)
    assert onboarding.is_overloaded
    assert (support.open, support.came, support.taken) == (0, 3, 3)
    assert (support.utilisation, support.is_overloaded) == (1, False)
    assert next(iter(found)) == "Onboarding"


def test_the_running_week_and_those_long_ago_do_not_count(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    actions.accept(handoff, by=world.ben, at=world.later(hours=1))
    world.handoff(State.OFFERED)
    here = told(world, MONDAY + DAY)["Onboarding"]
    assert (here.open, here.came, here.taken) == (1, 0, 0)
    long_after = told(world, MONDAY + 5 * WEEK)["Onboarding"]
    assert (long_after.open, long_after.came, long_after.taken) == (1, 0, 0)


@pytest.mark.parametrize(
    ("open_now", "came", "taken", "overloaded"),
    [(0, 9, 3, False), (1, 9, 8, False), (3, 9, 8, True), (9, 8, 9, False), (1, 1, 0, True), (0, 0, 0, False)],
)
def test_overloaded_is_more_coming_than_taken_and_a_week_of_work(
    open_now: int, came: int, taken: int, overloaded: bool
) -> None:
    assert Pressure(1, open_now, came, taken).is_overloaded == overloaded
