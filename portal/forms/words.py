"""Working time, weeks, special days and lists as people write them, and back."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.durations import read_time, write_time
from tenants.hours import WEEKDAYS

_INTERVAL = re.compile(r"(\d\d?:\d\d)\s*(?:-|–|—|to)\s*(\d\d?:\d\d)", re.ASCII)
_SHARE = re.compile(r"(\d{1,5}(?:[.,]\d)?)\s*%", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)\s+(closed|all day|[\d:,\s–—-]*?\d:\d\d)(?:\s+(.*))?", re.ASCII | re.DOTALL)

CLOSED, ALL_DAY = "closed", "all day"
Intervals = list[list[str]]


def read_when(text: str) -> Decimal | timedelta:
    """When a rung is due: `50 %` of the time, or `1 h before` or `30 m after` it ran out; ValueError otherwise."""
    share = _SHARE.fullmatch(text.strip())
    if share:
        return Decimal(share[1].replace(",", ".")) / 100
    words, _, side = text.strip().rpartition(" ")
    if side.lower() not in ("before", "after") or not words:
        raise ValueError("Write it like 50 %, 30 m before or 1 h after.")
    return read_time(words) * (1 if side.lower() == "after" else -1)


def write_when(share: Decimal | None, offset: timedelta | None) -> str:
    """The same in words."""
    if share is not None:
        return f"{(share * 100).normalize():f} %"
    offset = offset or timedelta()
    return f"{write_time(abs(offset))} {'before' if offset < timedelta() else 'after'}"


def read_intervals(text: str) -> Intervals:
    """`09:00-12:00, 13:00-17:00`; nothing or `closed` is no opening, `all day` the whole day; ValueError otherwise."""
    plain = text.strip().lower()
    if plain in ("", CLOSED):
        return []
    if plain == ALL_DAY:
        return [["00:00", "24:00"]]
    found = [_INTERVAL.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        raise ValueError("Write hours like 09:00-12:00, 13:00-17:00, or all day, or nothing when closed.")
    return [[part[1].zfill(5), part[2].zfill(5)] for part in found if part]


def write_intervals(intervals: Sequence[Sequence[str]]) -> str:
    """The same in words; nothing for a day that stays closed."""
    if [list(interval) for interval in intervals] == [["00:00", "24:00"]]:
        return ALL_DAY
    return ", ".join(f"{start}-{end}" for start, end in intervals)


def write_week(hours: dict[str, Intervals]) -> str:
    """A week in one line: days that follow each other with the same hours stand together."""
    runs: list[tuple[str, str, str]] = []
    for day in WEEKDAYS:
        words = write_intervals(hours.get(day, []))
        if runs and runs[-1][2] == words:
            runs[-1] = (runs[-1][0], day, words)
        else:
            runs.append((day, day, words))
    named = [(a.title() if a == b else f"{a.title()}–{b.title()}", words) for a, b, words in runs if words]
    return "; ".join(f"{days} {words}" for days, words in named)


def read_days(text: str) -> list[dict[str, Any]]:
    """Special days, one a line: `2026-12-24 closed Christmas Eve`; ValueError names the line that is wrong."""
    days = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _DAY.fullmatch(line.strip())
        if not found:
            raise ValueError(f"Line {number}: write a date, then closed or hours, then a name.")
        try:
            hours = read_intervals(found[2])
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
        days.append({"date": found[1], "name": (found[3] or "").strip(), "hours": hours})
    return days


def write_days(days: Sequence[dict[str, Any]]) -> str:
    """The same in words, one a line."""
    return "\n".join(
        f"{day['date']} {write_intervals(day.get('hours', [])) or CLOSED} {day.get('name', '')}".rstrip()
        for day in days
    )
