"""Flows over the API: taken in from files, given out, mended and published, each with the list of what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from handoffs.actions.flows import create_flow, export_flow
from handoffs.flows.files import FILE_SCHEMA
from handoffs.models import Flow, FlowVersion
from tenants.actions import issue_token
from tenants.models import Member
from tenants.scope import scope
from tests.handoffs.flows.some import install_work
from tests.pinned import pinned
from tests.portal.api.conftest import HOME, Call, Caller
from tests.portal.pages.flows import REVIEW, review
from tests.world import World, build_elsewhere

BPMN = (Path(__file__).parents[2] / "handoffs/flows/bpmn/complaint.bpmn").read_bytes()
READERS = {
    "versions/1/": "api_flow_version",
    "versions/1/file/": "api_flow_file",
    "versions/1/bpmn/": "api_flow_bpmn",
    "versions/": "api_flow_versions",
}


def send_xml(caller: Caller, content: bytes, query: str = "", **headers: str) -> Any:
    return caller.client.post(f"{HOME}flows/{query}", content, content_type="application/xml", headers=headers)


def test_a_flow_leaves_and_comes_back_under_another_name(world: World, call: Call) -> None:
    version, olga = review(world), call(world.olga)
    filed = olga.get(f"flows/{version.flow_id}/versions/1/file/").json()
    assert filed == export_flow(version, world.olga)
    assert olga.post("flows/", filed).status_code == 409  # its name is taken here
    answer = olga.post("flows/?name=Taken%20in", filed)
    made = FlowVersion.objects.get(flow__name="Taken in")
    assert answer.status_code == 201, answer.json()
    assert answer["Location"].endswith(f"/flows/{made.flow_id}/versions/1/")
    assert (answer.json()["document"], answer.json()["problems"]) == (made.document, [])
    assert made.document == version.document


def test_a_file_is_taken_in_once_under_its_key(world: World, call: Call) -> None:
    version, olga = review(world), call(world.olga)
    filed = export_flow(version, world.olga) | {"name": "Another"}
    first, again = (olga.post("flows/", filed, **{"Idempotency-Key": '"one"'}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, first["Location"]) == (again.content, again["Location"])
    assert Flow.objects.filter(name="Another").count() == 1
    other = olga.post("flows/?name=Third", filed, **{"Idempotency-Key": '"one"'})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_process_in_bpmn_comes_in_and_goes_out(world: World, call: Call) -> None:
    version, olga = review(world), call(world.olga)
    xml = olga.get(f"flows/{version.flow_id}/versions/1/bpmn/")
    assert (xml["Content-Type"], xml["X-Content-Type-Options"]) == ("application/xml; charset=utf-8", "nosniff")
    assert xml["Content-Disposition"].startswith("attachment")
    first, again = (send_xml(olga, xml.content, "?name=Once%20more", **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.status_code == again.status_code == 201, first.json()
    assert FlowVersion.objects.get(flow__name="Once more").document == version.document
    assert isinstance(first.json()["notes"], list)


def test_what_is_not_understood_of_bpmn_is_told_with_its_line(world: World, call: Call) -> None:
    strange = BPMN.replace(b"userTask", b"serviceTask", 2)
    answer = send_xml(call(world.olga), strange)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "bpmn_not_understood")
    assert answer["Content-Type"] == "application/problem+json"
    assert all(one["line"] > 1 and one["sentence"] and one["code"] == "not_understood" for one in told["strange"])
    assert not Flow.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"<", b"\xff\xfe", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"x" * 1_000_001]
)
def test_what_is_no_xml_is_refused(content: bytes, world: World, call: Call) -> None:
    answer = send_xml(call(world.olga), content)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("filed", "code", "place"),
    [
        ({}, "flow_unreadable", ""),
        ({"handrail": "flow/9", "name": "X"}, "flow_unreadable", "handrail"),
        ({"handrail": "flow/1", "name": "X", "surprise": 1}, "flow_unreadable", "surprise"),
        ({"handrail": "flow/1", "name": "X", "steps": [{"key": "a"}]}, "flow_unreadable", "steps/0"),
        (
            {"handrail": "flow/1", "name": "X", "roles": [{"key": "a", "label": "A", "team": "Ghosts"}]},
            "missing_here",
            "roles/0/team",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(
    filed: Any, code: str, place: str, world: World, call: Call
) -> None:
    told = call(world.olga).post("flows/", filed).json()
    assert (told["status"], told["code"]) == (422, code)
    assert place in [problem["place"] for problem in told["problems"]], told["problems"]
    assert all(problem["sentence"] and problem["code"] for problem in told["problems"])
    assert not Flow.objects.exists()


@pytest.mark.parametrize(("filed", "status"), [("[", 400), ("[]", 422), ("7", 422), ("[" * 90_000, 400), ("null", 422)])
def test_a_body_that_is_no_file(filed: str, status: int, world: World, call: Call) -> None:
    assert call(world.olga).post("flows/", filed).status_code == status


def test_a_draft_is_mended_and_published(world: World, call: Call) -> None:
    install_work(world)
    olga = call(world.olga)
    draft = create_flow(name="Review", by=world.olga, at=world.now)
    address = f"flows/{draft.flow_id}/versions/1"
    refused = olga.post(f"{address}/publish", {}).json()
    assert (refused["status"], refused["code"]) == (422, "flow_has_problems")
    assert {"place", "sentence", "code", "severity"} == refused["problems"][0].keys()
    seen = olga.get(f"{address}/").json()
    assert [each["code"] for each in seen["problems"]] == [each["code"] for each in refused["problems"]]
    written = olga.post(f"{address}/write", {"document": REVIEW, "base": seen["fingerprint"]})
    assert (written.status_code, written.json()["problems"]) == (200, [])
    published = [olga.post(f"{address}/publish", {"base": written.json()["fingerprint"]}) for _ in range(2)]
    assert [answer.status_code for answer in published] == [200, 200]
    assert published[0].json()["published_at"] == published[1].json()["published_at"] is not None
    assert olga.post(f"{address}/write", {"document": {}}).status_code == 409
    following = [olga.post(f"flows/{draft.flow_id}/revise").json() for _ in range(2)]
    assert [each["version"] for each in following] == [2, 2]
    assert olga.get(f"flows/{draft.flow_id}/").json()["version"] == 1


def test_nobody_publishes_or_overwrites_what_they_have_not_seen(world: World, call: Call) -> None:
    draft, olga = review(world), call(world.olga)
    address = f"flows/{draft.flow_id}/versions/1"
    base = olga.get(f"{address}/").json()["fingerprint"]
    olga.post(f"{address}/write", {"document": {**REVIEW, "steps": REVIEW["steps"][:1]}})
    for verb, words in (("publish", {}), ("write", {"document": REVIEW})):
        answer = olga.post(f"{address}/{verb}", {**words, "base": base})
        assert (answer.status_code, answer.json()["code"]) == (409, "flow_changed")
    assert not FlowVersion.objects.get(pk=draft.pk).is_frozen


@pytest.mark.parametrize(
    ("name", "read", "draft", "written"),
    [("ana", 200, 403, 403), ("vic", 200, 403, 403), ("cleo", 404, 404, 404)],
)
def test_who_reads_and_who_writes(name: str, read: int, draft: int, written: int, world: World, call: Call) -> None:
    in_use, drafted = review(world, published=True), review(world, "Drafted")
    caller = call(getattr(world, name))
    assert caller.get(f"flows/{in_use.flow_id}/versions/1/").status_code == read
    assert caller.get(f"flows/{in_use.flow_id}/versions/1/file/").status_code == written
    assert caller.get(f"flows/{in_use.flow_id}/versions/1/bpmn/").status_code == written
    assert caller.get(f"flows/{drafted.flow_id}/versions/1/").status_code == draft
    assert caller.post(f"flows/{drafted.flow_id}/versions/1/publish", {}).status_code == written
    assert caller.post(f"flows/{drafted.flow_id}/versions/1/write", {"document": {}}).status_code == written
    assert caller.post(f"flows/{drafted.flow_id}/revise").status_code == written
    assert caller.post("flows/", export_flow(in_use, world.olga) | {"name": "New"}).status_code == 403
    assert FlowVersion.objects.count() == 2
    if read == 200:
        assert caller.get(f"flows/{drafted.flow_id}/versions/").json()["results"] == []


def test_another_organizations_flow_is_not_there(world: World, call: Call) -> None:
    version = review(world)
    elsewhere = build_elsewhere("afar")
    with scope(elsewhere):
        owner = Member.objects.get(user__name="Stan")
        _, key = issue_token(member=owner, name="Test", by=owner, at=timezone.now())
    stan = Caller(key)
    for path in READERS:
        address = f"/o/afar/api/v1/flows/{version.flow_id}/{path}"
        assert stan.client.get(address).status_code == 404
        assert stan.client.get(address.replace("afar", "fjord")).status_code in (401, 404)
    for verb in ("revise", "versions/1/publish", "versions/1/write"):
        address = f"/o/afar/api/v1/flows/{version.flow_id}/{verb}"
        assert stan.client.post(address, {"document": {}}, content_type="application/json").status_code == 404


def test_what_is_not_there_and_a_wrong_method(world: World, call: Call) -> None:
    version, olga = review(world), call(world.olga)
    for path in ("flows/999999/versions/", f"flows/{version.flow_id}/versions/7/", f"flows/{10**30}/versions/1/file/"):
        assert olga.get(path).status_code == 404
    for path in READERS:
        assert olga.post(f"flows/{version.flow_id}/{path}", {}).status_code == 405
    assert olga.get(f"flows/{version.flow_id}/versions/1/publish").status_code == 405
    assert olga.post(f"flows/{version.flow_id}/versions/1/publish", {"surprise": 1}).status_code == 422
    assert olga.post(f"flows/{version.flow_id}/versions/1/write", {"document": {"steps": 7}}).status_code == 422


def test_the_schema_of_files_is_served(world: World, call: Call) -> None:
    assert call(world.ana).get("flow_file_schema/").json() == json.loads(json.dumps(FILE_SCHEMA))


@pytest.mark.parametrize("path", READERS)
def test_reading_takes_as_many_queries_as_are_pinned(path: str, world: World, call: Call) -> None:
    version, olga = review(world, published=True), call(world.olga)
    address = f"flows/{version.flow_id}/{path}"
    olga.get(address)
    with pinned(READERS[path]):
        assert olga.get(address).status_code == 200


def test_taking_in_and_publishing_take_as_many_queries_as_are_pinned(world: World, call: Call) -> None:
    draft, olga = review(world), call(world.olga)
    filed = export_flow(draft, world.olga)
    olga.post("flows/?name=First", filed)
    with pinned("api_import_flow"):
        assert olga.post("flows/?name=Second", filed).status_code == 201
    with pinned("api_publish_flow"):
        assert olga.post(f"flows/{draft.flow_id}/versions/1/publish", {}).status_code == 200
