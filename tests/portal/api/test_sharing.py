"""Sharing one handoff through the API: listed, shared, taken back, and told to nobody who should not know."""

from typing import Any

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from tests.portal.api.conftest import Call
from tests.world import World


def test_listed_shared_and_taken_back(world: World, call: Call) -> None:
    handoff = world.handoff(at=State.STARTED)
    path, ben, nils = f"handoffs/{handoff.reference}/", call(world.ben), call(world.nils)
    assert "share" in ben.get(path).json()["allowed"]
    assert ben.get(f"{path}sharing/").json() == {"teams": [], "members": []}
    assert nils.get(f"{path}sharing/").status_code == 404
    assert ben.post(f"{path}share", {"member": world.nils.pk}).status_code == 200
    assert ben.post(f"{path}share", {"team": world.team("Support").pk, "member": None}).status_code == 200
    named = {"teams": [world.team("Support").name], "members": ["Nils"]}
    told = nils.get(f"{path}sharing").json()
    assert {kind: [each["name"] for each in rows] for kind, rows in told.items()} == named
    sentences = [event["sentence"] for event in ben.get(f"{path}events/").json()["results"]]
    assert sentences[-2:] == ["Ben shared this with Nils", "Ben shared this with Support"]
    assert ben.post(f"{path}unshare", {"member": world.nils.pk}).status_code == 200
    assert nils.get(path).status_code == 404


@pytest.mark.parametrize("words", [{}, {"team": None}, {"team": 1, "member": 1}, {"team": "x"}, {"member": 10**30}])
def test_one_of_the_two_must_be_named(world: World, call: Call, words: Any) -> None:
    if words.get("team") == 1:
        words = {"team": world.team("Support").pk, "member": world.nils.pk}
    ana, path = call(world.ana), f"handoffs/{world.handoff().reference}/"
    for verb in ("share", "unshare"):
        answer = ana.post(f"{path}{verb}", words)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_client_is_told_of_nobody_and_shares_nothing(world: World, call: Call) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    handoff = actions.accept(handoff, by=world.cleo, at=world.later(minutes=1))
    actions.share(handoff, by=world.olga, at=world.later(minutes=1), to=world.nils)
    cleo, path = call(world.cleo), f"handoffs/{handoff.reference}/"
    assert cleo.get(f"{path}sharing/").json() == {"teams": [], "members": []}
    assert "share" not in cleo.get(path).json()["allowed"]
    assert cleo.post(f"{path}share", {"member": world.carl.pk}).status_code == 403
    assert not [event for event in cleo.get(f"{path}events/").json()["results"] if event["verb"] == "share"]
    assert cleo.post(f"{path}unshare", {"member": world.nils.pk}).status_code == 422


def test_only_get_lists(world: World, call: Call) -> None:
    path = f"handoffs/{world.handoff().reference}/sharing/"
    assert call(world.ana).post(path, {}).status_code == 405
