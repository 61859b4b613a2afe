"""How one is told, by the API."""

from typing import Any

import pytest

from handoffs.actions.delivery import choices_of
from handoffs.delivery.kinds import Kind, Pace
from tests.pinned import pinned
from tests.portal.api.conftest import Call
from tests.world import World


def test_what_is_sent_is_kept_and_the_rest_stays(world: World, call: Call) -> None:
    ben = call(world.ben)
    assert {row["pace"] for row in ben.get("preferences/").json()["paces"]} == {"at_once"}
    words = {
        "paces": [{"kind": "notes", "channel": "mail", "pace": "never"}],
        "daily_at": 7,
        "quiet_from": "22:00",
        "quiet_until": "06:00",
    }
    for _ in range(2):
        said = ben.post("preferences/", words).json()
        assert (said["daily_at"], said["quiet_from"], said["quiet_until"]) == (7, "22:00", "06:00")
    assert ben.post("preferences/", {"weekly": True}).json()["weekly"]
    assert ben.post("preferences/", {"daily_at": None}).json()["quiet_from"] == "22:00"
    assert ben.get("preferences/").json()["daily_at"] is None
    assert ben.get("preferences/").json()["weekly"]
    assert choices_of(world.ben).paces[Kind.NOTES, "mail"] is Pace.NEVER
    assert choices_of(world.bo).paces[Kind.NOTES, "mail"] is Pace.AT_ONCE


def test_a_viewer_and_a_client_choose_too(world: World, call: Call) -> None:
    for member in (world.vic, world.cleo):
        assert call(member).post("preferences/", {"daily_at": 9}).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        {"paces": [{"kind": "alarms", "channel": "mail", "pace": "never"}]},
        {"paces": [{"kind": "alarms", "channel": "mail", "pace": "digest"}]},
        {"paces": [{"kind": "notes", "channel": "pigeon", "pace": "never"}]},
        {"paces": [{"kind": "nonsense", "channel": "mail", "pace": "never"}]},
        {"paces": [{"kind": "notes"}]},
        {"paces": "all"},
        {"daily_at": 24},
        {"daily_at": "soon"},
        {"quiet_from": "22:00"},
        {"quiet_from": "late", "quiet_until": "06:00"},
        {"quiet": True},
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], world: World, call: Call) -> None:
    before = choices_of(world.ben)
    assert call(world.ben).post("preferences/", words).status_code == 422
    assert choices_of(world.ben) == before


def test_it_takes_as_many_queries_as_are_pinned(world: World, call: Call) -> None:
    ben = call(world.ben)
    ben.get("preferences/")
    with pinned("api_preferences"):
        ben.get("preferences/")
