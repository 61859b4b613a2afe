"""`Idempotency-Key`: a new handoff asked for twice is made once, whoever was in a hurry and whatever got lost."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from handoffs.models import Handoff, RememberedAnswer
from handoffs.remembered import KEPT_FOR
from handoffs.schedule import RECURRING
from tenants.actions import issue_token
from tenants.models import Organization
from tenants.scope import scope
from tests.handoffs.apart import database_apart
from tests.portal.api.conftest import HOME, Call, description
from tests.world import World, build

KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"'


def new(world: World, title: str = "Signed contract") -> dict[str, Any]:
    return {"workspace": world.projects.pk, "title": title}


def made() -> int:
    return Handoff.objects.count()


def test_the_same_request_gets_the_same_answer_and_makes_nothing(world: World, call: Call) -> None:
    ana, before = call(world.ana), made()
    first = ana.post("handoffs/", new(world), **{"Idempotency-Key": KEY})
    assert first.status_code == 201
    # Meanwhile it went on, and the answer is still the first one.
    ana.post(f"handoffs/{first.json()['reference']}/offer", {"to_team": world.team("Onboarding").pk})
    for path in ("handoffs/", "handoffs"):
        again = ana.post(path, new(world), **{"Idempotency-Key": KEY})
        assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert made() == before + 1


def test_without_a_key_two_requests_are_two(world: World, call: Call) -> None:
    ana, before = call(world.ana), made()
    answers = [ana.post("handoffs/", new(world)) for _ in range(2)]
    assert answers[0].json().keys() == ana.post("handoffs/", new(world), **{"Idempotency-Key": KEY}).json().keys()
    assert made() == before + 3


def test_the_same_json_otherwise_written_is_the_same(world: World, call: Call) -> None:
    ana, before = call(world.ana), made()
    ana.post("handoffs/", json.dumps(new(world)), **{"Idempotency-Key": KEY})
    backwards = json.dumps(dict(reversed(new(world).items())), indent=3)
    assert ana.post("handoffs/", backwards, **{"Idempotency-Key": KEY}).status_code == 201
    assert made() == before + 1


def test_another_body_under_the_same_key_is_refused(world: World, call: Call) -> None:
    ana, before = call(world.ana), made()
    ana.post("handoffs/", new(world), **{"Idempotency-Key": KEY})
    for body in (new(world, "Another contract"), {}, []):
        answer = ana.post("handoffs/", body, **{"Idempotency-Key": KEY})
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"].endswith(".")
    assert made() == before + 1


def test_a_refused_request_does_not_use_its_key_up(world: World, call: Call) -> None:
    ana, before = call(world.ana), made()
    assert ana.post("handoffs/", {"title": "Nowhere"}, **{"Idempotency-Key": KEY}).status_code == 422
    assert ana.post("handoffs/", "{", **{"Idempotency-Key": KEY}).status_code == 400
    assert not RememberedAnswer.objects.exists()
    assert ana.post("handoffs/", new(world), **{"Idempotency-Key": KEY}).status_code == 201
    assert made() == before + 1


def test_a_key_is_each_members_own(world: World, call: Call) -> None:
    before = made()
    answers = [call(who).post("handoffs/", new(world), **{"Idempotency-Key": KEY}) for who in (world.ana, world.ben)]
    assert [answer.json()["sender"]["name"] for answer in answers] == ["Ana", "Ben"]
    assert made() == before + 2


def test_quotes_may_be_left_out_and_what_they_escape_counts(world: World, call: Call) -> None:
    ana, before = call(world.ana), made()
    for key in (KEY, KEY.strip('"')):
        ana.post("handoffs/", new(world), **{"Idempotency-Key": key})
    assert made() == before + 1
    ana.post("handoffs/", new(world), **{"Idempotency-Key": r'"say \"when\" \\"'})
    assert RememberedAnswer.objects.filter(key='say "when" \\').exists()


@pytest.mark.parametrize("key", ["", '""', '"', '"open', "two words", '"a"b"', "x" * 256, '"é"', "a;b", '"tab\t"'])
def test_what_is_no_key_is_refused_before_anything_is_made(world: World, call: Call, key: str) -> None:
    before = made()
    answer = call(world.ana).post("handoffs/", new(world), **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert made() == before


def test_a_day_later_it_is_forgotten(world: World, call: Call) -> None:
    ana = call(world.ana)
    for key in ("old", "new"):
        ana.post("handoffs/", new(world), **{"Idempotency-Key": key})
    now = timezone.now()
    RememberedAnswer.objects.filter(key="old").update(at=now - KEPT_FOR - timedelta(minutes=1))
    [forget] = [recurring for recurring in RECURRING if recurring.name == "forget old answers"]
    assert forget.do(None, now)
    assert list(RememberedAnswer.objects.values_list("key", flat=True)) == ["new"]
    before = made()
    assert ana.post("handoffs/", new(world), **{"Idempotency-Key": "old"}).status_code == 201
    assert made() == before + 1


def test_it_is_described() -> None:
    [header] = description()["paths"]["/api/v1/handoffs/"]["post"]["parameters"]
    assert (header["name"], header["in"]) == ("Idempotency-Key", "header")
    assert not header.get("required")
    assert "idempotency_key_reused" in header["description"]


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[Organization]:
    """Committed rows in a database apart: requests at the same instant are different transactions."""
    with django_db_blocker.unblock(), database_apart("repeating"):
        yield build()


def test_at_the_same_instant_one_is_made_and_all_get_its_answer(crowd: Organization) -> None:
    with scope(crowd):
        world = World(crowd)
        _, secret = issue_token(member=world.ana, name="Test", by=world.ana, at=timezone.now())
        body = new(world)
    rounds, at_once = 8, 6
    start = threading.Barrier(at_once)

    def ask(key: str) -> tuple[int, bytes]:
        from django.test import Client

        try:
            client = Client(headers={"authorization": f"Bearer {secret}", "Idempotency-Key": key})
            start.wait(timeout=30)
            answer = client.post(f"{HOME}handoffs/", json.dumps(body), content_type="application/json")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        for number in range(rounds):
            answers = set(pool.map(ask, [f"round-{number}"] * at_once))
            assert {status for status, _ in answers} == {201}
            assert len(answers) == 1, "one answer for all"
    with scope(crowd):
        assert Handoff.objects.count() == rounds
