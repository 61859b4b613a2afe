"""A database for the tests of this folder, and a firm in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.firm import Firm, make, still
from tests.handoffs.apart import database_apart


@pytest.fixture(scope="package")
def apart(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a database with nothing in it but what these tests commit."""
    with django_db_blocker.unblock(), database_apart("faults") as url:
        yield url


@pytest.fixture(scope="package")
def founded(apart: str) -> Firm:
    """The firm; founded once, because it takes a while."""
    return make("faulty")


@pytest.fixture
def firm(founded: Firm) -> Iterator[Firm]:
    """The firm, with nothing going on before or afterwards."""
    still()
    yield founded
    still()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the workers keep their mail and say what they do."""
    return tmp_path
