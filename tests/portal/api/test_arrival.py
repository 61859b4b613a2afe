"""Who may come in, and as whom: tokens, sessions, strangers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from handoffs.lifecycle import State
from handoffs.models import Event
from tenants.access import Permission
from tenants.actions import add_service, grant, issue_token, leave, revoke_token
from tenants.models import Member, Role, User
from tests.portal.api.conftest import HOME, Call, Caller
from tests.world import World

ADDRESSES = ("handoffs/", "me/", "templates/", "notices/", "handoffs/HO-1001/", "nothing-of-the-kind/")


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_session_or_token_it_is_401(world: World, method: str, path: str) -> None:
    answer = getattr(Client(), method)(HOME + path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed_in"


def test_a_token_acts_as_its_member(world: World, call: Call) -> None:
    me = call(world.ana).get("me/").json()
    assert (me["member"]["name"], me["token"]["name"]) == ("Ana", "Test")
    assert me["organization"]["slug"] == "fjord"


def test_a_token_that_expired_or_was_revoked_is_401(world: World) -> None:
    at = timezone.now()
    expired, key = issue_token(
        member=world.ana, name="Old", by=world.ana, at=at - timedelta(days=2), expires_at=at - timedelta(days=1)
    )
    assert Caller(key).get("me/").status_code == 401
    token, key = issue_token(member=world.ana, name="Lost", by=world.ana, at=at)
    assert Caller(key).get("me/").status_code == 200
    revoke_token(token=token, by=world.ana, at=at)
    answer = Caller(key).get("me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    assert "invalid_token" in answer["WWW-Authenticate"]
    assert expired.expires_at


def test_who_left_is_out(world: World, call: Call) -> None:
    sue = call(world.sue)
    assert sue.get("me/").status_code == 200
    leave(member=world.sue, by=world.olga, at=world.now)
    assert sue.get("me/").status_code == 401


def test_a_stranger_finds_nothing_here_and_cannot_tell_it_from_nowhere(world: World) -> None:
    stan = Client()
    stan.force_login(User.objects.get(email="stan@elsewhere.example"), "django.contrib.auth.backends.ModelBackend")
    here, nowhere = stan.get(HOME + "handoffs/"), stan.get("/o/nowhere/api/v1/handoffs/")
    assert here.status_code == nowhere.status_code == 404
    assert here.content == nowhere.content
    assert here["Content-Type"] == "application/problem+json"
    # Nor is the door's answer another one than that of the rooms.
    olga = Client()
    olga.force_login(world.olga.user, "django.contrib.auth.backends.ModelBackend")
    assert olga.get(HOME + "handoffs/HO-999999/").json() == here.json()


def test_a_token_opens_its_own_organization_only(world: World) -> None:
    _, key = issue_token(member=world.ana, name="Test", by=world.ana, at=timezone.now())
    assert Client(headers={"authorization": f"Bearer {key}"}).get("/o/elsewhere/api/v1/me/").status_code == 404


def test_outside_of_an_organization_there_is_no_api(world: World) -> None:
    answer = Client().get("/api/v1/handoffs/")
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")


def test_a_session_needs_its_csrf_token_and_a_bearer_needs_none(world: World, call: Call) -> None:
    handoff = world.handoff(at=State.OFFERED)
    address = f"{HOME}handoffs/{handoff.reference}/accept"
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.ben.user, "django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    refused = browser.post(address, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    browser.get("/o/fjord/api/docs/")
    token = browser.cookies["csrftoken"].value
    assert browser.post(address, content_type="application/json", headers={"x-csrftoken": token}).status_code == 200
    handoff = world.handoff(at=State.OFFERED)
    integration = call(world.ben)
    integration.client.handler.enforce_csrf_checks = True
    assert integration.post(f"handoffs/{handoff.reference}/accept").status_code == 200


def test_an_integration_acts_under_its_own_name(world: World) -> None:
    service = add_service(name="CRM", role=Role.MEMBER, by=world.olga, at=world.now)
    grant(workspace=world.projects, to=service, permissions=[Permission.SEND], by=world.olga, at=world.now)
    _, key = issue_token(member=service, name="CRM", by=world.olga, at=timezone.now())
    made = Caller(key).post("handoffs/", {"workspace": world.projects.id, "title": "From the CRM"})
    assert made.status_code == 201, made.json()
    assert Event.objects.get(handoff__title="From the CRM").by == Member.objects.get(name="CRM")
