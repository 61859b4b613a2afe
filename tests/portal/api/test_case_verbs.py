"""The verbs of a case over the API: done, done twice, not yours, not now, and what was sent makes no sense."""

from typing import Any

import pytest

from handoffs.models import Case, Turn
from portal.api.case_verbs import CASE_DEEDS
from tests.onboarding import intake_done, launched
from tests.portal.api.conftest import Call
from tests.world import World


@pytest.fixture
def case(world: World) -> Case:
    made = launched(world)
    intake_done(world, made)
    return made


def words(verb: str, world: World) -> dict[str, Any]:
    """What makes sense for each verb in that case."""
    step = {"key": "legal", "label": "Legal look", "receiver": "sales", "giver": "sales", "after": [{"step": "papers"}]}
    known: dict[str, dict[str, Any]] = {
        "skip": {"step": "access"},
        "send_back": {"step": "papers", "to_step": "intake", "reason_code": "wrong_information"},
        "add_step": {"step": step, "before": ["check"]},
        "reassign": {"role": "sales", "team": world.team("Onboarding").id},
        "entrust": {"to": world.ben.id},
        "cancel": {},
    }
    return {**known[verb], "reason": "Because"}


@pytest.mark.parametrize("verb", CASE_DEEDS)
def test_a_verb_is_done_by_those_whose_it_is(verb: str, case: Case, world: World, call: Call) -> None:
    doer = world.carl if verb == "send_back" else world.ana
    address = f"cases/{case.reference}/{verb}"
    answer = call(doer).post(address, words(verb, world))
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    states = {step["key"]: step["state"] for step in told["steps"]}
    expected = {
        "skip": lambda: states["access"] == "skipped",
        "send_back": lambda: states["intake"] == "live",
        "add_step": lambda: states["legal"] == "to_come",
        "reassign": lambda: next(c for c in told["casting"] if c["role"] == "sales")["team"]["name"] == "Onboarding",
        "entrust": lambda: told["owner"]["name"] == "Ben",
        "cancel": lambda: told["state"] == "cancelled",
    }
    assert expected[verb]()
    if verb not in ("add_step", "send_back", "entrust"):  # which cannot be meant twice, or is not theirs any more
        assert call(doer).post(address, words(verb, world)).status_code == 200


@pytest.mark.parametrize("verb", CASE_DEEDS)
def test_nobody_else_does_it(verb: str, case: Case, world: World, call: Call) -> None:
    address = f"cases/{case.reference}/{verb}"
    assert call(world.max).post(address, words(verb, world)).status_code in (403, 409)
    assert call(world.nils).post(address, words(verb, world)).status_code == 404
    assert call(world.ana).get(address).status_code == 405
    if verb not in ("send_back", "reassign", "entrust"):
        assert call(world.cleo).post(address, words(verb, world)).status_code == 403
    assert Turn.objects.get(case=case, step="papers", undone_at=None).state == "live"
    case.refresh_from_db()
    assert (case.state, case.owner_id) == ("running", world.ana.id)


@pytest.mark.parametrize("verb", CASE_DEEDS)
def test_what_makes_no_sense_is_told(verb: str, case: Case, world: World, call: Call) -> None:
    ana, address = call(world.ana), f"cases/{case.reference}/{verb}"
    assert ana.post(address, {}).status_code == 422
    assert ana.post(address, {**words(verb, world), "surprise": 1}).status_code == 422
    assert ana.post(address, {**words(verb, world), "reason": 7}).status_code == 422
    assert ana.post(address, "[").status_code == 400
    for key in words(verb, world).keys() - {"reason", "before"}:
        assert ana.post(address, {**words(verb, world), key: {"a": ["b"]}}).status_code == 422
    if verb != "cancel":
        assert ana.post(address, {**words(verb, world), "reason": ""}).status_code in (403, 422)


def test_not_any_more_once_it_is_over(case: Case, world: World, call: Call) -> None:
    ana = call(world.ana)
    ana.post(f"cases/{case.reference}/cancel", {"reason": "They went elsewhere"})
    assert ana.get(f"cases/{case.reference}/").json()["allowed"] == []
    assert ana.post(f"cases/{case.reference}/skip", words("skip", world)).status_code == 409
