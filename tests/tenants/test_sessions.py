"""Who a session lets in, now that it is read by hand: nobody whom Django would not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import DataError, connection
from django.test import Client
from django.utils import timezone

from tenants.actions import Founded

from .cast import login

pytestmark = pytest.mark.urls("tests.tenants.addresses")
HERE = "/o/north/here/"
BY_PASSWORD = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def ana(north: Founded, client: Client) -> Client:
    client.force_login(login("Ana"), BY_PASSWORD)
    return client


def changed(client: Client, **values: str) -> None:
    session = client.session
    session.update(values)
    session.save()


def test_let_in(ana: Client) -> None:
    assert ana.get(HERE).json()["user"] == "Ana"


def test_another_password_ends_the_sessions_of_the_former_one(ana: Client) -> None:
    user, former = login("Ana"), ana.session.session_key
    user.set_password("another one entirely")
    user.save()
    assert ana.get(HERE).status_code == 302
    assert not Session.objects.filter(pk=former).exists()  # Django threw it away


def test_a_session_signed_with_the_former_secret_key_goes_on(ana: Client, settings) -> None:  # type: ignore[no-untyped-def]
    session = ana.session  # read while the key is still the one that wrote it
    before = dict(session.items())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one " * 6
    assert ana.get(HERE).json()["user"] == "Ana"
    assert ana.session[HASH_SESSION_KEY] != before[HASH_SESSION_KEY]  # signed anew
    assert ana.get(HERE).json()["user"] == "Ana"


@pytest.mark.parametrize(
    "values", [{HASH_SESSION_KEY: ""}, {HASH_SESSION_KEY: "made up"}, {BACKEND_SESSION_KEY: "x.Y"}]
)
def test_a_session_that_proves_nothing(ana: Client, values: dict[str, str]) -> None:
    changed(ana, **values)
    assert ana.get(HERE).status_code == 302


def test_a_login_that_was_ended(ana: Client) -> None:
    user = login("Ana")
    user.is_active = False
    user.save()
    assert ana.get(HERE).status_code == 302


def test_elsewhere_there_is_nothing(ana: Client, north: Founded, south: Founded) -> None:
    assert ana.get("/o/south/here/").status_code == ana.get("/o/nowhere/here/").status_code == 404
    assert ana.get("/o/No Slug/here/").status_code == 404


def test_a_session_that_is_over(ana: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert ana.get(HERE).status_code == 302


@pytest.mark.parametrize(
    "key",
    ["unknownunknownunknownunknown", "'; select 1 --xxxx", "ä" * 12, '"\\000\\000\\000\\000\\000\\000\\000\\000"'],
)
def test_a_cookie_that_is_no_session(north: Founded, client: Client, key: str) -> None:
    client.cookies["sessionid"] = key
    assert client.get(HERE).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["2026-03-29 01:30:00+00", "2026-03-29 01:30:00.000001+00", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59.9+00"],
)
def test_instants_are_what_was_written(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz", [text])
        (found,) = cursor.fetchone()
    assert found == datetime.fromisoformat(text)
    assert found.tzinfo is UTC


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["infinity", "10000-01-01 00:00:00+00", "0044-03-15 12:00:00+00 BC"])
def test_instants_that_python_has_no_word_for(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz", [text])
        with pytest.raises(DataError):
            cursor.fetchone()
