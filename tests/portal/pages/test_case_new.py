"""Launching a case from its page: choosing, casting, what is missing, and who may not."""

from typing import Any

import pytest

from handoffs.models import Case, Flow
from tenants.refusals import Forbidden
from tests.onboarding import ROLES, install, launched, live
from tests.portal.pages.conftest import Visit
from tests.world import World


@pytest.fixture
def address(world: World) -> str:
    """The second step: this flow, for Northwind, its internal steps in Projects."""
    flow = install(world).flow_id
    return f"cases/new/?flow={flow}&workspace={world.northwind.id}&internal_workspace={world.projects.id}"


def words(world: World, **more: Any) -> dict[str, Any]:
    roles = {f"role-{key}": str(world.team(team).id) for key, team in ROLES.items()}
    return {"title": "Northwind comes on board", "next:intake-wish": "To begin in December", **roles, **more}


def test_a_case_is_launched_with_its_people(address: str, world: World, visit: Visit) -> None:
    ana = visit("ana")
    assert "Receives “Intake”." in ana.client.get(ana.home + address).content.decode()
    answer = ana.client.post(ana.home + address, words(world, due_at="2026-12-01T12:00"))
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/o/fjord/cases/{case.reference}/")
    assert live(case, "intake").context == {"wish": "To begin in December"}
    assert case.due_at is not None
    assert case.launched_by == world.ana
    assert "Its first steps are offered." in ana.read(f"cases/{case.reference}/")


def test_what_is_missing_is_listed_and_nothing_is_made(address: str, world: World, visit: Visit) -> None:
    ana = visit("ana")
    answer = ana.client.post(ana.home + address, words(world, **{"next:intake-wish": "", "role-sales": ""}, title=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("This field is required.") >= 3
    assert Case.objects.count() == 0


def test_the_choice_asks_where_internal_steps_happen(world: World, visit: Visit) -> None:
    flow = install(world).flow_id
    answer = visit("ana").get("cases/new/", flow=flow, workspace=world.northwind.id)
    assert answer.status_code == 422
    assert "choose where they happen" in answer.content.decode()
    assert visit("ana").get("cases/new/", flow=flow, workspace=world.projects.id).status_code == 200


def test_whoever_may_send_nowhere_launches_nothing(address: str, world: World, visit: Visit) -> None:
    for name in ("vic", "nils"):
        visitor = visit(name)
        assert visitor.client.post(visitor.home + address, words(world)).status_code == 422
        assert "You may not send anywhere yet" in visitor.read("cases/new/")
    assert Case.objects.count() == 0


def test_a_client_who_may_send_is_told_who_launches(address: str, world: World, visit: Visit) -> None:
    cleo = visit("cleo")
    for answer in (
        cleo.get("cases/new/"),
        cleo.client.get(cleo.home + address),
        cleo.client.post(cleo.home + address, words(world)),
    ):
        assert answer.status_code == 403
        assert "Cases are launched by Fjord" in answer.content.decode()
        assert "You may not send" not in answer.content.decode()
    assert "cases/new/" not in cleo.read("cases/")
    with pytest.raises(Forbidden) as refused:
        launched(world, by=world.cleo)
    assert refused.value.code == "clients_do_not_launch"
    assert Case.objects.count() == 0


def test_flows_that_are_not_in_force_are_not_offered(world: World, visit: Visit) -> None:
    version = install(world)
    Flow.objects.filter(id=version.flow_id).update(retired_at=world.now)
    assert "No flow is published yet" in visit("ana").read("cases/new/")
    answer = visit("ana").get("cases/new/", flow=version.flow_id, workspace=world.projects.id)
    assert answer.status_code == 422


@pytest.mark.parametrize("junk", ["\x00", "9" * 40, "-1", "none", "\ud800x"])
def test_what_is_no_choice_is_told(junk: str, address: str, world: World, visit: Visit) -> None:
    text = junk.encode("utf-8", "replace").decode()
    assert visit("ana").get("cases/new/", flow=text, workspace=text, internal_workspace=text).status_code == 422
    ana = visit("ana")
    answer = ana.client.post(ana.home + address, words(world, **{"role-sales": text, "next:intake-wish": text}))
    assert answer.status_code == 422
