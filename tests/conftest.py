"""What every test needs: the database server, and a plain role that row-level security binds."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from handoffs.models import Document
from portal import database
from tenants.models import Organization, User
from tenants.scope import everyone, scope
from tests.handoffs.apart import migrated_once
from tests.world import World, build, build_elsewhere


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for more time than others is begun first, so that one worker does not end long after the other."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Start the embedded server before the first test that wants a database, and not for a run without one.

    All databases of a run are copies of one that was migrated once.
    """
    database.start()
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_once(tmp_path_factory)


@pytest.fixture(autouse=True)
def _nothing_leaves_the_test(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents go to a directory of the test's own."""
    root = tmp_path_factory.getbasetemp() / "documents"
    monkeypatch.setattr(settings, "HANDRAIL_DOCUMENTS_ROOT", root)
    # The field made its storage from the setting when the models were loaded.
    monkeypatch.setattr(Document._meta.get_field("file").storage, "location", str(root))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Two organizations are there before the first test; each test changes them inside a transaction of its own."""
    with django_db_blocker.unblock():
        if not User.objects.filter(email="olga@fjord.example").exists():
            build()
            build_elsewhere()


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The cast of Fjord, with Fjord in force."""
    with everyone():
        organization = Organization.objects.get(slug="fjord")
    with scope(organization):
        yield World(organization)
