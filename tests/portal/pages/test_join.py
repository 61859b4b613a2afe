"""The link of an invitation: looking changes nothing; its button joins, once, and only the one who is invited."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from portal.invitations import invite_by_mail
from portal.sign_in import confirm_address
from tenants.actions import withdraw_invitation
from tenants.models import Invitation, Member, Role, User
from tests.portal.letters import mailed_key
from tests.portal.pages.conftest import Visit
from tests.world import World

NEW = "new@fjord.example"
SAID = {"name": "  Nora   Nygaard ", "password": "a-pebble-in-the-fjord"}


@pytest.fixture
def key(world: World) -> str:
    invite_by_mail(email=NEW, role=Role.MEMBER, team=world.team("Sales"), by=world.olga, at=timezone.now())
    return mailed_key(NEW)


def test_opening_the_link_says_who_invites_to_what_and_changes_nothing(world: World, key: str) -> None:
    for client in (Client(), Client()):
        answer = client.get(f"/join/{key}/")
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert client.head(f"/join/{key}/").status_code == 200
        text = answer.content.decode()
        assert "Join Fjord" in text
        assert "Olga invites" in text
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.get(email=NEW).accepted_at is None


def test_a_newcomer_takes_a_name_and_a_password_and_is_in(world: World, key: str) -> None:
    client = Client()
    answer = client.post(f"/join/{key}/", SAID)
    assert (answer.status_code, answer["Location"]) == (303, "/o/fjord/")
    member = Member.objects.get(organization=world.organization, user__email=NEW)
    assert (member.name, member.role) == ("Nora Nygaard", Role.MEMBER)
    assert world.team("Sales").pk in member.standing.team_ids
    assert EmailAddress.objects.get(email=NEW).verified
    assert client.get("/o/fjord/").context["request"].member == member
    assert "This browser" in client.get("/accounts/sessions/").content.decode()
    again = Client()
    signed_in = again.post("/accounts/login/", {"login": NEW, "password": SAID["password"]})
    assert signed_in.status_code == 302
    assert Client().get(f"/join/{key}/").status_code == 409
    assert client.post(f"/join/{key}/", SAID).status_code == 409


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"password": "12345678"}, "too common"),
        ({"password": "short"}, "too short"),
        ({"password": NEW}, "too similar"),
        ({"name": "   "}, "required"),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "a\x00b"}, "ull characters"),
    ],
)
def test_what_cannot_be_comes_back_with_the_name_kept(
    world: World, key: str, given: dict[str, str], sentence: str
) -> None:
    answer = Client().post(f"/join/{key}/", SAID | given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_who_has_a_login_signs_in_first_and_then_joins(world: World, key: str) -> None:
    user = User.objects.create_user(NEW, password=SAID["password"], name="Nora")
    confirm_address(user)
    client = Client()
    assert f"/accounts/login/?next=/join/{key}/" in client.get(f"/join/{key}/").content.decode()
    assert client.post(f"/join/{key}/", SAID).status_code == 200
    assert not Member.objects.filter(user=user).exists()
    client.post("/accounts/login/", {"login": NEW, "password": SAID["password"], "next": f"/join/{key}/"})
    assert 'name="password"' not in client.get(f"/join/{key}/").content.decode()
    assert client.post(f"/join/{key}/")["Location"] == "/o/fjord/"
    assert Member.objects.get(user=user).organization == world.organization


def test_signed_in_as_somebody_else_one_is_told_whose_it_is(world: World, key: str, visit: Visit) -> None:
    stan = visit("stan")
    assert "You are signed in as stan@elsewhere.example" in stan.client.get(f"/join/{key}/").content.decode()
    assert stan.client.post(f"/join/{key}/", SAID).status_code == 200
    assert Invitation.objects.get(email=NEW).accepted_at is None
    assert not Member.objects.filter(organization=world.organization, user__email="stan@elsewhere.example").exists()


def test_withdrawn_expired_unknown_and_malformed_are_refused_in_words(world: World, key: str) -> None:
    invitation = Invitation.objects.get(email=NEW)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=invitation.created_at - timedelta(seconds=1))
    expired = Client().post(f"/join/{key}/", SAID)
    assert (expired.status_code, "has expired" in expired.content.decode()) == (409, True)
    withdraw_invitation(invitation=invitation, by=world.olga, at=world.now)
    withdrawn = Client().get(f"/join/{key}/")
    assert (withdrawn.status_code, "withdrawn" in withdrawn.content.decode()) == (409, True)
    for wrong in ("hi_nonsense", "x" * 3000, "%00", "%ED%A0%80"):
        assert Client().get(f"/join/{wrong}/").status_code == 404
        assert Client().post(f"/join/{wrong}/", SAID).status_code == 404
    assert Client().delete(f"/join/{key}/").status_code == 405


def test_below_an_organization_there_is_no_such_page(world: World, key: str, visit: Visit) -> None:
    assert visit("ana").get(f"join/{key}/").status_code == 404


def test_another_site_cannot_press_the_button(world: World, key: str) -> None:
    assert Client(enforce_csrf_checks=True).post(f"/join/{key}/", SAID).status_code == 403
