"""The addresses for operators."""

import pytest
from django.db import connection
from django.test import Client


def test_healthz_answers_without_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_asks_the_database(client: Client) -> None:
    assert client.get("/readyz").json() == {"database": "ok"}


@pytest.mark.django_db
def test_the_role_of_the_tests_is_bound_by_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False, False, True)
