"""Flows in the admin: a draft is written as its document, published, revised and retired by the actions alone."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from handoffs.actions.cases import launch
from handoffs.actions.flows import export_flow
from handoffs.models import Case, Flow, FlowVersion
from tests.pinned import pinned
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.pages.flows import review
from tests.world import World

LIST = "handoffs/flow/"


def page(thing: Flow | FlowVersion | Case) -> str:
    return f"handoffs/{thing._meta.model_name}/{thing.pk}/change/"


def button(thing: Flow | FlowVersion, name: str) -> str:
    return f"handoffs/{thing._meta.model_name}/{thing.pk}/{name}/"


@pytest.fixture
def draft(world: World) -> FlowVersion:
    return review(world)


def test_a_flow_is_made_written_and_published(world: World, olga: Visitor, draft: FlowVersion) -> None:
    answer = olga.save(f"{LIST}add/", name="Holiday", description="Who may go")
    made = FlowVersion.objects.get(flow__name="Holiday")
    assert answer["Location"] == f"/o/fjord/admin/{page(made)}"
    assert b"A flow needs at least one step" in olga.get(page(made)).content
    assert olga.save(page(made), text=json.dumps(draft.document)).status_code == 302
    made.refresh_from_db()
    assert made.document == draft.document
    assert b"None: it can be published" in olga.get(page(made)).content
    for _ in range(2):
        assert olga.post(button(made, "publish")).status_code == 302
    made.refresh_from_db()
    assert made.published_by == world.olga
    text = olga.get(page(made)).content.decode()
    assert "flow-chart" in text
    assert "<textarea" not in text


def test_what_cannot_be_read_is_said_with_its_place_and_kept(olga: Visitor, draft: FlowVersion) -> None:
    before = draft.document
    for text, sentence in (
        ("{", "no JSON that can be read"),
        ("[]", "must be an object"),
        ('{"steps": [{"key": "A"}]}', "steps/0/key: This must be a key"),
        ('{"steps": [{"key": "a", "label": "\\ud800"}]}', "cannot be stored"),
        ("[" * 50_000, "no JSON that can be read"),
        ("", "This field is required"),
    ):
        answer = olga.save(page(draft), text=text)
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
    draft.refresh_from_db()
    assert draft.document == before


def test_the_second_of_two_who_write_is_told(olga: Visitor, draft: FlowVersion) -> None:
    form = olga.form(page(draft))
    assert (
        olga.save(page(draft), text=json.dumps({**draft.document, "steps": draft.document["steps"][:1]})).status_code
        == 302
    )
    answer = olga.post(page(draft), form)
    assert answer.status_code == 200
    assert "changed by somebody else meanwhile" in answer.content.decode()
    draft.refresh_from_db()
    assert len(draft.document["steps"]) == 1


def test_a_published_version_is_not_written(world: World, olga: Visitor, draft: FlowVersion) -> None:
    form = olga.form(page(draft))
    assert olga.post(button(draft, "publish")).status_code == 302
    assert olga.post(page(draft), {**form, "text": "{}"}).status_code in (200, 403)
    draft.refresh_from_db()
    assert len(draft.document["steps"]) == 3


def test_what_keeps_it_from_being_published_is_listed(olga: Visitor, draft: FlowVersion) -> None:
    draft.document = {**draft.document, "steps": [{**draft.document["steps"][0], "template": "Gone"}]}
    draft.save()
    answer = olga.post(button(draft, "publish"))
    assert answer.status_code == 200
    assert "steps/0/template: There is no published template called “Gone”." in answer.content.decode()


def test_a_flow_is_revised_and_retired_and_brought_back(world: World, olga: Visitor) -> None:
    flow = review(world, published=True).flow
    for _ in range(2):
        assert olga.post(button(flow, "revise")).status_code == 302
    assert flow.versions.count() == 2
    assert olga.post(button(flow, "retire")).status_code == 302
    flow.refresh_from_db()
    assert flow.retired_at is not None
    assert "Bring back" in olga.get(button(flow, "retire")).content.decode()
    assert olga.post(button(flow, "retire")).status_code == 302
    flow.refresh_from_db()
    assert flow.retired_at is None
    assert olga.get(button(flow, "portal"))["Location"] == f"/o/fjord/flows/{flow.pk}/"


def test_a_flow_is_renamed(world: World, olga: Visitor, draft: FlowVersion) -> None:
    for _ in range(2):
        assert olga.save(page(draft.flow), name="Second look", description="By others").status_code == 302
    draft.flow.refresh_from_db()
    assert (draft.flow.name, draft.flow.description) == ("Second look", "By others")
    review(world, "Another")
    answer = olga.save(page(draft.flow), name="Another")
    assert answer.status_code == 200
    assert "There is already one of this name." in answer.content.decode()
    assert olga.save(page(draft.flow), name="").status_code == 200


def test_a_flow_travels_as_a_file(world: World, olga: Visitor, draft: FlowVersion) -> None:
    answer = olga.get(button(draft, "export"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content) == export_flow(draft, world.olga)

    def sent(content: bytes, name: str = "") -> Any:
        return olga.post(f"{LIST}import/", {"file": SimpleUploadedFile("flow.json", content), "name": name})

    assert "already one of this name" in sent(answer.content).content.decode()
    assert sent(answer.content, "Taken in").status_code == 302
    assert FlowVersion.objects.get(flow__name="Taken in").document == draft.document
    assert "no JSON that can be read" in sent(b"{").content.decode()
    assert "no BPMN 2.0 file" in sent(b"<a/>").content.decode()
    assert sent(b"").status_code == 200


@pytest.mark.parametrize("name", ["mo", "lea"])
def test_leads_and_managers_read_and_are_offered_no_button(
    world: World, visit: Visit, draft: FlowVersion, name: str
) -> None:
    visitor = visit(name)
    text = visitor.get(page(draft)).content.decode()
    assert "Check it" in text
    assert "<textarea" not in text
    for what in ("publish", "export"):
        assert visitor.post(button(draft, what)).status_code == 403


def test_a_case_is_read_with_its_turns_by_those_who_see_it(world: World, visit: Visit, olga: Visitor) -> None:
    case = launch(
        review(world, published=True), by=world.olga, at=world.now, workspace=world.projects, title="Northwind"
    )
    text = olga.get(page(case)).content.decode()
    for words in ("CA-1001", "Northwind", "check", "HO-1001", "Onboarding", "Launch"):
        assert words in text
    assert olga.post(page(case), {"title": "Changed"}).status_code == 403
    assert olga.get(button(case, "portal"))["Location"] == "/o/fjord/cases/CA-1001/"
    assert "CA-1001" in olga.get("handoffs/case/", q="CA-1001").content.decode()
    assert "CA-1001" not in olga.get("handoffs/case/", q="CA-7").content.decode()
    assert visit("mo").get(page(case)).status_code == 200
    hidden = launch(
        FlowVersion.objects.get(), by=world.olga, at=world.now, workspace=world.northwind, title="Not for Mo"
    )
    assert visit("mo").get(page(hidden)).status_code == 404


@pytest.mark.parametrize("what", ["flow", "flowversion", "case"])
def test_a_page_takes_as_many_queries_as_are_pinned(what: str, world: World, olga: Visitor) -> None:
    version = review(world)
    paths = {"flow": page(version.flow), "flowversion": page(version)}
    if what == "case":
        used = review(world, "In use", published=True)
        case = launch(used, by=world.olga, at=world.now, workspace=world.projects, title="Northwind")
        paths["case"] = page(case)
    olga.get(paths[what])
    with pinned(f"admin_{what}_page"):
        assert olga.get(paths[what]).status_code == 200
