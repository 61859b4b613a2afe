"""Accepting with a read-back over the API: what is asked, what is refused, what is kept."""

from typing import Any

import pytest

from handoffs.definition.read_back import Grade
from handoffs.lifecycle import State
from handoffs.models import Event, Question
from tests.paying import FACTS, SAID, payment
from tests.portal.api.conftest import Call
from tests.world import World


def test_a_template_says_what_is_read_back(world: World, call: Call) -> None:
    version = payment(world).template_version
    assert version is not None
    told = call(world.ben).get(f"templates/{version.template_id}/versions/1/").json()
    assert (told["read_back"], told["key_facts"]) == ("full", ["amount", "due", "payee"])


def test_a_full_read_back(world: World, call: Call) -> None:
    handoff = payment(world)
    ben, path = call(world.ben), f"handoffs/{handoff.reference}"
    seen = ben.get(path)
    assert seen.json()["context"] == {"why": "A refund"}
    assert seen.json()["read_back"] == {"grade": "full", "asks": ["amount", "due", "payee"], "done": None}
    assert all(event["facts"] == {} for event in ben.get(f"{path}/events").json()["results"])
    assert call(world.ana).get(path).json()["context"]["amount"] == FACTS["amount"]
    needed = ben.post(f"{path}/accept")
    assert (needed.status_code, needed.json()["code"], needed.json()["grade"]) == (422, "read_back_needed", "full")
    assert [fact["key"] for fact in needed.json()["facts"]] == ["amount", "due", "payee"]
    accepted = ben.post(f"{path}/accept", {"read_back": SAID})
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    done = accepted.json()["read_back"]["done"]
    assert done["by"]["name"] == "Ben"
    assert done["facts"][0] == {"key": "amount", "label": "Amount", "stands": "4200.50", "said": "4200.50"}
    again = ben.post(f"{path}/accept", {"read_back": SAID})
    assert again.status_code == 200


def test_what_differs_is_a_conflict_and_the_question_stays(world: World, call: Call) -> None:
    handoff = payment(world)
    ben, path = call(world.ben), f"handoffs/{handoff.reference}/accept"
    for _ in range(2):
        answer = ben.post(path, {"read_back": {**SAID, "payee": "Southwind"}})
        assert (answer.status_code, answer.json()["code"]) == (409, "read_back_differs")
        assert (answer.json()["differs"], answer.json()["holder"]) == (["Payee"], "Ana")
        assert "Northwind" not in answer.content.decode()
    assert Question.objects.get(handoff=handoff).asked_member == world.ana
    handoff.refresh_from_db()
    assert (handoff.state, handoff.custodian) == (State.OFFERED, world.ana)
    assert ben.post(path, {"read_back": SAID}).status_code == 200


def test_one_tap(world: World, call: Call) -> None:
    handoff = payment(world, Grade.ONE_TAP)
    ben, path = call(world.ben), f"handoffs/{handoff.reference}"
    assert ben.get(path).json()["context"]["amount"] == FACTS["amount"]
    assert ben.post(f"{path}/accept").json()["code"] == "read_back_needed"
    assert ben.post(f"{path}/accept", {"facts_read": False}).json()["code"] == "read_back_needed"
    done = ben.post(f"{path}/accept", {"facts_read": True}).json()["read_back"]["done"]
    assert (done["grade"], done["facts"][0]) == ("one_tap", {"key": "amount", "label": "Amount", "stands": "4200.50"})


@pytest.mark.parametrize(
    "words",
    [
        {"read_back": "4200"},
        {"read_back": [1]},
        {"read_back": None},
        {"read_back": {"amount": {"a": 1}, "due": [], "payee": 7}},
        {"read_back": {**SAID, "payee": "a\x00b"}},
        {"read_back": {**SAID, "other": "x"}},
        {"read_back": {**SAID, "amount": 10**400}},
        {"facts_read": "perhaps"},
        {"answers": SAID},
    ],
)
def test_bad_input_is_told_and_changes_nothing(world: World, call: Call, words: Any) -> None:
    handoff = payment(world)
    before = Event.objects.of(handoff.pk).count()
    assert call(world.ben).post(f"handoffs/{handoff.reference}/accept", words).status_code in (400, 422)
    assert Event.objects.of(handoff.pk).count() == before


@pytest.mark.parametrize(("name", "status"), [("vic", 403), ("cleo", 404)])
def test_it_is_the_receivers_to_do(world: World, call: Call, name: str, status: int) -> None:
    handoff = payment(world)
    answer = call(getattr(world, name)).post(f"handoffs/{handoff.reference}/accept", {"read_back": SAID})
    assert answer.status_code == status
