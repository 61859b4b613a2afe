"""The ways in: a typed code, a forgotten password, a second factor; known and unknown addresses look the same."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_q.models import OrmQ

from portal.sign_in import confirm_address
from tenants.models import User
from tests.handoffs.worker import work_off
from tests.portal.letters import last_mail_to
from tests.world import World

ANA, NOBODY = "ana@fjord.example", "nobody@fjord.example"
PASSWORD = "correct horse battery staple"
CODE = re.compile(r"^\s*([0-9A-Z]{3,}-?[0-9A-Z]{3,})\s*$", re.MULTILINE)
REQUEST, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def _no_limits_used_up(world: World) -> None:
    cache.clear()


def with_password(world: World) -> User:
    user = world.ana.user
    assert user is not None
    user.set_password(PASSWORD)
    user.save()
    confirm_address(user)
    return user


def signed_in(world: World) -> Client:
    """Ana's browser, where she has just said her password once more."""
    with_password(world)
    client = Client()
    client.post("/accounts/login/", {"login": ANA, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def code_for(address: str) -> str:
    found = CODE.search(str(last_mail_to(address).body))
    assert found is not None
    return found[1]


def test_sign_in_by_a_code_that_is_mailed_and_typed_in(world: World) -> None:
    with_password(world)
    client = Client()
    answer = client.post(REQUEST, {"email": "Ana@fjord.example", "next": "/o/fjord/held/"})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    code = code_for(ANA)
    assert client.post(CONFIRM, {"code": "WRONG-1"}).status_code == 200
    assert client.get("/o/fjord/").status_code == 302
    assert client.post(CONFIRM, {"code": code, "next": "/o/fjord/held/"})["Location"] == "/o/fjord/held/"
    assert client.get("/o/fjord/").context["request"].member == world.ana


def test_a_code_is_good_for_the_browser_that_asked_and_for_three_attempts(world: World) -> None:
    client, thief = Client(), Client()
    client.post(REQUEST, {"email": ANA})
    code = code_for(ANA)
    thief.post(CONFIRM, {"code": code})
    assert thief.get("/o/fjord/").status_code == 302
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG-1"})
    client.post(CONFIRM, {"code": code})
    assert client.get("/o/fjord/").status_code == 302


@pytest.mark.parametrize("path", [REQUEST, "/accounts/password/reset/"])
def test_known_and_unknown_addresses_are_answered_alike_and_both_get_a_mail(world: World, path: str) -> None:
    answers = []
    for address in (ANA, NOBODY):
        client = Client()
        answer = client.post(path, {"email": address}, follow=True)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(address, "…")
        answers.append((answer.redirect_chain, re.sub(r"X-CSRFToken[^}]*", "", text)))
        assert OrmQ.objects.count() == 1
        work_off()
        assert mail.outbox[-1].to == [address]
    assert answers[0] == answers[1]
    assert "hi_" not in mail.outbox[-1].body


def test_nothing_in_the_queue_can_be_used_by_who_reads_it(world: World) -> None:
    Client().post(REQUEST, {"email": ANA})
    waiting = OrmQ.objects.get().payload
    code = code_for(ANA)
    assert code not in waiting
    assert ANA not in waiting


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(world: World) -> None:
    user = with_password(world)
    client = Client()
    client.post("/accounts/password/reset/", {"email": ANA})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(last_mail_to(ANA).body))
    assert link is not None
    form = client.get(link[1], follow=True)
    assert form.status_code == 200
    new = {"password1": "another-pebble-here", "password2": "another-pebble-here"}
    client.post(form.redirect_chain[-1][0], new)
    user.refresh_from_db()
    assert user.check_password("another-pebble-here")
    assert "Bad Token" in Client().get(link[1], follow=True).content.decode()


def test_guessing_a_password_is_slowed_down(world: World) -> None:
    with_password(world)
    for _ in range(5):
        Client().post("/accounts/login/", {"login": ANA, "password": "wrong"})
    answer = Client().post("/accounts/login/", {"login": ANA, "password": PASSWORD})
    assert "Too many failed login attempts" in answer.content.decode()
    assert Client().post("/accounts/login/", {"login": "ben@fjord.example", "password": "x"}).status_code == 200


def test_asking_for_codes_without_end_is_slowed_down(world: World) -> None:
    for _ in range(30):
        answer = Client().post(REQUEST, {"email": ANA})
    assert "Too many" in answer.content.decode()
    assert OrmQ.objects.count() == 3


def test_trying_from_one_place_without_end_is_slowed_down(world: World) -> None:
    for n in range(31):
        answer = Client().post("/accounts/login/", {"login": f"{n}@fjord.example", "password": "x"})
    assert answer.status_code == 429
    assert "Wait a minute or two" in answer.content.decode()


def totp(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_a_second_factor_is_asked_for_and_its_secret_is_sealed(world: World) -> None:
    client, user = signed_in(world), world.ana.user
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)}).status_code == 302
    stored = Authenticator.objects.get(user=user, type="totp").data
    assert secret not in str(stored)
    cache.clear()  # the same code, in the same half minute, counts once
    other = Client()
    answer = other.post("/accounts/login/", {"login": ANA, "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/o/fjord/").status_code == 302
    assert other.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert other.post(answer["Location"], {"code": totp(secret)}).status_code == 302
    assert other.get("/o/fjord/").status_code == 200


def test_the_list_of_sessions_ends_the_others(world: World) -> None:
    with_password(world)
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/accounts/login/", {"login": ANA, "password": PASSWORD})
    assert here.get("/accounts/sessions/").status_code == 200
    here.post("/accounts/sessions/")
    assert here.get("/o/fjord/").status_code == 200
    assert there.get("/o/fjord/").status_code == 302
    assert Session.objects.count() >= 1


def test_a_new_address_counts_once_its_code_is_typed_in(world: World) -> None:
    client, user = signed_in(world), User.objects.get(email=ANA)
    answer = client.post("/accounts/email/", {"email": "anna@fjord.example", "action_add": ""})
    user.refresh_from_db()
    assert user.email == ANA
    client.post(answer["Location"], {"code": code_for("anna@fjord.example")})
    user.refresh_from_db()
    assert user.email == "anna@fjord.example"


def test_a_login_that_nobody_has_confirmed_is_asked_for_a_code_first(world: World) -> None:
    user = with_password(world)
    user.emailaddress_set.all().delete()
    client = Client()
    answer = client.post("/accounts/login/", {"login": ANA, "password": PASSWORD})
    assert client.get("/o/fjord/").status_code == 302
    client.post(answer["Location"], {"code": code_for(ANA)})
    assert client.get("/o/fjord/").status_code == 200


def test_the_door_bears_the_name_and_hue_of_the_organization_behind_it(world: World) -> None:
    page = Client().get("/o/fjord/held/", follow=True).content.decode()
    assert "Fjord</small>" in page
    plain = Client().get("/o/nowhere/held/", follow=True).content.decode()
    assert "<small" not in plain.split("<h1>")[0]
    for odd in ("//evil.example/o/fjord/", "/o/%00/", "/o/" + "x" * 5000 + "/"):
        assert Client().get("/accounts/login/", {"next": odd}).status_code == 200


@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/", "sessions/"]
)
def test_ones_own_account_is_shown_under_a_strict_policy(world: World, path: str) -> None:
    answer = signed_in(world).get(f"/accounts/{path}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
