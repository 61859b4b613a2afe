"""Which PostgreSQL is used: the one DATABASE_URL names, or the embedded one; and whether it is fit to be used."""

from functools import cache
from typing import Any

import dj_database_url
from django.db.backends.base.base import BaseDatabaseWrapper

from . import embedded
from .environment import Environment, Unfit, current
from .lodging import lodge

OLDEST = 15
# Connections are kept between requests. psycopg's pool is not used: forked workers would read each other's replies.
KEEP_SECONDS = 600
PREPARE_AFTER = 2  # a statement written by hand is planned for good when it comes a second time


def is_embedded(environment: Environment) -> bool:
    """Whether this environment leaves the server to us."""
    return not environment.database_url


@cache
def server() -> embedded.Server:
    """The embedded server of this environment: one for work, a faster one for tests."""
    environment = current()
    name, tuning = ("postgres-test", embedded.QUICK) if environment.test else ("postgres", {})
    return embedded.Server(lodge(environment.data / name), {**embedded.SETTINGS, **tuning})


def start() -> None:
    """Start the embedded server if that is the one in use; a server of one's own is left alone."""
    if is_embedded(current()):
        server().start()


def settings(environment: Environment) -> dict[str, Any]:
    """The entry for Django's DATABASES; starts nothing."""
    chosen = own_settings(environment.database_url) if environment.database_url else embedded_settings()
    name = "test_handrail" + environment.test_suffix
    options = {**chosen.get("OPTIONS", {}), "prepare_threshold": PREPARE_AFTER if environment.prepare else None}
    kept = {"CONN_MAX_AGE": KEEP_SECONDS, "CONN_HEALTH_CHECKS": True}
    return {**kept, **chosen, "OPTIONS": options, "TEST": {"NAME": name}}


def embedded_settings() -> dict[str, Any]:
    """How Django reaches the embedded server."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": server().host,
        "PORT": str(embedded.PORT),
        "USER": embedded.APPLICATION,
        "NAME": embedded.APPLICATION,
    }


def own_settings(url: str) -> dict[str, Any]:
    """How Django reaches the server of a DATABASE_URL; raises Unfit when it is not a PostgreSQL address."""
    try:
        chosen = dict(dj_database_url.parse(url))
    except ValueError:
        raise Unfit(["DATABASE_URL must look like postgresql://user:password@host:5432/name."]) from None
    if chosen["ENGINE"] != "django.db.backends.postgresql":
        raise Unfit(["DATABASE_URL must name a PostgreSQL: Handrail relies on its row-level security."])
    # The library's own opinions about connections must not outweigh ours.
    return {key: value for key, value in chosen.items() if key not in {"CONN_MAX_AGE", "CONN_HEALTH_CHECKS"}}


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """What makes this server or this role unfit, one sentence each; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version_num')::int / 10000, current_user, rolsuper, rolbypassrls"
            " from pg_roles where rolname = current_user"
        )
        version, role, is_superuser, bypasses = cursor.fetchone()
    found = []
    if version < OLDEST:
        found.append(f"The database server is PostgreSQL {version}; Handrail needs {OLDEST} or newer.")
    if is_superuser or bypasses:
        kind = "a superuser" if is_superuser else "allowed to bypass row-level security"
        found.append(
            f"The database role {role} is {kind}, so nothing would keep organizations apart:"
            " use a role with LOGIN and nothing more."
        )
    return found


def insist() -> None:
    """Raise Unfit unless the server and the role are fit; for the start of web and worker."""
    from django.db import connection

    if found := faults(connection):
        raise Unfit(found)
