"""What every test needs: the database server, and a plain role that row-level security binds."""

import pytest
from django.conf import settings

from portal import database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the embedded server before the first test that wants a database, and not for a run without one."""
    database.start()


@pytest.fixture(autouse=True)
def _nothing_leaves_the_test(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents go to a directory of the test's own."""
    root = tmp_path_factory.getbasetemp() / "documents"
    monkeypatch.setattr(settings, "HANDRAIL_DOCUMENTS_ROOT", root)
