"""Opening hours as people write them: ["09:00", "17:00"], overnight ["22:00", "06:00"], all day ["00:00", "24:00"]."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_PER_DAY = 24 * 60

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


def office_hours() -> dict[str, list[list[str]]]:
    """Monday to Friday, nine to five."""
    return {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}


def validate_hours(hours: Any) -> None:
    """Refuse, as ValidationError, a week that is malformed or has no opening at all."""
    if not isinstance(hours, Mapping) or not set(hours) <= set(WEEKDAYS):
        raise ValidationError(f"Hours are given per weekday: {', '.join(WEEKDAYS)}.", code="hours_malformed")
    for intervals in hours.values():
        validate_intervals(intervals)
    if not any(hours.values()):
        raise ValidationError("A calendar must be open at some time of the week.", code="never_open")


def validate_days(days: Any) -> None:
    """Refuse, as ValidationError, special days that are malformed or given twice."""
    if not isinstance(days, list):
        raise ValidationError("Special days are a list.", code="days_malformed")
    seen: set[str] = set()
    for day in days:
        if not isinstance(day, Mapping) or not set(day) <= {"date", "name", "hours"}:
            raise ValidationError("A special day has a date, a name and hours.", code="days_malformed")
        written = day.get("date")
        if not _is_date(written) or not isinstance(day.get("name", ""), str):
            raise ValidationError("A special day has a date like 2026-12-24.", code="days_malformed")
        if written in seen:
            raise ValidationError(f"{written} is given twice.", code="days_twice")
        seen.add(str(written))
        validate_intervals(day.get("hours", []))


def validate_intervals(intervals: Any) -> None:
    """Refuse, as ValidationError, one day's intervals when malformed, empty or overlapping each other."""
    if not isinstance(intervals, list):
        raise ValidationError("The hours of a day are a list of intervals.", code="hours_malformed")
    spans = sorted(_span(interval) for interval in intervals)
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValidationError("Intervals of one day overlap.", code="hours_overlap")


def _span(interval: Any) -> tuple[int, int]:
    """From and to, in minutes since midnight; to lies beyond the day for an overnight interval."""
    if not isinstance(interval, list | tuple) or len(interval) != 2:
        raise ValidationError("An interval has a beginning and an end.", code="hours_malformed")
    start, end = (_minutes(written) for written in interval)
    if start in (end, MINUTES_PER_DAY):
        raise ValidationError("An interval must last some time; all day is 00:00 to 24:00.", code="hours_empty")
    return (start, end) if start < end else (start, end + MINUTES_PER_DAY)


def _minutes(written: Any) -> int:
    if not isinstance(written, str) or not _CLOCK.fullmatch(written):
        raise ValidationError("Times are written like 09:00, up to 24:00.", code="hours_malformed")
    hour, minute = written.split(":")
    return int(hour) * 60 + int(minute)


def _is_date(written: Any) -> bool:
    try:
        return isinstance(written, str) and date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
