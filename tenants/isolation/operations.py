"""The wall between organizations, as migration operations.

`IsolateRows` forces row security on a table; `TenantReference` makes a reference composite, because foreign-key
checks ignore row security; `isolate` is both, one line per table in a migration.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from tenants.scope import EVERYONE_SETTING, ORGANIZATION_SETTING

POLICY = "organization_wall"


def policy_condition(column: str) -> str:
    """Which rows exist: those of the organization in force, or all while everyone is in force.

    The subselect is evaluated once per statement; a bare call would be evaluated per row.
    """
    return (
        f"{column} = nullif(current_setting('{ORGANIZATION_SETTING}', true), '')::uuid "
        f"or (select current_setting('{EVERYONE_SETTING}', true)) = 'on'"
    )


class _TableOperation(Operation):
    """SQL on one model's table that leaves the model's state as it is; may be run twice without harm."""

    category = OperationCategory.SQL
    model: str

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models do not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Build."""
        self._run(self.build, app_label, schema_editor, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take down; the state before and after has the same models."""
        self._run(self.take_down, app_label, schema_editor, to_state)

    def _run(self, make: Any, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
        model = state.apps.get_model(app_label, self.model)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for statement in make(model):
                schema_editor.execute(statement, params=None)

    def build(self, model: type[models.Model]) -> Iterable[str]:
        """The statements that put it there."""
        raise NotImplementedError

    def take_down(self, model: type[models.Model]) -> Iterable[str]:
        """The statements that remove it."""
        raise NotImplementedError


class IsolateRows(_TableOperation):
    """Force row security on a table and make its rows referable as (organization_id, id)."""

    def __init__(self, model: str, column: str = "organization_id") -> None:
        self.model = model
        self.column = column

    def describe(self) -> str:
        """For `migrate`."""
        return f"Isolate the rows of {self.model}"

    def build(self, model: type[models.Model]) -> Iterable[str]:
        """Row security, its one policy, and the key that composite references point at."""
        table, condition = model._meta.db_table, policy_condition(f'"{self.column}"')
        if self.column != "id":
            yield _add_key_once(table, self.column)
        yield f'alter table "{table}" enable row level security, force row level security'
        yield f'drop policy if exists {POLICY} on "{table}"'
        yield f'create policy {POLICY} on "{table}" using ({condition}) with check ({condition})'

    def take_down(self, model: type[models.Model]) -> Iterable[str]:
        """The table as Django made it."""
        table = model._meta.db_table
        yield f'drop policy if exists {POLICY} on "{table}"'
        yield f'alter table "{table}" disable row level security, no force row level security'
        yield f'alter table "{table}" drop constraint if exists "{tenant_key(table)}"'


class TenantReference(_TableOperation):
    """Make one reference composite and deferred: (organization_id, x_id) → (organization_id, id).

    A nullable reference is simply unchecked while it is null.
    """

    def __init__(self, model: str, field: str) -> None:
        self.model = model
        self.field = field

    def describe(self) -> str:
        """For `migrate`."""
        return f"Keep {self.model}.{self.field} within the organization"

    def build(self, model: type[models.Model]) -> Iterable[str]:
        """The constraint; the table referred to must have been isolated before."""
        yield from self.take_down(model)
        table, field = model._meta.db_table, self._reference(model)
        target: Any = field.related_model
        yield (
            f'alter table "{table}" add constraint "{reference_name(table, field.column)}" '
            f'foreign key (organization_id, "{field.column}") '
            f'references "{target._meta.db_table}" (organization_id, id) deferrable initially deferred'
        )

    def take_down(self, model: type[models.Model]) -> Iterable[str]:
        """No constraint."""
        table, column = model._meta.db_table, self._reference(model).column
        yield f'alter table "{table}" drop constraint if exists "{reference_name(table, column)}"'

    def _reference(self, model: type[models.Model]) -> Any:
        """The foreign key, as the migration's own state knows it."""
        return model._meta.get_field(self.field)


def isolate(model: str, *references: str) -> Sequence[Operation]:
    """Everything the wall needs for one table: `*isolate("Team", "lead", "calendar")` in a migration."""
    return [IsolateRows(model), *(TenantReference(model, field) for field in references)]


def _add_key_once(table: str, column: str) -> str:
    """Add the key where it is missing; once others refer to it, it cannot be dropped and made anew."""
    key = tenant_key(table)
    return f"""
        do $$ begin
            if not exists (select from pg_constraint where conname = '{key}' and conrelid = '"{table}"'::regclass) then
                alter table "{table}" add constraint "{key}" unique ("{column}", id);
            end if;
        end $$
    """


def tenant_key(table: str) -> str:
    """The name of the unique key (organization_id, id)."""
    return _name(table, "tenant_key")


def reference_name(table: str, column: str) -> str:
    """The name of a composite reference."""
    return _name(f"{table}_{column}", "tenant_fk")


def _name(start: str, end: str) -> str:
    """A name within PostgreSQL's 63 bytes, told apart by a digest when it has to be cut."""
    name = f"{start}_{end}"
    if len(name) <= 63:
        return name
    return f"{start[: 63 - len(end) - 10]}_{sha256(start.encode()).hexdigest()[:8]}_{end}"
