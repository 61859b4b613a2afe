"""Rows as objects, read by statements written by hand.

For what nearly every request reads: composing the same queryset anew took several times longer than its answer.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Field, Model

from tenants.prepared import fetch_all

M = TypeVar("M", bound=Model)
Readers = Sequence[tuple[int, Callable[..., Any]]]


@dataclass(frozen=True)
class _Companion:
    """What a path of references leads to: the path before its last part, and that part's field."""

    path: str
    before: str
    field: Any
    names: Sequence[str]
    readers: Readers


def by_ids(model: type[M], organization_id: UUID, ids: Iterable[int], *along: str) -> dict[int, M]:
    """The rows with these ids, by id; no statement where there are none. See `records` for `along`."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.pk: row for row in records(model, _BY_IDS, {"home": organization_id, "ids": wanted}, *along)}


_BY_IDS = "WHERE one.organization_id = %(home)s AND one.id = ANY(%(ids)s::bigint[])"


def records(model: type[M], rest: str, given: Any, *along: str, leaving: tuple[str, ...] = ()) -> list[M]:
    """Rows of one table, which is called `one` in `rest`: what follows after FROM.

    `along` names references to other tables, also over several ("case__flow_version"); what they lead to is read in
    the same statement, with what lies on the way. `leaving` names columns that are read only when they are asked for.
    """
    statement, (names, readers), companions = _composed(model, rest, along, leaving)
    return [_together(model, names, readers, companions, row) for row in fetch_all(statement, given)]


def columns(model: type[Model], alias: str) -> str:
    """All columns of a table, for a statement of which `made` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[M], values: Iterator[Any]) -> M:
    """The object of the next values, which are in the order of its columns."""
    return _object(model, *_shape(model, frozenset()), values)


def _object(model: type[M], names: Sequence[str], readers: Readers, values: Iterator[Any]) -> M:
    row = [next(values) for _ in names]
    for place, read in readers:
        row[place] = read(row[place], None, None)
    return model.from_db(DEFAULT_DB_ALIAS, names, row)


def _together(
    model: type[M], names: Sequence[str], readers: Readers, companions: Sequence[_Companion], row: Iterable[Any]
) -> M:
    values = iter(row)
    made: dict[str, Model | None] = {"": (one := _object(model, names, readers, values))}
    for companion in companions:
        other: Model | None = _object(companion.field.related_model, companion.names, companion.readers, values)
        other = other if other is not None and other.pk is not None else None
        made[companion.path] = other
        from_here = made[companion.before]
        if from_here is not None:
            companion.field.set_cached_value(from_here, other)
    return one


@cache
def _composed(
    model: type[Model], rest: str, along: tuple[str, ...], leaving: tuple[str, ...]
) -> tuple[str, tuple[Sequence[str], Readers], Sequence[_Companion]]:
    """OFFSET 0: each companion is looked up by its own id, for a kept plan would rather read the whole organization."""
    companions = _companions(model, along, leaving)
    read, joined = [_columns(model, "one", _left(leaving, ""))], ""
    for it in companions:
        table, alias = it.field.related_model, f'"{it.path}"'
        before = f'"{it.before}"' if it.before else "one"
        read.append(_columns(table, alias, _left(leaving, it.path)))
        its_home = "its.organization_id = one.organization_id AND " if _has_home(table) else ""
        joined += (
            f'LEFT JOIN LATERAL (SELECT * FROM "{table._meta.db_table}" AS its '
            f'WHERE {its_home}its.id = {before}."{it.field.column}" OFFSET 0) AS {alias} ON true '
        )
    statement = f'SELECT {", ".join(read)} FROM "{model._meta.db_table}" AS one {joined}{rest}'
    return statement, _shape(model, _left(leaving, "")), companions


def _companions(model: type[Model], along: Iterable[str], leaving: Iterable[str]) -> list[_Companion]:
    """One for each part of each path, those nearer first."""
    found: dict[str, _Companion] = {}
    for path in along:
        here, before = model, ""
        for name in path.split("__"):
            so_far = f"{before}__{name}" if before else name
            field: Any = here._meta.get_field(name)
            here = field.related_model
            if so_far not in found:
                found[so_far] = _Companion(so_far, before, field, *_shape(here, _left(leaving, so_far)))
            before = so_far
    return list(found.values())


def _left(leaving: Iterable[str], path: str) -> frozenset[str]:
    """The columns of what this path leads to that are left unread."""
    parts = (name.rpartition("__") for name in leaving)
    return frozenset(column for before, _, column in parts if before == path)


def _has_home(model: type[Model]) -> bool:
    return any(field.name == "organization" for field in model._meta.concrete_fields)


def _columns(model: type[Model], alias: str, left: Collection[str]) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in _read(model, left))


def _read(model: type[Model], left: Collection[str]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if field.name not in left]


@cache
def _shape(model: type[Model], left: frozenset[str]) -> tuple[Sequence[str], Readers]:
    """The attributes in the order of the columns, and which of them are read otherwise than they come."""
    fields: list[Any] = _read(model, left)
    readers = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], readers
