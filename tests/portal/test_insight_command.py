"""`manage.py insight`: figures brought in step at once, and a back-test in one line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from handoffs.lifecycle import State
from handoffs.models import Leg
from tests.world import World


def said(*words: str) -> str:
    out = StringIO()
    call_command("insight", *words, stdout=out)
    return out.getvalue()


def test_it_brings_everything_in_step_and_then_nothing(world: World) -> None:
    for state in State:
        world.handoff(state)
    assert said("catch_up", "--organization", "fjord") == f"fjord: {len(State) - 2} handoffs brought in step.\n"
    assert Leg.objects.count() == len(State) - 2
    assert said("catch_up", "--organization", "fjord") == "fjord: 0 handoffs brought in step.\n"


def test_it_says_how_often_forecasts_held(world: World) -> None:
    for n in range(45):
        world.handoff(State.COMPLETED, title=f"{n}")
    said("catch_up", "--organization", "fjord")
    lines = said("back_test", "--organization", "fjord").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["fjord  time to accept", "fjord  time in hand"]
    assert "forecasts" in lines[0] or "not enough" in lines[0]


def test_an_organization_that_is_none_is_told(world: World) -> None:
    with pytest.raises(CommandError):
        said("back_test", "--organization", "nowhere")
