"""Playing a flow from its page: the script is asked, the protocol shown, and nothing is kept."""

from typing import Any

import pytest
from django.core import mail

from handoffs.actions.templates import create_template, publish, write
from handoffs.flows import editing
from handoffs.models import Case, Event, FieldDefinition, Flow, FlowVersion, Handoff, Message, Side
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit, Visitor
from tests.portal.pages.flows import review
from tests.world import World


@pytest.fixture
def flow(world: World) -> int:
    return review(world).flow_id


def path_of(world: World, flow: int) -> str:
    return f"flows/{flow}/sandbox/?workspace={world.projects.pk}"


def posted(visitor: Visitor, path: str, **given: str) -> Any:
    sent = {"begins_at": "2026-11-16T09:00", "step0-accepts": "0.5", "step0-completes": "0.5"}
    return visitor.client.post(visitor.home + path, sent | given)


def test_one_chooses_where_and_then_plays(world: World, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    assert "Played in" in olga.read(f"flows/{flow}/sandbox/")
    assert "Comes back once" not in olga.read(f"flows/{flow}/sandbox/")
    assert "Comes back once" in olga.client.get(olga.home + path_of(world, flow)).content.decode()
    for _ in range(2):
        answer = posted(olga, path_of(world, flow), **{"step0-first-decision": "Approved"})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        for words in ("It comes to its end", "Please accept: HO-1 Check it", "Pay it", "2 offers"):
            assert words in text
    assert not any(model.objects.exists() for model in (Handoff, Case, Event, Message))
    assert Flow.objects.count() == 1
    assert mail.outbox == []


def test_what_is_chosen_decides_the_way(world: World, flow: int, visit: Visit) -> None:
    answer = posted(visit("olga"), path_of(world, flow), **{"step0-first-decision": "Rejected"})
    states = {box.key: box.state for box in answer.context["played"].drawing.boxes}
    assert states["pay"] == "bypassed"
    never = posted(visit("olga"), path_of(world, flow), **{"step0-accepts": "never"})
    assert "It does not come to its end" in never.content.decode()


def test_open_roles_are_asked_for(world: World, flow: int, visit: Visit) -> None:
    draft, olga = FlowVersion.objects.get(flow_id=flow), visit("olga")
    draft.document = editing.change_role(draft.document, "checker", {"key": "checker", "label": "Checker"})
    draft.save()
    answer = posted(olga, path_of(world, flow))
    assert answer.status_code == 422
    team = world.team("Onboarding").pk
    assert posted(olga, path_of(world, flow), **{"role-checker": f"{team}"}).status_code == 200
    assert posted(olga, path_of(world, flow), **{"role-checker": "999999"}).status_code == 422


@pytest.mark.parametrize(
    "given",
    [
        {"begins_at": "soon"},
        {"begins_at": "9999-12-31T23:59"},
        {"begins_at": "0001-01-01T00:00"},
        {"begins_at": ""},
        {"step0-accepts": "-1"},
        {"step0-accepts": "nan"},
        {"step0-first-decision": "Perhaps"},
    ],
)
def test_what_makes_no_sense_is_not_played(given: dict[str, str], world: World, flow: int, visit: Visit) -> None:
    answer = posted(visit("olga"), path_of(world, flow), **given)
    assert answer.status_code == 422
    assert "data-focus" in answer.content.decode()


@pytest.mark.parametrize("workspace", ["", "0", "999999", "x", "\x00"])
def test_a_workspace_that_is_none(workspace: str, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    assert olga.get(f"flows/{flow}/sandbox/", workspace=workspace).status_code == 422
    assert olga.post(f"flows/{flow}/sandbox/").status_code == 422


def test_a_flow_with_problems_says_which_and_is_not_played(world: World, flow: int, visit: Visit) -> None:
    draft, olga = FlowVersion.objects.get(flow_id=flow), visit("olga")
    draft.document = {**draft.document, "steps": [{**draft.document["steps"][0], "template": "Gone"}]}
    draft.save()
    for answer in (olga.client.get(olga.home + path_of(world, flow)), posted(olga, path_of(world, flow))):
        assert "no published template called “Gone”" in answer.content.decode()
        assert "as soon as it could be published" in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("vic", 403), ("cleo", 404), ("stan", 404)])
def test_it_is_for_those_who_run_the_organization(
    name: str, status: int, world: World, flow: int, visit: Visit
) -> None:
    visitor = visit(name)
    assert visitor.get(f"flows/{flow}/sandbox/").status_code == status
    assert posted(visitor, path_of(world, flow)).status_code == status


def test_a_wrong_method_and_a_flow_that_is_none(flow: int, visit: Visit) -> None:
    olga = visit("olga")
    assert olga.client.delete(f"/o/fjord/flows/{flow}/sandbox/").status_code == 405
    assert olga.get("flows/999999/sandbox/").status_code == 404


def test_the_page_takes_as_many_queries_as_are_pinned(world: World, flow: int, visit: Visit) -> None:
    olga = visit("olga")
    olga.client.get(olga.home + path_of(world, flow))
    with pinned("flow_sandbox_page"):
        assert olga.client.get(olga.home + path_of(world, flow)).status_code == 200


def test_the_editor_leads_to_it(flow: int, visit: Visit) -> None:
    assert f'href="/o/fjord/flows/{flow}/sandbox/"' in visit("olga").read(f"flows/{flow}/edit/")


def compares(flow: int, when: str) -> None:
    """The second step is done only on this condition."""
    draft = FlowVersion.objects.get(flow_id=flow)
    pay = {**draft.document["steps"][1], "after": [{"step": "check", "when": when}]}
    draft.document = editing.change_step(draft.document, "pay", pay)
    draft.save()


@pytest.mark.parametrize(
    ("when", "field", "leads_on", "does_not"),
    [
        ("check.result.amount > 1000", "amount", "1000.5", "0"),
        ('check.result.remark contains "again"', "remark", "Once again", "Fine"),
        ("check.result.amount = 0", "amount", "0", "1"),
    ],
)
def test_what_a_condition_compares_can_be_said(
    when: str, field: str, leads_on: str, does_not: str, world: World, flow: int, visit: Visit
) -> None:
    compares(flow, when)
    olga = visit("olga")
    page = olga.client.get(olga.home + path_of(world, flow)).content.decode()
    assert f'name="step0-first-{field}"' in page
    assert f'name="step0-then-{field}"' in page
    assert f'name="step1-first-{field}"' not in page  # nothing hangs on it there
    for said, state in ((leads_on, "done"), (does_not, "bypassed")):
        answer = posted(olga, path_of(world, flow), **{f"step0-first-{field}": said})
        states = {box.key: box.state for box in answer.context["played"].drawing.boxes}
        assert (states["pay"], answer.context["played"].refusals) == (state, []), said


def test_a_date_that_a_condition_compares_can_be_said(world: World, flow: int, visit: Visit) -> None:
    version = create_template(name="Due work", by=world.olga, at=world.now)
    due = FieldDefinition(key="due", label="Due", side=Side.RECEIVER, type="date", position=0)
    publish(version=write(version=version, parts=[due], by=world.olga, at=world.now), by=world.olga, at=world.now)
    draft = FlowVersion.objects.get(flow_id=flow)
    draft.document = editing.change_step(
        draft.document, "check", {**draft.document["steps"][0], "template": "Due work"}
    )
    draft.save()
    compares(flow, "check.result.due < 2027-01-01")
    for said, state in (("2026-12-31", "done"), ("2027-01-01", "bypassed")):
        answer = posted(visit("olga"), path_of(world, flow), **{"step0-first-due": said})
        assert {box.key: box.state for box in answer.context["played"].drawing.boxes}["pay"] == state
    assert posted(visit("olga"), path_of(world, flow), **{"step0-first-due": "soon"}).status_code == 422


@pytest.mark.parametrize("said", ["many", "1e99999", "NaN", "\x00", "9" * 60])
def test_what_is_no_number_is_not_played(said: str, world: World, flow: int, visit: Visit) -> None:
    compares(flow, "check.result.amount > 1000")
    answer = posted(visit("olga"), path_of(world, flow), **{"step0-first-amount": said})
    assert answer.status_code == 422
    assert "data-focus" in answer.content.decode()
