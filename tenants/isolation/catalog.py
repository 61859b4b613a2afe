"""What the database's own catalog says about the wall: every table, reference, view, function, and the role."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tenants.isolation.operations import POLICY
from tenants.models.base import TenantForeignKey
from tenants.models.organization import Organization
from tenants.scope import EVERYONE_SETTING, ORGANIZATION_SETTING

# Functions that run with their owner's rights, each one reviewed; they must pin their search_path.
DEFINER_FUNCTIONS: frozenset[str] = frozenset()

Row = tuple[Any, ...]


def catalog_faults(connection: BaseDatabaseWrapper, definers: Iterable[str] = DEFINER_FUNCTIONS) -> list[str]:
    """Every gap in the wall, one sentence each; empty when it stands."""
    return [
        *_role_faults(connection),
        *_row_security_faults(connection),
        *_model_faults(),
        *_reference_faults(connection),
        *_view_faults(connection),
        *_function_faults(connection, frozenset(definers)),
    ]


def tenant_models() -> list[type[models.Model]]:
    """Every model whose rows belong to one organization, Organization itself left out."""
    return [model for model in apps.get_models() if _is_tenant(model) and not model._meta.proxy]


def _is_tenant(model: Any) -> bool:
    fields = {field.name: field for field in model._meta.concrete_fields}
    return "organization" in fields and fields["organization"].related_model is Organization


def _query(connection: BaseDatabaseWrapper, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())


def _role_faults(connection: BaseDatabaseWrapper) -> Iterator[str]:
    sql = "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    for role, is_superuser, bypasses in _query(connection, sql):
        if is_superuser:
            yield f"The role {role} is a superuser: row security does not apply to it."
        if bypasses:
            yield f"The role {role} may bypass row security."


_TABLES = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity, coalesce(jsonb_agg(jsonb_build_array(
         p.polname, p.polpermissive, p.polcmd, p.polroles = '{0}',
         pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
       )) filter (where p.polname is not null), '[]') as policies
from pg_class c left join pg_policy p on p.polrelid = c.oid
where c.oid in (select to_regclass(quote_ident(name)) from unnest(%s::text[]) as name)
group by c.oid
"""


def _row_security_faults(connection: BaseDatabaseWrapper) -> Iterator[str]:
    columns = {model._meta.db_table: "organization_id" for model in tenant_models()}
    columns[Organization._meta.db_table] = "id"
    found = {row[0]: row[1:] for row in _query(connection, _TABLES, [list(columns)])}
    for table, column in sorted(columns.items()):
        if table not in found:
            yield f"The table {table} does not exist."
            continue
        enabled, forced, policies = found[table]
        if not enabled:
            yield f"Row security is not enabled on {table}."
        if not forced:
            yield f"Row security is not forced on {table}: its owner would see everything."
        yield from _policy_faults(table, column, policies)


def _policy_faults(table: str, column: str, policies: str) -> Iterator[str]:
    """Exactly one permissive policy, ours: a second one would widen it. Restrictive ones can only narrow it further."""
    by_name = {policy[0]: policy[1:] for policy in json.loads(policies) if policy[0] == POLICY or policy[1]}
    for name in sorted(set(by_name) - {POLICY}):
        yield f"The table {table} has a policy that is not ours: {name}."
    if POLICY not in by_name:
        yield f"The table {table} lacks the policy {POLICY}."
        return
    permissive, command, is_for_all_roles, using, check = by_name[POLICY]
    expected = _deparsed(column)
    if (permissive, command, is_for_all_roles) != (True, "*", True):
        yield f"The policy of {table} is not for all commands and roles."
    if _squeezed(using) != expected or _squeezed(check) != expected:
        yield f"The policy of {table} does not say what it must: {using}; {check}."


def _deparsed(column: str) -> str:
    """Our condition as PostgreSQL writes it back, 15 to 18."""
    return _squeezed(
        f"(({column} = (NULLIF(current_setting('{ORGANIZATION_SETTING}'::text, true), ''::text))::uuid) OR "
        f"(( SELECT current_setting('{EVERYONE_SETTING}'::text, true) AS current_setting) = 'on'::text))"
    )


def _squeezed(expression: str | None) -> str:
    return re.sub(r"\s+", " ", expression or "").strip()


def _model_faults() -> Iterator[str]:
    """References that Django would make plain, or not at all."""
    tenants = set(tenant_models())
    for model in sorted(tenants, key=lambda each: each._meta.label):
        for field in model._meta.concrete_fields:
            if field.related_model in tenants and not isinstance(field, TenantForeignKey):
                yield f"{model._meta.label}.{field.name} must be a TenantForeignKey."
        for many in model._meta.many_to_many:
            through: Any = many.remote_field.through
            if many.related_model in tenants and through not in tenants:
                yield f"{model._meta.label}.{many.name} needs a through model that belongs to an organization."


_REFERENCES = """
select c.conname, child.relname, parent.relname,
       array(select a.attname from unnest(c.conkey) with ordinality k(n, i)
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i)::text[],
       array(select a.attname from unnest(c.confkey) with ordinality k(n, i)
             join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.i)::text[],
       c.condeferrable and c.condeferred and c.convalidated
         and coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)
from pg_constraint c join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid
where c.contype = 'f' and c.confrelid in (select to_regclass(quote_ident(name)) from unnest(%s::text[]) as name)
order by c.conname
"""


def _reference_faults(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Plain references to tenant tables from anywhere, and composite ones that are missing."""
    tables = [model._meta.db_table for model in tenant_models()]
    whole: set[tuple[str, str, str]] = set()
    for name, child, parent, columns, targets, is_sound in _query(connection, _REFERENCES, [tables]):
        pairs = list(zip(columns, targets, strict=True))
        if ("organization_id", "organization_id") not in pairs:
            yield f"The reference {name} from {child} to {parent} leaves out the organization."
        elif is_sound and len(pairs) == 2:
            whole.update((child, column, parent) for column, target in pairs if target == "id")
    for model in tenant_models():
        for field in model._meta.concrete_fields:
            target: Any = field.related_model
            if isinstance(field, TenantForeignKey):
                reference = (model._meta.db_table, field.column, target._meta.db_table)
                if reference not in whole:
                    yield f"{model._meta.label}.{field.name} lacks its composite, deferred reference."


_VIEWS = """
select c.relname, c.relkind::text, coalesce(c.reloptions, '{}') from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by c.relname
"""


def _view_faults(connection: BaseDatabaseWrapper) -> Iterator[str]:
    for name, kind, options in _query(connection, _VIEWS):
        if kind == "m":
            yield f"The materialized view {name} keeps rows where row security does not reach."
        elif not {"security_invoker=true", "security_invoker=on", "security_invoker=1"} & set(options):
            yield f"The view {name} reads with its owner's rights; it needs security_invoker."


_FUNCTIONS = """
select p.proname, coalesce(p.proconfig, '{}') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
order by p.proname
"""


def _function_faults(connection: BaseDatabaseWrapper, allowed: frozenset[str]) -> Iterator[str]:
    for name, configuration in _query(connection, _FUNCTIONS):
        if name not in allowed:
            yield f"The function {name} runs with its owner's rights and is not on the list of those that may."
        elif not any(setting.startswith("search_path=") for setting in configuration):
            yield f"The function {name} must pin its search_path."
