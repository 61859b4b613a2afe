"""Keyset paging: where the page before ended, as text in an address."""

from datetime import datetime

from django.db.models import Q

SMALLEST, LARGEST = 1, 2**63 - 1


def whole(text: str | None) -> int | None:
    """A row's id out of an address; None for anything else."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if SMALLEST <= number <= LARGEST else None


def place(due: datetime | None, key: int) -> str:
    """The last row of a page ordered by (due, id); without a due time it comes last."""
    return f"{due.isoformat() if due else ''}~{key}"


def read_place(text: str | None) -> tuple[datetime | None, int] | None:
    """The place an address names; None when it names none, which is the first page."""
    stamp, _, digits = (text or "").partition("~")
    key = whole(digits)
    if key is None:
        return None
    try:
        due = datetime.fromisoformat(stamp) if stamp else None
    except ValueError:
        return None
    return None if due is not None and due.tzinfo is None else (due, key)


def beyond(field: str, where: tuple[datetime | None, int]) -> Q:
    """Rows after that place, ordered by `field` with nulls last, then id."""
    due, key = where
    if due is None:
        return Q(**{f"{field}__isnull": True}, id__gt=key)
    return Q(**{f"{field}__gt": due}) | Q(**{field: due}, id__gt=key) | Q(**{f"{field}__isnull": True})
