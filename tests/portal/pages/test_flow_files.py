"""Flows that arrive and leave as files, and those that are ready from the first day."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from handoffs.actions.flows import export_flow
from handoffs.flows.starters import STARTERS
from handoffs.models import Flow, FlowVersion
from tests.portal.pages.conftest import Visit, Visitor
from tests.portal.pages.flows import review
from tests.world import World


def sent(visitor: Visitor, content: Any, **given: str) -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("flow.json", text, content_type="application/json")
    return visitor.client.post(visitor.home + "flows/import/", {"file": file, **given})


def test_a_flow_leaves_as_a_file_and_comes_back_under_another_name(world: World, visit: Visit) -> None:
    version, olga = review(world), visit("olga")
    answer = olga.get(f"flows/{version.flow_id}/versions/1/flow.json")
    assert answer["Content-Disposition"] == 'attachment; filename="review-v1.json"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    filed = json.loads(answer.content)
    assert filed == export_flow(version, world.olga)
    assert sent(olga, filed).status_code == 409  # its name is taken here
    arrived = sent(olga, filed, name="Review, taken in")
    made = FlowVersion.objects.get(flow__name="Review, taken in")
    assert (arrived.status_code, arrived["Location"]) == (303, f"/o/fjord/flows/{made.flow_id}/edit/")
    assert made.document == version.document
    assert "with 3 steps and 2 roles" in olga.read(f"flows/{made.flow_id}/edit/")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b"x" * 4_000_001, "more than 1,000,000"),
        ([], "must be an object"),
        ({"handrail": "flow/9", "name": "X"}, "the format that this portal reads"),
        ({"handrail": "flow/1", "name": "X", "<script>": 1}, "&lt;script&gt;"),
        ({"handrail": "flow/1", "name": "\x00"}, "cannot be stored"),
        ({"handrail": "flow/1", "name": "\ud800"}, "cannot be stored"),
        ({"handrail": "flow/1", "name": "X", "steps": [{"key": "a"}] * 3}, "is missing"),
        ({"handrail": "flow/1", "name": "X", "roles": [{"key": "a", "label": "A", "team": "Ghosts"}]}, "Ghosts"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_the_list(
    content: Any, sentence: str, world: World, visit: Visit
) -> None:
    answer = sent(visit("olga"), content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Flow.objects.exists()


def test_without_a_file_nothing_is_taken_in(world: World, visit: Visit) -> None:
    assert visit("olga").post("flows/import/").status_code == 422
    assert visit("olga").post("flows/import/", file="text").status_code == 422


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("vic", 403), ("cleo", 404), ("stan", 404)])
def test_files_are_for_those_who_run_the_organization(name: str, status: int, world: World, visit: Visit) -> None:
    version, visitor = review(world), visit(name)
    assert visitor.get("flows/import/").status_code == status
    assert sent(visitor, {}).status_code == status
    assert visitor.get(f"flows/{version.flow_id}/versions/1/flow.json").status_code == status
    assert visitor.get("flows/schema.json").status_code == (200 if status == 403 else 404)


def test_what_is_not_there_and_a_wrong_method(world: World, visit: Visit) -> None:
    version, olga = review(world), visit("olga")
    assert olga.get(f"flows/{version.flow_id}/versions/7/flow.json").status_code == 404
    assert olga.post(f"flows/{version.flow_id}/versions/1/flow.json").status_code == 405
    assert olga.post("flows/schema.json").status_code == 405
    assert olga.client.delete("/o/fjord/flows/import/").status_code == 405


def test_the_schema_says_what_a_file_looks_like(world: World, visit: Visit) -> None:
    answer = visit("olga").get("flows/schema.json")
    assert answer["Content-Type"] == "application/schema+json"
    assert json.loads(answer.content)["required"] == ["handrail", "name"]
    assert "/o/fjord/flows/schema.json" in visit("olga").read("flows/import/")


def test_a_ready_flow_is_there_at_once_and_offered_only_once(world: World, visit: Visit) -> None:
    olga, first = visit("olga"), STARTERS[0]
    assert first.description in olga.read("flows/new/")
    answer = olga.post("flows/new/", begin=first.key)
    made = Flow.objects.get(starter=first.key)
    assert (answer.status_code, answer["Location"]) == (303, f"/o/fjord/flows/{made.pk}/")
    assert "Published" in olga.read(f"flows/{made.pk}/")
    assert first.description not in olga.read("flows/new/")
    assert olga.post("flows/new/", begin=first.key).status_code == 422


BPMN = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="Holiday">
  <startEvent id="s"/><userTask id="ask" name="Ask for it"/>{more}<endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="{to}"/>
</process></definitions>"""


def test_a_process_in_bpmn_comes_in_with_what_was_decided_and_goes_out_again(world: World, visit: Visit) -> None:
    olga = visit("olga")
    answer = sent(olga, BPMN.format(more="", to="e").encode())
    made = FlowVersion.objects.get(flow__name="Holiday")
    assert (answer.status_code, answer["Location"]) == (303, f"/o/fjord/flows/{made.flow_id}/edit/")
    assert "no lanes" in olga.read(f"flows/{made.flow_id}/edit/")
    given = olga.get(f"flows/{made.flow_id}/versions/1/flow.bpmn")
    assert given["Content-Disposition"] == 'attachment; filename="holiday-v1.bpmn"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert sent(olga, given.content, name="Holiday, again").status_code == 303
    assert FlowVersion.objects.get(flow__name="Holiday, again").document == made.document


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            BPMN.format(more='<serviceTask id="call" name="Call &lt;it&gt;"/>', to="call").encode(),
            "line 3, serviceTask “Call &lt;it&gt;”",
        ),
        (b"<", "no XML that can be read"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities have no place"),
        (b"<a/>", "no BPMN 2.0 file"),
    ],
)
def test_a_process_that_is_not_understood_is_refused_with_its_lines(
    content: bytes, sentence: str, world: World, visit: Visit
) -> None:
    answer = sent(visit("olga"), content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Flow.objects.exists()
