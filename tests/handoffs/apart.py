"""A database apart: for what must be committed and would be disturbed by what other tests have committed."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection


def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that is migrated and empty; made by whichever process of this run comes first."""
    root = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent  # what the workers of one run share
    former, name = connection.settings_dict["NAME"], f"test_{connection.settings_dict['NAME']}_migrated"
    made = root / "migrated"
    with (root / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _use("postgres")
            _create(name, "template1")
            _use(name)
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            _use(former)
            made.touch()
    return name


@contextmanager
def database_apart(name: str) -> Iterator[str]:
    """Makes a migrated database, lets this process use it, and drops it; yields what DATABASE_URL would be for it."""
    former = connection.settings_dict["NAME"]
    test = connection.settings_dict["TEST"]
    apart = f"{test['NAME']}_{name}"
    _create(apart, test["TEMPLATE"])
    try:
        _use(apart)
        yield url_of(apart)
    finally:
        _use(former)
        _drop(apart)


def _create(name: str, template: str) -> None:
    _drop(name)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _drop(name: str, tries: int = 20) -> None:
    """Drops it if it is there. Autovacuum looks in for a moment now and then, and only a superuser may send it away."""
    for left in reversed(range(tries)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except (ProgrammingError, OperationalError):
            if not left:
                raise
            time.sleep(0.5)


def _use(name: str) -> None:
    connection.close()
    # The first for connections of other threads, which are made from it.
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def url_of(name: str) -> str:
    """What DATABASE_URL would be for this database of the server that tests use."""
    used = connection.settings_dict
    login = quote(used["USER"], safe="") + (f":{quote(used['PASSWORD'], safe='')}" if used["PASSWORD"] else "")
    return f"postgresql://{login}@{quote(used['HOST'], safe='')}:{used['PORT']}/{name}"
