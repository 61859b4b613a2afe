"""Weekly hours that apply from a date on, as people write them, and back."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from portal.forms.words import CLOSED, read_intervals, write_week
from tenants.hours import WEEKDAYS

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LINE = re.compile(r"(?:from\s+)?(\d{4}-\d\d-\d\d)\s*:?\s+(\S.*)", re.ASCII | re.IGNORECASE)
_DAYS = re.compile(r"([a-z]+)(?:\s*(?:-|–|—|to)\s*([a-z]+))?\s+(.*)", re.ASCII | re.IGNORECASE)


def read_later(text: str) -> list[dict[str, Any]]:
    """One a line: `2027-03-01 Mon–Thu 07:00-16:00; Fri 07:00-12:00`, or `2027-08-01 closed`; ValueError otherwise."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        split = _LINE.fullmatch(line.strip())
        if not split:
            raise ValueError(f"Line {number}: write a date, then days with their hours, or closed.")
        try:
            found.append({"from": split[1], "hours": read_week(split[2])})
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
    return found


def write_later(versions: Sequence[dict[str, Any]]) -> str:
    """The same, one a line."""
    return "\n".join(f"{version['from']} {write_week(version['hours']) or CLOSED}" for version in versions)


def tell_later(versions: Sequence[dict[str, Any]]) -> list[str]:
    """For reading: `From 1 March 2027: Monday–Thursday 07:00–16:00`."""
    return [
        f"From {date.fromisoformat(version['from']):%-d %B %Y}: {tell_week(version['hours'])}" for version in versions
    ]


def read_week(text: str) -> dict[str, Any]:
    """`Mon–Thu 07:00-16:00; Fri 07:00-12:00`, or a line for each; nothing or `closed` never opens; ValueError."""
    if text.strip().lower() in ("", CLOSED):
        return {}
    week: dict[str, Any] = {}
    for part in filter(str.strip, re.split("[;\n]", text)):
        split = _DAYS.fullmatch(part.strip())
        if not split:
            raise ValueError("Write days and hours like Mon–Thu 07:00-16:00; Fri 07:00-12:00.")
        intervals = read_intervals(split[3])
        for day in _days(split[1], split[2]):
            if day in week:
                raise ValueError(f"{NAMES[WEEKDAYS.index(day)]} is given twice.")
            week[day] = intervals
    return {day: week[day] for day in WEEKDAYS if week.get(day)}


def _days(first: str, last: str | None) -> Iterator[str]:
    start, end = _day(first), _day(last or first)
    if end < start:
        raise ValueError(f"{NAMES[start]} comes after {NAMES[end]}; name the days in the order of the week.")
    yield from WEEKDAYS[start : end + 1]


def _day(name: str) -> int:
    short = name.lower()
    found = [number for number, day in enumerate(NAMES) if len(short) >= 3 and day.lower().startswith(short)]
    if not found:
        raise ValueError(f"“{name}” is not a weekday.")
    return found[0]


def tell_week(hours: dict[str, Any]) -> str:
    """A week for reading: `Monday–Thursday 07:00–16:00; Friday 07:00–12:00`."""
    words = write_week(hours).replace("-", "–")
    for day, name in zip(WEEKDAYS, NAMES, strict=True):
        words = re.sub(rf"\b{day.title()}\b", name, words)
    return words or CLOSED
