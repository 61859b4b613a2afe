"""The OpenAPI description and its page."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from handoffs.lifecycle import State, Verb
from handoffs.models import Handoff
from portal.api.words import DEEDS, Nothing
from tests.portal.api.conftest import HOME, Call, description
from tests.world import World


def test_it_is_made_without_a_warning_and_is_valid(tmp_path: Path) -> None:
    made = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    assert yaml.safe_load(made.read_text())["openapi"].startswith("3.1")


@pytest.mark.parametrize("verb", DEEDS)
def test_every_verb_is_described_with_its_words(verb: Verb) -> None:
    operation = description()["paths"][f"/api/v1/handoffs/{{reference}}/{verb}/"]["post"]
    assert operation["operationId"] == f"{verb}_handoff"
    assert {"200", "401", "403", "404", "409", "422"} <= operation["responses"].keys()
    words = DEEDS[verb].words
    if words is Nothing:
        assert "requestBody" not in operation
        return
    media_type = "multipart/form-data" if verb is Verb.ATTACH else "application/json"
    assert list(operation["requestBody"]["content"]) == [media_type]
    name = operation["requestBody"]["content"][media_type]["schema"]["$ref"].rpartition("/")[2]
    assert description()["components"]["schemas"][name]["properties"].keys() == words().fields.keys()


def test_either_way_in_is_enough() -> None:
    for operations in description()["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"token": []}, {"session": []}]


def test_an_organization_gets_its_own_address(world: World, call: Call) -> None:
    answer = call(world.ana).client.get("/o/fjord/api/schema/?format=json")
    assert answer.json()["servers"] == [{"url": "/o/fjord"}]
    assert "/api/v1/handoffs/" in answer.json()["paths"]
    assert Client().get("/o/fjord/api/schema/").status_code == 401


def test_the_page_asks_nobody_else_for_anything(world: World, call: Call) -> None:
    answer = call(world.ana).client.get("/o/fjord/api/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    asked = re.findall(r'(?:href|src|data-schema)="([^"]+)"', page)
    assert len(asked) >= 5
    assert all(address.startswith("/") and not address.startswith("//") for address in asked), asked
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    assert Client().get("/o/fjord/api/docs/").status_code == 401
    assert call(world.ana).client.post("/o/fjord/api/docs/").status_code == 405


def test_a_fault_of_ours_is_a_problem_too_and_undoes_what_was_written(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff, ben = world.handoff(at=State.OFFERED), call(world.ben)
    ben.client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise RuntimeError("our own mistake")

    monkeypatch.setattr("portal.api.verbs.detail", broken)
    answer = ben.client.post(f"{HOME}handoffs/{handoff.reference}/accept")
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "mistake" not in answer.content.decode()
    assert Handoff.objects.get(pk=handoff.pk).state == State.OFFERED
