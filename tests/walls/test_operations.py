"""The migration operations: forwards, twice, backwards, and written down."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

from tenants.isolation import IsolateRows, TenantReference, catalog_faults, isolate
from tenants.isolation.catalog import tenant_models
from tenants.isolation.operations import reference_name, tenant_key
from tenants.models import Member, Team
from tenants.models.base import TenantForeignKey

pytestmark = pytest.mark.django_db


def run(operation: Operation, backwards: bool = False) -> None:
    state = MigrationLoader(connection).project_state()
    with connection.schema_editor() as editor:
        step = operation.database_backwards if backwards else operation.database_forwards
        step("tenants", editor, state, state)


def test_backwards_takes_everything_down_and_forwards_mends_it() -> None:
    for operation in reversed(isolate("Token", "member", "created_by")):
        run(operation, backwards=True)
    assert catalog_faults(connection) == [
        "Row security is not enabled on tenants_token.",
        "Row security is not forced on tenants_token: its owner would see everything.",
        "The table tenants_token lacks the policy organization_wall.",
        "tenants.Token.member lacks its composite, deferred reference.",
        "tenants.Token.created_by lacks its composite, deferred reference.",
    ]
    for _ in range(2):
        for operation in isolate("Token", "member", "created_by"):
            run(operation)
        assert catalog_faults(connection) == []


def test_twice_even_where_others_refer_to_the_table() -> None:
    for _ in range(2):
        run(IsolateRows("Member"))
    assert catalog_faults(connection) == []


def test_they_are_written_as_they_were_made() -> None:
    for operation in (IsolateRows("Team"), IsolateRows("Organization", column="id"), TenantReference("Team", "lead")):
        name, args, options = operation.deconstruct()
        again: Any = {"IsolateRows": IsolateRows, "TenantReference": TenantReference}[name](*args, **options)
        assert vars(again) == vars(operation)
        assert operation.reversible


def test_a_reference_is_written_without_what_it_always_sets() -> None:
    field = Team._meta.get_field("backup")
    _name, path, args, options = field.deconstruct()
    assert path == "tenants.models.base.TenantForeignKey"
    assert "db_constraint" not in options
    again = TenantForeignKey(*args, **options)
    assert again.db_constraint is False
    assert again.deconstruct()[2:] == (args, options)
    text, imports = MigrationWriter.serialize(field)
    assert text.startswith("tenants.models.base.TenantForeignKey(")
    assert imports == {"import tenants.models.base", "import django.db.models.deletion"}


def test_protect_is_the_rule() -> None:
    lead: Any = Team._meta.get_field("lead")
    assert lead.remote_field.on_delete is models.PROTECT
    assert lead.related_model is Member


def test_names_stay_within_what_the_database_keeps() -> None:
    long = "handoffs_" + "a" * 60
    assert len({reference_name(long, "x_id"), reference_name(long, "y_id"), tenant_key(long)}) == 3
    assert all(len(name) <= 63 for name in (reference_name(long, "x_id"), tenant_key(long)))


def test_every_tenant_model_has_its_operations() -> None:
    """Written down in a migration, so that a database made anew has them too."""
    isolated = {
        (app, operation.model.lower())
        for (app, _), migration in MigrationLoader(connection).disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, IsolateRows)
    }
    assert {(model._meta.app_label, model._meta.model_name) for model in tenant_models()} <= isolated
    assert ("tenants", "organization") in isolated
    assert apps.get_model("tenants", "Team") is Team
