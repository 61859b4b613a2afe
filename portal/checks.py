"""System checks that ask the database server itself: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from .database import faults


@register(Tags.database)
def server_is_fit(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each thing that makes the server or the role unfit to keep organizations apart."""
    return [Error(sentence, id="portal.E001") for alias in databases or () for sentence in faults(connections[alias])]
