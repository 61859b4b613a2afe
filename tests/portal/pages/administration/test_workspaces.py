"""Workspaces without the admin: opened, named, and who may do what in them."""

import pytest

from tenants.access import Permission, may, team_may
from tenants.models import Member, Workspace
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

LIST = "settings/workspaces/"


def own(workspace: Workspace) -> str:
    return f"{LIST}{workspace.pk}/"


def fresh(member: Member) -> Member:
    return Member.objects.select_related("user", "organization").get(pk=member.pk)


def test_a_workspace_is_opened_and_somebody_let_in(world: World, visit: Visit) -> None:
    olga = visit("olga")
    answer = olga.post(f"{LIST}new/", name="Contoso", kind="client", description="Our second client")
    assert answer.status_code == 303
    made = Workspace.objects.get(name="Contoso")
    assert (made.kind, answer["Location"]) == ("client", f"/o/fjord/{own(made)}")
    assert olga.post(f"{LIST}new/", name="Contoso", kind="client").status_code == 409
    given = {"team": world.team("Northwind").pk, "may": ["view_workspace", "send_handoff"]}
    for _ in range(2):
        assert olga.post(f"{own(made)}let-in/", **given).status_code == 303
    assert team_may(world.team("Northwind"), Permission.SEND, made)
    assert not team_may(world.team("Northwind"), Permission.RECEIVE, made)
    assert olga.post(f"{own(made)}let-in/", person="Nils", may=["manage_workspace"]).status_code == 303
    assert may(fresh(world.nils), Permission.MANAGE, made)


def test_what_is_ticked_is_granted_and_no_more(world: World, visit: Visit) -> None:
    olga, sales = visit("olga"), world.team("Sales")
    grants = f"{own(world.projects)}grants/"
    for _ in range(2):
        answer = olga.post(grants, to=f"team-{sales.pk}", may=["view_workspace", "manage_workspace"])
        assert answer.status_code == 303
    assert team_may(sales, Permission.MANAGE, world.projects)
    assert olga.post(grants, to=f"team-{sales.pk}").status_code == 303
    assert not team_may(sales, Permission.VIEW, world.projects)
    assert olga.post(grants, to=f"team-{sales.pk}", may=["view_workspace"]).status_code == 404
    for nonsense in ("", "team-", "member-0", "x\x00"):
        assert olga.post(grants, to=nonsense, may=["view_workspace"]).status_code == 404
    vic = f"member-{world.vic.pk}"
    assert olga.post(grants, to=vic, may=["everything"]).status_code == 422
    assert may(fresh(world.vic), Permission.VIEW, world.projects)


def test_a_manager_arranges_their_own_and_finds_no_other(world: World, visit: Visit) -> None:
    mo = visit("mo")
    text = mo.read(LIST)
    assert own(world.projects) in text
    assert own(world.northwind) not in text
    assert mo.get(own(world.northwind)).status_code == 404
    assert mo.get(f"{LIST}new/").status_code == 403
    given = {"name": "Our projects", "description": "All of them"}
    assert mo.post(f"{own(world.projects)}change/", **given, clients_invite="on").status_code == 303
    world.projects.refresh_from_db()
    assert (world.projects.name, world.projects.clients_invite) == ("Our projects", False)


def test_who_takes_managing_from_themselves_is_led_out(world: World, visit: Visit) -> None:
    mo = visit("mo")
    answer = mo.post(f"{own(world.projects)}grants/", to=f"member-{world.mo.pk}", may=["view_workspace"])
    assert (answer.status_code, answer["Location"]) == (303, "/o/fjord/settings/")
    assert mo.get(LIST).status_code == 403


def test_clients_invite_where_it_is_switched_on(world: World, visit: Visit) -> None:
    olga, change = visit("olga"), f"{own(world.northwind)}change/"
    for given, on in (({"clients_invite": "on"}, True), ({}, False)):
        assert olga.post(change, name="Northwind", **given).status_code == 303
        world.northwind.refresh_from_db()
        assert world.northwind.clients_invite is on
    assert "clients_invite" not in olga.read(own(world.projects))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"may": ["view_workspace"]}, "one of them"),
        ({"person": "Cleo", "may": ["view_workspace"]}, "Nobody who could be chosen"),
        ({"person": "Ben"}, "required"),
        ({"person": "Ben", "may": ["rule"]}, "Select a valid choice"),
        ({"team": "1\x00", "may": ["view_workspace"]}, "Not sent yet"),
    ],
)
def test_what_makes_no_sense_comes_back(world: World, visit: Visit, given: dict[str, object], sentence: str) -> None:
    answer = visit("olga").post(f"{own(world.projects)}let-in/", **given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_list_and_workspace_take_as_many_queries_as_are_pinned(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.read(LIST)
    with pinned("workspaces_page"):
        olga.read(LIST)
    for who in ("Ben", "Nils"):
        olga.post(f"{own(world.projects)}let-in/", person=who, may=["view_workspace"])
        olga.read(own(world.projects))  # tells what was done
        with pinned("workspace_settings_page"):
            olga.read(own(world.projects))
