"""Many rows by one statement: each column travels as one array, for a fraction of what an object per row costs.

Arrays are written out here: the driver takes longer to quote a thousand values than PostgreSQL to insert them.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, ForeignObject, JSONField, Lookup, Model

from tenants.prepared import fetch_all

# What a column is sent as; PostgreSQL itself makes it the column's type, and refuses what does not fit.
_SENT_AS = (("varchar", "text"), ("serial", "int"))


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup[Any]):
    """`id__among=ids`: one parameter for all. `in` takes one for each, and a subquery is planned for any number."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column = ANY (array)`, for numbers."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::bigint[])", (*parameters, _numbers(self.rhs))


def insert_all(model: type[Model], rows: Sequence[Model], names: Sequence[str]) -> list[int]:
    """Inserts these columns of the rows, the others by their default in the database; their ids, in the same order."""
    columns = [[getattr(row, field.attname) for row in rows] for field in _fields(model, names)]
    return _insert(model, names, columns, "RETURNING id")


def insert_whole(rows: Sequence[Model]) -> None:
    """Inserts rows of one table with all that they say; those without a key get one, and are told it."""
    if not rows:
        return
    model, keyed = type(rows[0]), rows[0].pk is not None
    names = _told(model, keyed)
    for field in _fields(model, names):
        if isinstance(field, ForeignKey):  # what a row refers to may have got its key only after the row was made
            for row in rows:
                if getattr(row, field.attname) is None and field.is_cached(row):
                    setattr(row, field.name, field.get_cached_value(row))
    for row, id in zip(rows, insert_all(model, rows, names), strict=True):
        row.pk = id
        row._state.adding = False


@cache
def _told(model: type[Model], keyed: bool) -> tuple[str, ...]:
    """The columns that a row says itself: not those that the database makes."""
    told = [f for f in model._meta.concrete_fields if not f.generated and (keyed or not f.primary_key)]
    return tuple(f.name for f in told if f.name == "organization" or not f.has_db_default())


def insert_new(model: type[Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Inserts rows of these columns; those that are there already stay as they are."""
    columns = list(zip(*rows, strict=True))
    if columns:
        _insert(model, names, columns, "ON CONFLICT DO NOTHING")


def update_all(model: type[Model], rows: Sequence[Model], names: Sequence[str]) -> None:
    """Writes these columns of the rows."""
    fields = _fields(model, names)
    values = [[getattr(row, field.attname) for row in rows] for field in fields]
    fetch_all(_updating(model, tuple(names)), [_numbers(row.pk for row in rows), *map(_array, fields, values)])


@cache
def _updating(model: type[Model], names: Sequence[str]) -> str:
    fields = _fields(model, names)
    heads = [f'"{field.column}"' for field in fields]
    sets = ", ".join(f"{head} = new.{head}" for head in heads)
    return (
        f'UPDATE "{model._meta.db_table}" AS old SET {sets} '
        f"FROM unnest(%s::bigint[], {_sent(fields)}) AS new (id, {', '.join(heads)}) WHERE old.id = new.id"
    )


def _insert(model: type[Model], names: Sequence[str], columns: Sequence[Sequence[Any]], ending: str) -> list[int]:
    rows = fetch_all(_inserting(model, tuple(names), ending), list(map(_array, _fields(model, names), columns)))
    return list(chain.from_iterable(rows))


@cache
def _inserting(model: type[Model], names: Sequence[str], ending: str) -> str:
    fields = _fields(model, names)
    heads = ", ".join(f'"{field.column}"' for field in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({heads}) SELECT {heads} '
        f"FROM unnest({_sent(fields)}) WITH ORDINALITY AS new ({heads}, nth) ORDER BY nth {ending}"
    )


def _fields(model: type[Model], names: Sequence[str]) -> list["Field[Any, Any]"]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return fields


def _sent(fields: Iterable["Field[Any, Any]"]) -> str:
    return ", ".join(f"%s::{_kind(field)}[]" for field in fields)


def _kind(field: "Field[Any, Any]") -> str:
    kind = str(field.db_type(connection)).partition("(")[0]
    for column, sent in _SENT_AS:
        kind = kind.replace(column, sent)
    return kind


def _numbers(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _array(field: "Field[Any, Any]", values: Sequence[Any]) -> str:
    """As PostgreSQL reads an array: every value in quotes, with what would end them escaped."""
    texts = map(json.dumps, values) if isinstance(field, JSONField) else values
    return "{" + ",".join(["NULL" if text is None else _quoted(str(text)) for text in texts]) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
