"""Pages by key, not by number: the next page costs what the first one did, and nothing is shown twice."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db.models import F, Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.problems import invalid_fields

M = TypeVar("M", bound=Model)
LIMIT, MOST = 25, 100
_LARGEST_ID = 2**63 - 1


class Paged(serializers.Serializer[Any]):
    """What every list takes."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=LIMIT, help_text="Rows on one page.")
    cursor = serializers.CharField(max_length=200, required=False, help_text="From `next` of the page before.")


class Due(NamedTuple):
    """A place in a list ordered by due time; what is due never (None) comes last."""

    at: datetime | None
    id: int


def cursor_of(order: str, *key: object) -> str:
    """The key of a page's last row as an opaque word; `order` names the order of the list."""
    return base64.urlsafe_b64encode(json.dumps([order, *key]).encode()).decode().rstrip("=")


def cursor_of_due(order: str, due_at: datetime | None, id: int) -> str:
    """The same for a list ordered by due time."""
    return cursor_of(order, due_at.isoformat() if due_at else "", id)


def after_id(order: str, cursor: str | None) -> int | None:
    """The id after which the page begins. Raises `Invalid` for what is no cursor of this order."""
    if cursor is None:
        return None
    key = _decode(order, cursor)
    if len(key) != 1 or not _is_id(key[0]):
        raise _wrong_cursor()
    return int(key[0])


def after_due(order: str, cursor: str | None) -> Due | None:
    """The due time and id after which the page begins. Raises `Invalid` for what is no cursor of this order."""
    if cursor is None:
        return None
    key = _decode(order, cursor)
    if len(key) != 2 or not isinstance(key[0], str) or not _is_id(key[1]):
        raise _wrong_cursor()
    try:
        at = datetime.fromisoformat(key[0]) if key[0] else None
    except ValueError:
        raise _wrong_cursor() from None
    if at is not None and at.tzinfo is None:
        raise _wrong_cursor()
    return Due(at, key[1])


def after_place(order: str, cursor: str | None) -> tuple[datetime, int, int, int] | None:
    """The instant and the three numbers after which the page begins. Raises `Invalid` for what is no such cursor."""
    if cursor is None:
        return None
    key = _decode(order, cursor)
    if len(key) != 4 or not isinstance(key[0], str) or not all(_is_id(number) for number in key[1:]):
        raise _wrong_cursor()
    try:
        at = datetime.fromisoformat(key[0])
    except ValueError:
        raise _wrong_cursor() from None
    if at.tzinfo is None:
        raise _wrong_cursor()
    return at, key[1], key[2], key[3]


def newest_first(rows: QuerySet[Any], after: int | None, limit: int) -> list[int]:
    """Ids of one row more than a page, falling; the surplus one says that there is a next page."""
    below = rows.filter(pk__lt=after) if after is not None else rows
    return list(below.order_by("-pk").values_list("pk", flat=True)[: limit + 1])


def oldest_first(rows: QuerySet[M], after: int | None, limit: int) -> list[M]:
    """One row more than a page, by rising id."""
    above = rows.filter(pk__gt=after) if after is not None else rows
    return list(above.order_by("pk")[: limit + 1])


def soonest_first(rows: QuerySet[Any], after: Due | None, limit: int, due: str) -> list[Due]:
    """Places of one row more than a page, by the column `due` (what is due never last), then by id."""
    if after is not None and after.at is not None:
        later = Q(**{f"{due}__gt": after.at}) | Q(**{due: after.at, "pk__gt": after.id})
        rows = rows.filter(later | Q(**{f"{due}__isnull": True}))
    elif after is not None:
        rows = rows.filter(**{f"{due}__isnull": True, "pk__gt": after.id})
    places = rows.order_by(F(due).asc(nulls_last=True), "pk").values_list(due, "pk")
    return [Due(at, id) for at, id in places[: limit + 1]]


def page(request: Request, results: Sequence[Any], cursor: str | None) -> Response:
    """The answer: the rows, and the address of the next page when there is one."""
    if cursor is None:
        return Response({"results": results, "next": None})
    asked = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    address = request.build_absolute_uri(f"{request.path}?{urlencode([*asked, ('cursor', cursor)])}")
    return Response({"results": results, "next": address})


def _decode(order: str, cursor: str) -> list[Any]:
    try:
        given = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise _wrong_cursor() from None
    if not isinstance(given, list) or not given or given[0] != order:
        raise _wrong_cursor()
    return given[1:]


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_ID


def _wrong_cursor() -> Exception:
    return invalid_fields({"cursor": ["This is no cursor of this list; take it from `next`."]})
