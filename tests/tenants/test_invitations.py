"""From an invitation to a place: once, in time, and for the one address."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from tenants.access import Permission, may
from tenants.actions import Founded, invite, join, leave
from tenants.actions.join import find_invitation
from tenants.models import Invitation, Member, Role
from tenants.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from tenants.scope import scope

from .cast import AT, client_corner, login, settle, welcome

LATER = AT + timedelta(days=1)


def open_invitation(north: Founded, **options: object) -> str:
    with scope(north.organization):
        return invite(email="Ben@people.example", by=north.owner, at=AT, **options)[1]  # type: ignore[arg-type]


def test_the_invited_come_in(north: Founded) -> None:
    key = open_invitation(north, team=north.team)
    assert find_invitation(key).organization == north.organization
    ben = join(raw_token=key, user=login("Ben"), at=LATER)
    with scope(north.organization):
        assert (ben.name, ben.role, ben.joined_at) == ("Ben", Role.MEMBER, LATER)
        assert ben in north.team.members
        assert north.team.group in login("Ben").groups.all()
        assert may(ben, Permission.SEND, north.workspace)
        assert Invitation.objects.get().accepted_at == LATER


def test_the_secret_is_not_kept(north: Founded) -> None:
    key = open_invitation(north)
    with scope(north.organization):
        row = Invitation.objects.values().get()
    assert key not in map(str, row.values())
    assert len(row["token_hash"]) == 64


def test_once(north: Founded) -> None:
    key = open_invitation(north)
    ben = join(raw_token=key, user=login("Ben"), at=AT)
    with pytest.raises(Conflict) as refused:
        join(raw_token=key, user=login("Ben"), at=AT)
    assert refused.value.code == "invitation_used"
    with scope(north.organization):
        leave(member=ben, by=ben, at=AT)
    with pytest.raises(Conflict) as refused:
        join(raw_token=key, user=login("Ben"), at=AT)
    assert refused.value.code == "invitation_used"


def test_in_time(north: Founded) -> None:
    key = open_invitation(north)
    with pytest.raises(Conflict) as refused:
        join(raw_token=key, user=login("Ben"), at=AT + timedelta(days=14))
    assert refused.value.code == "invitation_expired"
    join(raw_token=key, user=login("Ben"), at=AT + timedelta(days=14, seconds=-1))


def test_for_one_address(north: Founded) -> None:
    key = open_invitation(north)
    with pytest.raises(Forbidden) as refused:
        join(raw_token=key, user=login("Eve"), at=AT)
    assert refused.value.code == "invitation_address"


def test_unknown(north: Founded) -> None:
    for key in ("", "hi_guess", "\x00", "\ud800"):
        with pytest.raises(Missing) as refused:
            join(raw_token=key, user=login("Ben"), at=AT)
        assert refused.value.code == "invitation_unknown"


def test_a_second_invitation_withdraws_the_first(north: Founded) -> None:
    first, second = open_invitation(north), open_invitation(north, role=Role.VIEWER)
    with pytest.raises(Conflict) as refused:
        join(raw_token=first, user=login("Ben"), at=AT)
    assert refused.value.code == "invitation_withdrawn"
    assert join(raw_token=second, user=login("Ben"), at=AT).role == Role.VIEWER


def test_one_who_left_comes_back_as_the_same(north: Founded) -> None:
    ben = welcome(north, "Ben")
    with scope(north.organization):
        leave(member=ben, by=ben, at=AT)
    again = join(raw_token=open_invitation(north, role=Role.ADMIN), user=login("Ben"), at=LATER)
    assert (again.pk, again.role, again.left_at) == (ben.pk, Role.ADMIN, None)


def test_who_may_invite_whom(north: Founded) -> None:
    admin, ben = welcome(north, "Adam", Role.ADMIN), welcome(north, "Ben")
    with scope(north.organization):
        for by, role, code in (
            (ben, Role.MEMBER, "not_an_admin"),
            (admin, Role.OWNER, "owners_only"),
        ):
            with pytest.raises(Forbidden) as refused:
                invite(email="x@people.example", role=role, by=by, at=AT)
            assert refused.value.code == code
        invite(email="x@people.example", role=Role.ADMIN, by=admin, at=AT)
        invite(email="y@people.example", role=Role.OWNER, by=north.owner, at=AT)
        with pytest.raises(Conflict) as taken:
            invite(email="BEN@people.example", by=admin, at=AT)
        assert taken.value.code == "already_member"
        for email, role in (("no address", Role.MEMBER), ("z@people.example", "emperor")):
            with pytest.raises(Invalid):
                invite(email=email, role=role, by=admin, at=AT)


def test_clients_are_invited_to_client_places_only(north: Founded) -> None:
    _, team, workspace = client_corner(north, "Cleo")
    with scope(north.organization):
        for role, options, code in (
            (Role.CLIENT, {"team": north.team}, "team_does_not_fit"),
            (Role.MEMBER, {"team": team}, "team_does_not_fit"),
            (Role.CLIENT, {"workspace": north.workspace}, "not_for_clients"),
        ):
            with pytest.raises(Conflict) as refused:
                invite(email="x@people.example", role=role, by=north.owner, at=AT, **options)
            assert refused.value.code == code
        _, key = invite(
            email=login("Cora").email, role=Role.CLIENT, team=team, workspace=workspace, by=north.owner, at=AT
        )
    cora = join(raw_token=key, user=login("Cora"), at=AT)
    with scope(north.organization):
        assert may(cora, Permission.RECEIVE, workspace)
        assert not may(cora, Permission.VIEW, north.workspace)


def test_nobody_invites_into_another_organization(north: Founded, south: Founded) -> None:
    with scope(north.organization), pytest.raises(Invalid):
        invite(email="x@people.example", team=south.team, by=north.owner, at=AT)


def test_two_uses_at_once_are_one(alone: str) -> None:
    north, ben = settle(alone, alone), login(f"{alone}-ben")
    with scope(north.organization):
        _, key = invite(email=ben.email, by=north.owner, at=AT)
    together, outcomes = Barrier(2), []

    def use() -> None:
        together.wait()
        try:
            outcomes.append(join(raw_token=key, user=ben, at=AT).name)
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [ben.name, "invitation_used"]
    with scope(north.organization):
        assert Member.objects.filter(user=ben).count() == 1
