"""The system check of the wall: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tenants.isolation.catalog import catalog_faults


def check_walls(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each gap in the wall. A database with migrations still to come is looked at after them."""
    return [
        Error(sentence, id="tenants.E001")
        for alias in databases or ()
        if not _is_behind(connections[alias])
        for sentence in catalog_faults(connections[alias])
    ]


def _is_behind(connection: BaseDatabaseWrapper) -> bool:
    """`migrate` runs this check first: it must not be kept from building what is missing."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
