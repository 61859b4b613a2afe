"""A flow is called otherwise: from its page and from the admin, and whatever names it follows."""

from typing import Any

import pytest

from handoffs.actions.cases import launch
from handoffs.actions.flows import create_flow, export_flow, publish_flow, revise_flow, update_flow
from handoffs.actions.templates import update_template
from handoffs.models import Flow, FlowVersion, HandoffTemplate
from tenants.refusals import Conflict, Forbidden, Invalid
from tests.portal.pages.conftest import Visit
from tests.portal.pages.flows import review
from tests.world import World

LAUNCHING: dict[str, Any] = {
    "roles": [{"key": "asker", "label": "Asker", "team": "Sales"}],
    "steps": [{"key": "inner", "label": "The review", "kind": "case", "flow": "Review"}],
}


@pytest.fixture
def flow(world: World) -> Flow:
    return review(world, published=True).flow


def test_it_is_called_otherwise_at_once(flow: Flow, world: World, visit: Visit) -> None:
    case = launch(
        FlowVersion.objects.get(flow=flow), by=world.olga, at=world.now, workspace=world.projects, title="Northwind"
    )
    olga = visit("olga")
    assert f'href="/o/fjord/flows/{flow.pk}/name/"' in olga.read(f"flows/{flow.pk}/")
    assert 'value="Review"' in olga.read(f"flows/{flow.pk}/name/")
    for _ in range(2):
        answer = olga.post(f"flows/{flow.pk}/name/", name=" Second look ", description="By somebody else")
        assert (answer.status_code, answer["Location"]) == (303, f"/o/fjord/flows/{flow.pk}/")
    flow.refresh_from_db()
    assert (flow.name, flow.description) == ("Second look", "By somebody else")
    assert "It is called “Second look” from now on." in olga.read(f"flows/{flow.pk}/")
    assert "Second look" in visit("ana").read(f"cases/{case.reference}/")


def test_a_name_is_needed_and_taken_once(flow: Flow, world: World, visit: Visit) -> None:
    review(world, "Another")
    olga, address = visit("olga"), f"flows/{flow.pk}/name/"
    for name, status, sentence in (
        ("", 422, "This field is required."),
        ("x" * 121, 422, "at most 120 characters"),
        ("Another", 409, "There is already one of this name."),
    ):
        answer = olga.post(address, name=name, description="What I typed")
        assert answer.status_code == status
        assert sentence in answer.content.decode()
        assert "What I typed" in answer.content.decode()
    flow.refresh_from_db()
    assert flow.name == "Review"
    for words, refusal in (({"name": "  "}, Invalid), ({"name": "a\x00"}, Invalid), ({"name": "Another"}, Conflict)):
        with pytest.raises(refusal):
            update_flow(flow=flow, by=world.olga, at=world.now, **words)


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("vic", 403), ("cleo", 404), ("stan", 404)])
def test_those_who_run_the_organization_name_it(name: str, status: int, flow: Flow, world: World, visit: Visit) -> None:
    visitor = visit(name)
    assert visitor.post(f"flows/{flow.pk}/name/", name="Mine").status_code == status
    assert f"flows/{flow.pk}/name/" not in visitor.get(f"flows/{flow.pk}/").content.decode()
    assert visit("olga").client.delete(f"/o/fjord/flows/{flow.pk}/name/").status_code == 405
    assert visit("olga").get("flows/999999/name/").status_code == 404
    flow.refresh_from_db()
    assert flow.name == "Review"
    with pytest.raises(Forbidden):
        update_flow(flow=flow, name="Mine", by=world.ana, at=world.now)


def test_drafts_and_later_versions_of_flows_that_launch_it_follow(flow: Flow, world: World) -> None:
    by: dict[str, Any] = {"by": world.olga, "at": world.now}
    drafted = create_flow(name="Drafted", document=LAUNCHING, **by)
    used = publish_flow(version=create_flow(name="In use", document=LAUNCHING, **by), **by)
    update_flow(flow=flow, name="Second look", **by)
    drafted.refresh_from_db()
    assert drafted.document["steps"][0]["flow"] == "Second look"
    used.refresh_from_db()
    assert used.document["steps"][0]["flow"] == "Review"  # frozen, and pinned to the flow itself
    assert export_flow(used, world.olga)["steps"][0]["flow"] == "Second look"
    following = revise_flow(flow=used.flow, **by)
    assert following.document["steps"][0]["flow"] == "Second look"
    assert publish_flow(version=following, **by).is_frozen
    assert publish_flow(version=drafted, **by).is_frozen


def test_a_next_version_names_templates_as_they_are_called_today(flow: Flow, world: World) -> None:
    by: dict[str, Any] = {"by": world.olga, "at": world.now}
    update_template(template=HandoffTemplate.objects.get(name="Work"), name="Labour", for_clients=True, **by)
    following = revise_flow(flow=flow, **by)
    assert [step.get("template") for step in following.document["steps"]] == ["Labour", "Labour", None]
    assert publish_flow(version=following, **by).is_frozen
