"""`/o/<slug>/…`: who is let in, what they are told, and what is in force meanwhile."""

import json
from collections.abc import Iterable
from typing import IO, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, set_script_prefix

from tenants.actions import Founded, issue_token, leave, revoke_token
from tenants.arrival import places_of
from tenants.models import Organization, Role, User
from tenants.scope import current_organization_id, everyone, scope

from .cast import AT, login, settle, welcome

pytestmark = pytest.mark.urls("tests.tenants.addresses")


@pytest.fixture
def ana(north: Founded, client: Client) -> Client:
    client.force_login(login("Ana"), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def key(north: Founded) -> str:
    with scope(north.organization):
        return issue_token(member=north.owner, name="reports", by=north.owner, at=AT)[1]


def served(client: Client, path: str, **environ: Any) -> Iterable[bytes]:
    """What the real server interface answers to this client."""
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    request = RequestFactory().get(path, headers={"Cookie": cookies}, **environ)
    request_started.disconnect(close_old_connections)  # it would end the test's transaction
    try:
        response: Iterable[bytes] = WSGIHandler()(request.environ, lambda status, headers: None)
    finally:
        request_started.connect(close_old_connections)
        set_script_prefix("/")
    return response


def bearer(key: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {key}"}}


def test_inside(ana: Client, north: Founded, south: Founded) -> None:
    told = ana.get("/o/north/here/?a=1").json()
    assert told == {
        "organization": "north",
        "member": "Ana",
        "token": None,
        "user": "Ana",
        "scope": str(north.organization.pk),
        "organizations": ["north"],
        "reverse": "/o/north/here/",
        "path": ["/here/", "/o/north/here/", "/o/north", "/here/"],
        "absolute": "http://testserver/o/north/here/?a=1",
    }
    assert (get_script_prefix(), current_organization_id()) == ("/", None)


def test_outside(ana: Client) -> None:
    told = ana.get("/here/").json()
    assert (told["organization"], told["member"], told["token"]) == (None, None, None)
    assert (told["organizations"], told["reverse"]) == ([], "/here/")


def test_mounted_below_a_prefix(ana: Client) -> None:
    told = json.loads(b"".join(served(ana, "/o/north/here/", SCRIPT_NAME="/portal")))
    assert told["path"] == ["/here/", "/portal/o/north/here/", "/portal/o/north", "/here/"]
    assert told["reverse"] == "/portal/o/north/here/"


@pytest.mark.parametrize("slug", ["south", "nowhere", "North", "%00", "é", "north%0a", "a" * 5000])
@pytest.mark.parametrize(("path", "kind"), [("here/", "text/html"), ("api/v1/here", "application/problem+json")])
def test_not_ones_own_is_as_unknown(ana: Client, south: Founded, slug: str, path: str, kind: str) -> None:
    refused, unknown = ana.get(f"/o/{slug}/{path}"), ana.get(f"/o/unknown/{path}")
    assert refused.status_code == unknown.status_code == 404
    assert refused.content == unknown.content
    assert refused.headers.items() == unknown.headers.items()
    assert refused["Content-Type"].startswith(kind)


@pytest.mark.parametrize("slug", ["north", "nowhere"])
def test_strangers_sign_in_first(client: Client, north: Founded, slug: str) -> None:
    page = client.get(f"/o/{slug}/here/?a=1&b=2")
    assert page.status_code == 302
    assert page["Location"] == f"/accounts/login/?next=/o/{slug}/here/%3Fa%3D1%26b%3D2"
    refused = client.get(f"/o/{slug}/api/v1/here")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == 'Bearer realm="api"'
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "not_signed_in"


def test_strangers_cause_no_query(client: Client, north: Founded, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        client.get("/o/north/here/")
        client.get("/o/north/api/v1/here")


def test_the_slash_at_the_end(ana: Client, client: Client) -> None:
    for slug in ("north", "nowhere"):
        assert client.get(f"/o/{slug}?a=1")["Location"] == f"/o/{slug}/?a=1"
    assert ana.get("/o/north/here")["Location"] == "/o/north/here/"
    assert ana.get("/o//here/").status_code == 404


def test_those_who_left_and_closed_logins_are_strangers(client: Client, north: Founded) -> None:
    ben = welcome(north, "Ben")
    client.force_login(login("Ben"), "django.contrib.auth.backends.ModelBackend")
    assert client.get("/o/north/here/").status_code == 200
    with scope(north.organization):
        leave(member=ben, by=ben, at=AT)
    assert client.get("/o/north/here/").status_code == 404
    User.objects.update(is_active=False)
    assert client.get("/o/north/here/").status_code == 302


def test_a_token_is_a_member(client: Client, key: str) -> None:
    told = client.get("/o/north/api/v1/here", **bearer(key)).json()
    assert (told["organization"], told["member"], told["token"], told["user"]) == ("north", "Ana", "reports", "Ana")


def test_a_token_is_for_the_api_only(client: Client, key: str) -> None:
    assert client.get("/o/north/here/", **bearer(key)).status_code == 302


def test_a_token_is_for_one_organization_only(client: Client, key: str, south: Founded) -> None:
    answers = [client.get(f"/o/{slug}/api/v1/here", **bearer(key)) for slug in ("south", "nowhere")]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    settle("Second", "Ana")  # a place of hers, but not the token's
    assert client.get("/o/second/api/v1/here", **bearer(key)).status_code == 404


def test_a_bad_token_is_refused_even_beside_a_session(ana: Client, north: Founded, key: str) -> None:
    with scope(north.organization):
        token, revoked = issue_token(member=north.owner, name="old", by=north.owner, at=AT)
        revoke_token(token=token, by=north.owner, at=AT)
    for bad in ("hr_guess", revoked, ""):
        refused = ana.get("/o/north/api/v1/here", **bearer(bad))
        assert refused.status_code == 401
        assert refused.json()["code"] == "token_refused"
        assert 'error="invalid_token"' in refused["WWW-Authenticate"]
    assert ana.get("/o/north/api/v1/here").status_code == 200
    assert ana.get("/o/north/api/v1/here", headers={"Authorization": "Basic eDp5"}).status_code == 200


@pytest.mark.parametrize(
    ("then", "name"), [("go on", "Renamed"), ("fail", "North"), ("missing", "North"), ("500", "North")]
)
def test_what_fails_leaves_nothing_behind(ana: Client, then: str, name: str) -> None:
    ana.raise_request_exception = False
    ana.post(f"/o/north/rename/?then={then}")
    assert (get_script_prefix(), current_organization_id()) == ("/", None)
    with everyone():
        assert Organization.objects.get(slug="north").name == name


def test_a_stream_is_read_inside(ana: Client, north: Founded, south: Founded) -> None:
    response = ana.get("/o/north/stream/")
    assert get_script_prefix() == "/"
    lines = [json.loads(chunk) for chunk in response.streaming_content]
    assert lines == [[north.team.name, "/o/north/here/", str(north.organization.pk)]]
    assert (get_script_prefix(), current_organization_id()) == ("/", None)


def test_a_file_stays_a_file(ana: Client) -> None:
    """The server sends it without reading it through Python, which wrapping it would end."""

    def send(file: IO[bytes], size: int) -> list[bytes]:
        with file:
            return [b"sent by the server: ", file.readline()]

    sent = b"".join(served(ana, "/o/north/file/", **{"wsgi.file_wrapper": send}))
    assert sent.startswith(b'sent by the server: """A small site')


def test_where_a_login_has_places(north: Founded, south: Founded) -> None:
    second = settle("Second", "Ana")
    assert [place.organization.slug for place in places_of(login("Ana"))] == ["north", "second"]
    ben = welcome(second, "Ben", Role.VIEWER)
    with scope(second.organization):
        leave(member=ben, by=ben, at=AT)
    assert places_of(login("Ben")) == []


def test_what_entering_costs(alone: str, client: Client, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    settle(alone, alone)
    client.force_login(login(alone), "django.contrib.auth.backends.ModelBackend")
    with django_assert_num_queries(7) as captured:
        client.get(f"/o/{alone}/api/v1/members")
    told = [each["sql"] for each in captured.captured_queries]
    finding = ["django_session", "BEGIN", "set_config", "tenants_member"]
    serving = ["set_config", "tenants_member", "COMMIT"]
    for statement, word in zip(told, finding + serving, strict=True):
        assert word in statement
