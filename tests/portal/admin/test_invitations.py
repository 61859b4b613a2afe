"""Invitations in the admin: made, mailed, withdrawn."""

import pytest

from tenants.actions import join
from tenants.models import Invitation, Member, User
from tenants.refusals import Conflict
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.letters import mailed_key
from tests.world import World

LIST = "tenants/invitation/"


def test_the_list_tells_what_became_of_them(world: World, olga: Visitor) -> None:
    assert "Joined" in olga.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_somebody_is_invited_and_joins(world: World, chief: Member, visit: Visit, name: str) -> None:
    answer = visit(name).save(f"{LIST}add/", email="New@fjord.example", role="member", team=world.team("Sales").pk)
    assert answer.status_code == 302
    made = Invitation.objects.get(email="new@fjord.example")
    user = User.objects.create_user("new@fjord.example", name="New")
    member = join(raw_token=mailed_key("new@fjord.example"), user=user, at=made.created_at)
    assert world.team("Sales").pk in member.standing.team_ids
    assert "hi_" not in visit(name).get(f"{LIST}{made.pk}/change/").content.decode()


def test_an_invitation_is_withdrawn_once(world: World, olga: Visitor) -> None:
    olga.save(f"{LIST}add/", email="new@fjord.example", role="member")
    key = mailed_key("new@fjord.example")
    made = Invitation.objects.get(email="new@fjord.example")
    assert olga.get(f"{LIST}{made.pk}/withdraw/").status_code == 200
    made.refresh_from_db()
    assert made.withdrawn_at is None
    olga.post(f"{LIST}{made.pk}/withdraw/")
    made.refresh_from_db()
    withdrawn_at = made.withdrawn_at
    assert withdrawn_at is not None
    olga.post(f"{LIST}{made.pk}/withdraw/")
    made.refresh_from_db()
    assert made.withdrawn_at == withdrawn_at
    user = User.objects.create_user("new@fjord.example", name="New")
    with pytest.raises(Conflict, match="withdrawn"):
        join(raw_token=key, user=user, at=made.created_at)


def test_what_was_used_cannot_be_withdrawn(world: World, olga: Visitor) -> None:
    used = Invitation.objects.exclude(accepted_at=None).first()
    assert used is not None
    assert "has joined by it already" in olga.post(f"{LIST}{used.pk}/withdraw/").content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "ana@fjord.example"}, "is a member already"),
        ({"email": "nobody"}, "valid email"),
        ({"role": "emperor"}, "Select a valid choice"),
        ({"role": "client", "team": "Sales"}, "Clients are invited into clients"),
        ({"role": "client", "workspace": "Projects"}, "Projects is internal"),
    ],
)
def test_what_makes_no_sense_comes_back(world: World, olga: Visitor, given: dict[str, str], sentence: str) -> None:
    rows = {"Sales": world.team("Sales").pk, "Projects": world.projects.pk}
    changes = {"email": "new@fjord.example", **{name: rows.get(words, words) for name, words in given.items()}}
    answer = olga.save(f"{LIST}add/", **changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "hi_" not in answer.content.decode()
    assert not Invitation.objects.filter(email="new@fjord.example").exists()


def test_an_admin_invites_no_owner(world: World, chief: Member, visit: Visit) -> None:
    answer = visit("nils").save(f"{LIST}add/", email="new@fjord.example", role="owner")
    assert "Only an owner may decide who is an owner." in answer.content.decode()


def test_an_invitation_never_changes(world: World, olga: Visitor) -> None:
    used = Invitation.objects.first()
    assert used is not None
    assert olga.post(f"{LIST}{used.pk}/change/", {"email": "x@fjord.example", "role": "owner"}).status_code == 403
