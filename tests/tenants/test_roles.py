"""Changing roles and leaving: an organization never loses its last owner, a team never its lead."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from tenants.access import Permission
from tenants.actions import (
    Founded,
    change_lead,
    change_role,
    create_team,
    grant,
    issue_token,
    leave,
)
from tenants.models import Member, Role, TeamMembership, Token, WorkspaceUserPermission
from tenants.refusals import Conflict, Forbidden, Invalid, Refusal
from tenants.scope import scope

from .cast import AT, client_corner, login, settle, welcome


def test_who_decides_about_roles(north: Founded) -> None:
    admin, ben = welcome(north, "Adam", Role.ADMIN), welcome(north, "Ben")
    with scope(north.organization):
        for by, whom, role, code in (
            (ben, ben, Role.ADMIN, "not_an_admin"),
            (admin, ben, Role.OWNER, "owners_only"),
            (admin, north.owner, Role.MEMBER, "owners_only"),
            (admin, admin, Role.OWNER, "owners_only"),
        ):
            with pytest.raises(Forbidden) as refused:
                change_role(member=whom, role=role, by=by, at=AT)
            assert refused.value.code == code
        assert change_role(member=ben, role=Role.VIEWER, by=admin, at=AT).role == Role.VIEWER
        assert change_role(member=ben, role=Role.OWNER, by=north.owner, at=AT).role == Role.OWNER
        for whom, role in ((ben, "emperor"), (north.system_member, Role.MEMBER)):
            with pytest.raises(Invalid):
                change_role(member=whom, role=role, by=north.owner, at=AT)


def test_the_last_owner_stays(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        for attempt in (
            lambda: change_role(member=north.owner, role=Role.MEMBER, by=north.owner, at=AT),
            lambda: leave(member=north.owner, by=north.owner, at=AT),
        ):
            with pytest.raises(Conflict) as refused:
                attempt()
            assert refused.value.code == "last_owner"
        change_role(member=ben, role=Role.OWNER, by=north.owner, at=AT)
        change_role(member=north.owner, role=Role.MEMBER, by=ben, at=AT)
        assert Member.objects.get(role=Role.OWNER) == ben


def test_an_owner_whose_login_is_closed_does_not_count(north: Founded) -> None:
    closed = welcome(north, "Cleo", Role.OWNER)
    closed.user.is_active = False  # type: ignore[union-attr]
    closed.user.save()  # type: ignore[union-attr]
    with scope(north.organization), pytest.raises(Conflict) as refused:
        leave(member=north.owner, by=north.owner, at=AT)
    assert refused.value.code == "last_owner"


def test_a_role_must_fit_the_teams(north: Founded) -> None:
    ben = welcome(north, "Ben", team=north.team)
    client, _, _ = client_corner(north, "Cleo")
    with scope(north.organization):
        for whom, role in ((ben, Role.CLIENT), (client, Role.MEMBER)):
            with pytest.raises(Conflict) as refused:
                change_role(member=whom, role=role, by=north.owner, at=AT)
            assert refused.value.code == "team_does_not_fit"


def test_leaving_lets_go_of_everything(north: Founded) -> None:
    ben = welcome(north, "Ben", team=north.team)
    with scope(north.organization):
        grant(workspace=north.workspace, to=ben, permissions=[Permission.MANAGE], by=north.owner, at=AT)
        token, _ = issue_token(member=ben, name="t", by=ben, at=AT)
        leave(member=ben, by=ben, at=AT)
        leave(member=ben, by=north.owner, at=AT)
        assert ben.left_at == AT
        assert not ben.is_able
        assert ben.standing.team_ids == frozenset()
        assert not TeamMembership.objects.filter(member=ben).exists()
        assert not WorkspaceUserPermission.objects.exists()
        assert Token.objects.get(pk=token.pk).revoked_at == AT
        assert not login("Ben").groups.exists()


def test_who_makes_whom_leave(north: Founded) -> None:
    admin, ben, other = welcome(north, "Adam", Role.ADMIN), welcome(north, "Ben"), welcome(north, "Olga", Role.OWNER)
    with scope(north.organization):
        for by, whom, code in ((ben, admin, "not_an_admin"), (admin, other, "owners_only")):
            with pytest.raises(Forbidden) as refused:
                leave(member=whom, by=by, at=AT)
            assert refused.value.code == code
        with pytest.raises(Invalid):
            leave(member=north.system_member, by=north.owner, at=AT)
        leave(member=ben, by=admin, at=AT)
        leave(member=other, by=north.owner, at=AT)


def test_a_lead_hands_over_first(north: Founded) -> None:
    ben, eve = welcome(north, "Ben"), welcome(north, "Eve")
    with scope(north.organization):
        team = create_team(name="Support", lead=ben, calendar=north.calendar, by=north.owner, at=AT)
        with pytest.raises(Conflict) as refused:
            leave(member=ben, by=ben, at=AT)
        assert (refused.value.code, refused.value.details) == ("leads_a_team", {"teams": [team.pk]})
        change_lead(team=team, lead=eve, by=ben, at=AT)
        leave(member=ben, by=ben, at=AT)
        assert list(team.members) == [eve]


def test_two_owners_cannot_go_at_once(alone: str) -> None:
    north = settle(alone, alone)
    other = welcome(north, f"{alone}-olga", Role.OWNER)
    ben = welcome(north, f"{alone}-ben")
    with scope(north.organization):
        change_lead(team=north.team, lead=ben, by=north.owner, at=AT)
    together, outcomes = Barrier(2), []

    def run(go: Callable[[], object]) -> None:
        try:
            with scope(north.organization):
                together.wait()
                go()
            outcomes.append("gone")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    goings = (
        lambda: leave(member=Member.objects.get(pk=north.owner.pk), by=north.owner, at=AT),
        lambda: change_role(member=Member.objects.get(pk=other.pk), role=Role.MEMBER, by=other, at=AT),
    )
    threads = [Thread(target=run, args=(go,)) for go in goings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone", "last_owner"]
