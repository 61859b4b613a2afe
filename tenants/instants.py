"""Instants as the database writes them, read by Python's own parser: a page of rows has a hundred and more of them.

psycopg has a loader in C, but Django puts one of its own in its place, which takes as long as the rest of the row.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.postgres import types
from psycopg.pq import Format

_TIMESTAMPTZ = types["timestamptz"].oid


def read_instants_quickly(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For each new connection: instants in UTC are parsed at once, whatever else by Django's loader as before."""
    adapters = connection.connection.adapters
    usual = adapters.get_loader(_TIMESTAMPTZ, Format.TEXT)
    if usual.timezone is UTC:
        adapters.register_loader("timestamptz", _quick(usual))


def _quick(usual: Any) -> Any:
    at_length: Callable[[Any, Any], datetime] = usual.load

    class Quick(usual):  # type: ignore[misc]
        def load(self, data: Any) -> datetime:
            try:
                return datetime.fromisoformat(str(data, "ascii"))
            except ValueError:  # infinity, years before Christ, another style of dates
                return at_length(self, data)

    return Quick
