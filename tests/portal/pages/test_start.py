"""The start page and the demo's way in."""

import pytest
from django.conf import settings
from django.test import Client

from portal.sign_in import confirm_address
from tenants.scope import everyone
from tests.portal.pages.conftest import Visit
from tests.world import World


@pytest.fixture
def demo(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Fjord is there to be tried out."""
    monkeypatch.setattr(settings, "HANDRAIL_DEMO", True)
    with everyone():
        world.organization.is_demo = True
        world.organization.save(update_fields=["is_demo"])
    return world


def test_it_says_what_this_is_and_where_to_sign_in(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HANDRAIL_DEMO", False)
    answer = Client().get("/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Work never falls between two people" in text
    assert 'href="/accounts/login/"' in text
    assert "look around" not in text
    assert Client().post("/").status_code == 405


def test_who_is_signed_in_sees_their_organizations(world: World, visit: Visit) -> None:
    text = visit("ana").client.get("/").content.decode()
    assert 'href="/o/fjord/"' in text
    assert "elsewhere" not in text
    assert "/o/elsewhere/" in visit("stan").client.get("/").content.decode()


def test_one_click_signs_in_as_a_demo_person(demo: World) -> None:
    client = Client()
    text = client.get("/").content.decode()
    assert 'name="email" value="ben@fjord.example"' in text
    assert "Member · Onboarding" in text
    assert 'value="stan@elsewhere.example"' not in text
    assert "ben@fjord.example" in client.get("/accounts/login/").content.decode()
    answer = client.post("/demo/sign-in/", {"email": "ben@fjord.example"}, follow=True)
    assert answer.redirect_chain == [("/o/fjord/", 303)]
    assert answer.status_code == 200
    assert answer.context["request"].member == demo.ben
    client.post("/demo/sign-in/", {"email": "ana@fjord.example"})
    assert client.get("/o/fjord/").context["request"].member == demo.ana


@pytest.mark.parametrize("email", ["stan@elsewhere.example", "nobody@fjord.example", "", "\x00", "x" * 9999])
def test_nobody_but_a_demo_person_comes_in_that_way(email: str, demo: World) -> None:
    assert Client().post("/demo/sign-in/", {"email": email}).status_code == 404


def test_somebody_who_left_does_not_come_back_that_way(demo: World) -> None:
    ben = demo.ben
    ben.left_at = demo.now
    ben.save(update_fields=["left_at"])
    assert Client().post("/demo/sign-in/", {"email": "ben@fjord.example"}).status_code == 404


def test_without_the_demo_there_is_no_such_address(demo: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HANDRAIL_DEMO", False)
    assert Client().post("/demo/sign-in/", {"email": "ben@fjord.example"}).status_code == 404
    assert Client().get("/demo/sign-in/").status_code == 405


def test_another_site_cannot_press_the_button(demo: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/demo/sign-in/", {"email": "ben@fjord.example"}).status_code == 403
    assert client.get("/o/fjord/").status_code == 302


def test_sign_in_by_e_mail_and_password_and_out_again(world: World) -> None:
    user = world.ana.user
    assert user
    user.set_password("correct horse battery staple")
    user.save()
    confirm_address(user)
    client = Client()
    given = {"login": "ana@fjord.example", "password": "correct horse battery staple"}
    answer = client.post("/accounts/login/?next=/o/fjord/held/", given)
    assert answer["Location"] == "/o/fjord/held/"
    assert client.get("/o/fjord/held/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/o/fjord/held/").status_code == 302
