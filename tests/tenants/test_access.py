"""Who may do what in which workspace; the list, the single question and the standing agree."""

from itertools import product

import pytest
from guardian.shortcuts import assign_perm

from tenants.access import Permission, Standing, may, workspaces_for
from tenants.actions import Founded, add_to_team, change_role, grant, open_workspace, revoke
from tenants.models import Member, Role, Workspace, WorkspaceTeamPermission, WorkspaceUserPermission
from tenants.refusals import Conflict, Forbidden
from tenants.scope import scope

from .cast import AT, client_corner, login, welcome

ALL = frozenset(Permission)
SPACE = 7


def standing(role: str, *granted: Permission, **facts: bool) -> Standing:
    return Standing(1, role, grants={SPACE: frozenset(granted)}, **facts)


@pytest.mark.parametrize(
    ("granted", "permitted"),
    [
        (Permission.VIEW, {Permission.VIEW}),
        (Permission.SEND, {Permission.VIEW, Permission.SEND}),
        (Permission.RECEIVE, {Permission.VIEW, Permission.RECEIVE}),
        (Permission.MANAGE, ALL),
    ],
)
def test_what_a_grant_includes(granted: Permission, permitted: set[Permission]) -> None:
    for role, kind in product(Role, Workspace.Kind):
        expected = set(permitted)
        if role in (Role.OWNER, Role.ADMIN):
            expected = set(ALL)
        elif role == Role.VIEWER:
            expected = {Permission.VIEW}
        elif role == Role.CLIENT and kind == Workspace.Kind.INTERNAL:
            expected = set()
        assert {each for each in Permission if standing(role, granted).permits(each, SPACE, kind)} == expected
        elsewhere = {each for each in Permission if standing(role, granted).permits(each, SPACE + 1, kind)}
        assert elsewhere == (set(ALL) if role in (Role.OWNER, Role.ADMIN) else set())


def test_the_product_itself_may_and_those_who_left_may_not() -> None:
    assert standing(Role.MEMBER, is_system=True).permits(Permission.MANAGE, SPACE, "internal")
    for role in Role:
        assert not standing(role, Permission.MANAGE, has_left=True).permits(Permission.VIEW, SPACE, "client")


def agree(member: Member) -> dict[str, set[Permission]]:
    """What the member may, by workspace; after making sure that all ways to ask give the same answer."""
    found: dict[str, set[Permission]] = {}
    for space, permission in product(Workspace.objects.all(), Permission):
        answer = may(member, permission, space)
        assert answer == (space in workspaces_for(member, permission))
        assert answer == member.standing.permits(permission, space.pk, space.kind)
        if answer:
            found.setdefault(space.name, set()).add(permission)
    return found


def test_list_question_and_standing_agree(north: Founded) -> None:
    ben = welcome(north, "Ben", team=north.team)
    outsider = welcome(north, "Otto")
    viewer = welcome(north, "Vera", Role.VIEWER, team=north.team)
    client, _, corner = client_corner(north, "Cleo")
    working = {Permission.VIEW, Permission.SEND, Permission.RECEIVE}
    with scope(north.organization):
        everywhere = {space.name: set(ALL) for space in Workspace.objects.all()}
        assert agree(north.owner) == agree(north.system_member) == everywhere
        assert agree(ben) == {north.workspace.name: working}
        assert agree(viewer) == {north.workspace.name: {Permission.VIEW}}
        assert agree(outsider) == {}
        assert agree(client) == {corner.name: {Permission.VIEW, Permission.SEND}}
        grant(workspace=corner, to=ben, permissions=[Permission.MANAGE], by=north.owner, at=AT)
        assert agree(ben) == {north.workspace.name: working, corner.name: set(ALL)}
        revoke(workspace=north.workspace, to=north.team, permissions=working, by=north.owner, at=AT)
        ben.forget_standing()
        assert agree(ben) == {corner.name: set(ALL)}
        change_role(member=outsider, role=Role.ADMIN, by=north.owner, at=AT)
        assert agree(Member.objects.get(pk=outsider.pk)) == everywhere
        ben.left_at = AT
        ben.forget_standing()
        assert agree(ben) == {}


def test_standing_is_one_query_and_remembered(north: Founded, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    ben, bo = welcome(north, "Ben", team=north.team), welcome(north, "Bo")
    with scope(north.organization):
        assert bo.standing  # what is read once per process
        with django_assert_num_queries(1):
            assert ben.standing.team_ids == {north.team.pk}
            assert set(ben.standing.grants) == {north.workspace.pk}
        with django_assert_num_queries(0):
            assert may(north.owner, Permission.MANAGE, north.workspace)
        with django_assert_num_queries(1):
            assert list(workspaces_for(ben, Permission.VIEW)) == [north.workspace]


def test_a_grant_to_a_team_reaches_who_joins_later(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        assert agree(ben) == {}
        add_to_team(team=north.team, member=ben, by=north.owner, at=AT)
        assert list(agree(ben)) == [north.workspace.name]


def test_granting_twice_and_taking_back_what_is_not_there(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        for _ in range(2):
            grant(workspace=north.workspace, to=ben, permissions=[Permission.SEND], by=north.owner, at=AT)
        assert WorkspaceUserPermission.objects.count() == 1
        for _ in range(2):
            revoke(workspace=north.workspace, to=ben, permissions=[Permission.SEND], by=north.owner, at=AT)
        assert agree(ben) == {}


def test_who_may_grant(north: Founded) -> None:
    ben, eve = welcome(north, "Ben", team=north.team), welcome(north, "Eve")
    with scope(north.organization):
        for act in (grant, revoke):
            with pytest.raises(Forbidden) as refused:
                act(workspace=north.workspace, to=eve, permissions=[Permission.VIEW], by=ben, at=AT)
            assert refused.value.code == "not_a_manager"
        grant(workspace=north.workspace, to=ben, permissions=[Permission.MANAGE], by=north.owner, at=AT)
        grant(workspace=north.workspace, to=eve, permissions=[Permission.VIEW], by=ben, at=AT)
        assert agree(eve) == {north.workspace.name: {Permission.VIEW}}
        with pytest.raises(Forbidden):
            open_workspace(name="Mine", by=ben, at=AT)


def test_clients_are_never_let_into_internal_workspaces(north: Founded) -> None:
    client, team, _ = client_corner(north, "Cleo")
    with scope(north.organization):
        for to in (client, team):
            with pytest.raises(Conflict) as refused:
                grant(workspace=north.workspace, to=to, permissions=[Permission.VIEW], by=north.owner, at=AT)
            assert refused.value.code == "not_for_clients"
        # Even a row that got there some other way gives them nothing.
        assign_perm("tenants.view_workspace", client.user, north.workspace)
        client.forget_standing()
        assert not may(client, Permission.VIEW, north.workspace)
        assert north.workspace not in workspaces_for(client, Permission.VIEW)


def test_guardians_own_calls_land_in_our_tables(north: Founded) -> None:
    """The admin's permission pages use them; the database fills in the organization."""
    ben = welcome(north, "Ben")
    with scope(north.organization):
        assign_perm("tenants.send_handoff", login("Ben"), north.workspace)
        assign_perm("tenants.manage_workspace", north.team.group, north.workspace)
        assert WorkspaceUserPermission.objects.get().organization_id == north.organization.pk
        assert WorkspaceTeamPermission.objects.get(permission__codename="manage_workspace")
        assert login("Ben").has_perm("tenants.send_handoff", north.workspace)
        assert may(ben, Permission.SEND, north.workspace)
