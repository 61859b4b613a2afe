"""How many queries the API takes: pinned, and the same for one row and for many."""

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from tests.pinned import pinned
from tests.portal.api.conftest import Call
from tests.world import World

LISTS = {
    "api_waiting": "handoffs/?box=waiting",
    "api_held": "handoffs/?box=held",
    "api_sent": "handoffs/?box=sent",
    "api_handoffs": "handoffs/",
    "api_handoff": "handoffs/{reference}/",
    "api_events": "handoffs/{reference}/events/",
    "api_templates": "templates/",
    "api_workspaces": "workspaces/",
    "api_teams": "teams/",
    "api_members": "members/",
    "api_notices": "notices/",
    "api_me": "me/",
}


def busy(world: World, count: int) -> str:
    """So many handoffs that wait for Ben, and one of them with everything in it."""
    sbar = dict.fromkeys(("situation", "background", "assessment", "recommendation"), "x")
    for number in range(count):
        world.handoff(at=State.OFFERED, template=world.template("sbar"), context=sbar)
        world.handoff(at=State.STARTED)
        handoff = world.handoff(at=State.OFFERED)
        actions.ask(handoff, by=world.ben, at=world.later(minutes=1), body="Who signs?")
        actions.note(handoff, by=world.ana, at=world.later(minutes=1), body=f"Note {number}")
        actions.link(handoff, by=world.ana, at=world.later(minutes=1), url="https://fjord.example")
    return handoff.reference


@pytest.mark.parametrize("name", LISTS)
def test_an_address_takes_as_many_queries_as_are_pinned(name: str, world: World, call: Call) -> None:
    ben = call(world.ben)
    for count in (1, 7):
        path = LISTS[name].format(reference=busy(world, count))
        ben.get(path)  # what is read once per process
        with pinned(name):
            assert ben.get(path).status_code == 200


@pytest.mark.parametrize(("verb", "words"), [("accept", {}), ("return", {"reason": "Not yet"})])
def test_a_verb_takes_as_many_queries_as_are_pinned(verb: str, words: dict[str, str], world: World, call: Call) -> None:
    ben = call(world.ben)
    first, second = world.handoff(at=State.OFFERED), world.handoff(at=State.OFFERED)
    ben.post(f"handoffs/{first.reference}/{verb}", words)
    with pinned(f"api_{verb}"):
        assert ben.post(f"handoffs/{second.reference}/{verb}", words).status_code == 200
