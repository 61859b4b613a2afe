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


def by_ids(model: type[M], organization_id: UUID, ids: Iterable[int], *along: str) -> dict[int, M]:
    """The rows with these ids, by id; no statement where there are none. See `records` for `along`."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.pk: row for row in records(model, _BY_IDS, {"home": organization_id, "ids": wanted}, *along)}


_BY_IDS = "WHERE one.organization_id = %(home)s AND one.id = ANY(%(ids)s::bigint[])"


def records(model: type[M], rest: str, given: Any, *along: str) -> list[M]:
    """Rows of one table, which is called `one` in `rest`: what follows after FROM.

    `along` names references to other tables of the organization; what they lead to is read in the same statement.
    """
    ways = [_way(model, name) for name in along]
    return [_together(model, iter(values), ways) for values in fetch_all(_statement(model, rest, along), given)]


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


def _together(model: type[M], values: Iterator[Any], ways: Iterable[Any]) -> M:
    row = made(model, values)
    for way in ways:
        other = made(way.related_model, values)
        way.set_cached_value(row, other if other.pk is not None else None)
    return row


def _way(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


@cache
def _statement(model: type[Model], rest: str, along: tuple[str, ...]) -> str:
    """OFFSET 0: each companion is looked up by its own id, for a kept plan would rather read the whole organization."""
    read, joined = [columns(model, "one")], ""
    for name in along:
        way = _way(model, name)
        read.append(columns(way.related_model, name))
        joined += (
            f'LEFT JOIN LATERAL (SELECT * FROM "{way.related_model._meta.db_table}" AS its '
            f'WHERE its.organization_id = one.organization_id AND its.id = one."{way.column}" OFFSET 0) '
            f"AS {name} ON true "
        )
    return f'SELECT {", ".join(read)} FROM "{model._meta.db_table}" AS one {joined}{rest}'


@cache
def _shape(model: type[Model]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    """The attributes in the order of the columns, and which of them are read otherwise than they come."""
    fields = model._meta.concrete_fields
    readers = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], readers
