"""Rows as objects, read by statements written by hand.

For what nearly every request reads: composing the same queryset anew took several times longer than its answer.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from tenants.prepared import fetch_all

M = TypeVar("M", bound=Model)


def by_ids(model: type[M], organization_id: UUID, ids: Iterable[int]) -> dict[int, M]:
    """The rows with these ids, by id; no statement where there are none."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.pk: row for row in records(model, _BY_IDS, {"home": organization_id, "ids": wanted})}


_BY_IDS = "WHERE one.organization_id = %(home)s AND one.id = ANY(%(ids)s::bigint[])"


def records(model: type[M], rest: str, given: Any) -> list[M]:
    """Rows of one table, which is called `one` in `rest`: what follows after FROM."""
    return [made(model, iter(values)) for values in fetch_all(_statement(model, rest), given)]


def columns(model: type[Model], alias: str) -> str:
    """All columns of a table, for a statement of which `made` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[M], values: Iterator[Any]) -> M:
    """The object of the next values, which are in the order of its columns."""
    names, readers = _shape(model)
    row = [next(values) for _ in names]
    for place, read in readers:
        row[place] = read(row[place], None, None)
    return model.from_db(DEFAULT_DB_ALIAS, names, row)


@cache
def _statement(model: type[Model], rest: str) -> str:
    return f'SELECT {columns(model, "one")} FROM "{model._meta.db_table}" AS one {rest}'


@cache
def _shape(model: type[Model]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    """The attributes in the order of the columns, and which of them are read otherwise than they come."""
    fields = model._meta.concrete_fields
    readers = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], readers
