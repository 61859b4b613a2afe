"""Committed rows for sweepers and workers, in a database of their own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.handoffs.apart import database_apart


@pytest.fixture(scope="module")
def apart(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a database with this module's organizations only. It needs the server, not the tests' database."""
    with django_db_blocker.unblock(), database_apart("apart") as url:
        yield url
