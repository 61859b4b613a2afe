"""A database apart: for what must be committed and would be disturbed by what other tests have committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.db import connection


@contextmanager
def database_apart(name: str) -> Iterator[str]:
    """Makes a migrated database, lets this process use it, and drops it; yields what DATABASE_URL would be for it."""
    former = connection.settings_dict["NAME"]
    apart = f"{connection.settings_dict['TEST']['NAME']}_{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{apart}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{apart}"')
    try:
        _use(apart)
        call_command("migrate", verbosity=0)
        yield url_of(apart)
    finally:
        _use(former)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{apart}" WITH (FORCE)')


def _use(name: str) -> None:
    connection.close()
    # The first for connections of other threads, which are made from it.
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def url_of(name: str) -> str:
    """What DATABASE_URL would be for this database of the server that tests use."""
    used = connection.settings_dict
    login = quote(used["USER"], safe="") + (f":{quote(used['PASSWORD'], safe='')}" if used["PASSWORD"] else "")
    return f"postgresql://{login}@{quote(used['HOST'], safe='')}:{used['PORT']}/{name}"
