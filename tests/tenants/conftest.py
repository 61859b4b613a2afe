"""Two organizations, or one of a test's own whose changes are committed."""

import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tenants.actions import Founded

from .cast import settle


@pytest.fixture
def north(db: None) -> Founded:
    """Ana's organization."""
    return settle("North", "Ana")


@pytest.fixture
def south(db: None) -> Founded:
    """Sam's organization."""
    return settle("South", "Sam")


@pytest.fixture
def alone(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A name nobody else has, for a test without a transaction around it.

    What such a test commits stays: the ledger cannot be emptied between tests, and other organizations see nothing.
    """
    with django_db_blocker.unblock():
        yield f"alone-{uuid.uuid4().hex[:12]}"
        connection.close()
