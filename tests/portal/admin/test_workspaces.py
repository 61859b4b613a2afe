"""Workspaces in the admin: the grid of permissions, and guardian's rows behind it."""

import pytest

from tenants.access import Permission, may
from tenants.models import Member, Team, Workspace, WorkspaceTeamPermission, WorkspaceUserPermission
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import filled
from tests.world import World

LIST = "tenants/workspace/"


def page(workspace: Workspace) -> str:
    return f"{LIST}{workspace.pk}/change/"


def granted(workspace: Workspace, to: Team | Member) -> set[str]:
    """What guardian's rows say."""
    if isinstance(to, Team):
        rows = WorkspaceTeamPermission.objects.filter(content_object=workspace, group=to.group)
        return set(rows.values_list("permission__codename", flat=True))
    return set(
        WorkspaceUserPermission.objects.filter(content_object=workspace, user=to.user).values_list(
            "permission__codename", flat=True
        )
    )


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_workspace_is_opened_and_then_granted(world: World, chief: Member, visit: Visit, name: str) -> None:
    browser = visit(name)
    answer = browser.save(f"{LIST}add/", name="Hiring", kind="internal", description="New people")
    made = Workspace.objects.get(organization=world.organization, name="Hiring")
    assert answer["Location"] == f"/o/fjord/admin/{page(made)}"
    assert "grants-rows" not in browser.form(page(made))
    assert not WorkspaceTeamPermission.objects.filter(content_object=made).exists()


def test_the_grid_shows_what_is_granted(world: World, olga: Visitor) -> None:
    form = olga.form(page(world.projects))
    sales, mo = world.team("Sales"), world.mo
    assert set(form[f"grants-team-{sales.pk}"]) == {"view_workspace", "send_handoff", "receive_handoff"}
    assert form[f"grants-member-{mo.pk}"] == ["manage_workspace"]


def test_boxes_grant_and_revoke(world: World, olga: Visitor) -> None:
    sales, onboarding = world.team("Sales"), world.team("Onboarding")
    form = olga.form(page(world.projects))
    form[f"grants-team-{sales.pk}"] = ["view_workspace", "manage_workspace"]
    form["grants-new0-to"], form["grants-new0"] = [f"member-{world.nils.pk}"], ["view_workspace", "send_handoff"]
    assert olga.post(page(world.projects), form).status_code == 302
    assert granted(world.projects, sales) == {"view_workspace", "manage_workspace"}
    assert granted(world.projects, world.nils) == {"view_workspace", "send_handoff"}
    assert granted(world.projects, onboarding) == {"view_workspace", "send_handoff", "receive_handoff"}
    assert may(world.nils, Permission.SEND, world.projects)
    assert not may(world.nils, Permission.RECEIVE, world.projects)
    # The same form once more changes nothing.
    before = WorkspaceTeamPermission.objects.count(), WorkspaceUserPermission.objects.count()
    assert olga.post(page(world.projects), form).status_code == 302
    assert (WorkspaceTeamPermission.objects.count(), WorkspaceUserPermission.objects.count()) == before


def test_an_empty_row_takes_everything_back(world: World, olga: Visitor) -> None:
    form = olga.form(page(world.projects))
    del form[f"grants-member-{world.vic.pk}"]
    assert olga.post(page(world.projects), form).status_code == 302
    assert granted(world.projects, world.vic) == set()
    assert not may(world.vic, Permission.VIEW, world.projects)


def test_a_row_that_was_not_shown_is_left_alone(world: World, olga: Visitor) -> None:
    answer = olga.post(page(world.projects), {"name": "Projects", "description": "Everything internal"})
    assert answer.status_code == 302
    assert Workspace.objects.get(pk=world.projects.pk).description == "Everything internal"
    assert granted(world.projects, world.mo) == {"manage_workspace"}


def test_clients_are_let_into_client_workspaces_only(world: World, olga: Visitor) -> None:
    answer = olga.get(page(world.projects)).content.decode()
    assert f'value="member-{world.cleo.pk}"' not in answer
    for key in (f"member-{world.cleo.pk}", f"team-{world.team('Northwind').pk}"):
        form = {**olga.form(page(world.projects)), "grants-new0-to": [key], "grants-new0": ["view_workspace"]}
        answer = olga.post(page(world.projects), form)
        assert "Choose a team or a member who can be let in here." in answer.content.decode()
    assert granted(world.projects, world.cleo) == set()
    form = {**olga.form(page(world.northwind)), "grants-new0-to": [f"member-{world.cleo.pk}"]}
    form["grants-new0"] = ["receive_handoff"]
    assert olga.post(page(world.northwind), form).status_code == 302
    assert granted(world.northwind, world.cleo) == {"receive_handoff"}


@pytest.mark.parametrize("key", ["team-999999999", "member-x", "nonsense", "user-1"])
def test_nobody_else_can_be_named(world: World, olga: Visitor, key: str) -> None:
    form = {**olga.form(page(world.projects)), "grants-rows": [key], f"grants-{key}": ["view_workspace"]}
    answer = olga.post(page(world.projects), form)
    assert answer.status_code == 200
    assert "Choose a team or a member" in answer.content.decode()


def test_there_is_no_fifth_permission(world: World, olga: Visitor) -> None:
    form = olga.form(page(world.projects))
    form[f"grants-team-{world.team('Sales').pk}"] = ["delete_workspace"]
    assert "There is no such permission." in olga.post(page(world.projects), form).content.decode()


def test_a_refused_form_keeps_its_boxes(world: World, olga: Visitor) -> None:
    key = f"grants-team-{world.team('Sales').pk}"
    form = {**olga.form(page(world.projects)), "name": ["Northwind"], key: ["manage_workspace"]}
    answer = olga.post(page(world.projects), form)
    assert "There is already one of this name." in answer.content.decode()
    assert filled(answer)[key] == ["manage_workspace"]
    assert granted(world.projects, world.team("Sales")) == {"view_workspace", "send_handoff", "receive_handoff"}


def test_its_kind_never_changes(world: World, olga: Visitor) -> None:
    olga.save(page(world.northwind), kind="internal")
    assert Workspace.objects.get(pk=world.northwind.pk).kind == "client"
