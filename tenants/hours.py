"""Opening hours as people write them: ["09:00", "17:00"], overnight ["22:00", "06:00"], all day ["00:00", "24:00"]."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_PER_DAY = 24 * 60
# The years in which hours can be laid out, and how long a calendar may stay closed within them: what is promised in
# working time must become due some time.
FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST_CLOSED = timedelta(days=366)
MOST_VERSIONS = 100

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


def office_hours() -> dict[str, list[list[str]]]:
    """Monday to Friday, nine to five."""
    return {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}


def validate_hours(hours: Any) -> None:
    """Refuse, as ValidationError, a week that is malformed or has no opening at all."""
    validate_week(hours)
    if not any(hours.values()):
        raise ValidationError("A calendar must be open at some time of the week.", code="never_open")


def validate_week(hours: Any) -> None:
    """Refuse, as ValidationError, a week that is malformed; one without any opening is a closed season."""
    if not isinstance(hours, Mapping) or not set(hours) <= set(WEEKDAYS):
        raise ValidationError(f"Hours are given per weekday: {', '.join(WEEKDAYS)}.", code="hours_malformed")
    for intervals in hours.values():
        validate_intervals(intervals)


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


def validate_versions(versions: Any) -> None:
    """Refuse, as ValidationError, later weekly hours that are malformed or apply from the same date."""
    if not isinstance(versions, list) or len(versions) > MOST_VERSIONS:
        raise ValidationError(f"Later hours are a list of at most {MOST_VERSIONS}.", code="versions_malformed")
    seen: set[str] = set()
    for version in versions:
        if not isinstance(version, Mapping) or set(version) != {"from", "hours"}:
            raise ValidationError("Later hours have a date to apply from and a week.", code="versions_malformed")
        written = version["from"]
        if not _is_date(written):
            raise ValidationError("Later hours apply from a date like 2027-03-01.", code="versions_malformed")
        if written in seen:
            raise ValidationError(f"Hours from {written} are given twice.", code="versions_twice")
        seen.add(written)
        validate_week(version["hours"])


def in_order(versions: Sequence[Any]) -> list[Any]:
    """Later hours by the date from which they apply; what is malformed is refused later."""
    return sorted(versions, key=lambda version: str(version.get("from")) if isinstance(version, Mapping) else "")


def validate_openings(hours: Any, versions: Any, days: Any) -> None:
    """Refuse, as ValidationError, sound fields that together leave the calendar closed for more than a year.

    Public holidays are left out of it: they never close a calendar for long.
    """
    special = {date.fromisoformat(day["date"]): bool(day.get("hours")) for day in days}
    since = sorted((date.fromisoformat(version["from"]), version["hours"]) for version in versions)
    if not any(since[-1][1].values() if since else hours.values()):
        raise ValidationError(f"From {since[-1][0]} on it would never open again.", code="never_opens_again")
    marks = [*special, *(first for first, _ in since)]
    if marks:
        _must_open_in_time(_Weeks(hours, since), special, min(marks), max(marks))


def _must_open_in_time(weeks: "_Weeks", special: Mapping[date, bool], first: date, last: date) -> None:
    """Walk from a year before the first date that is out of the ordinary to a year after the last."""
    closed_since: date | None = None
    number, end = max(1, first.toordinal() - 366), last.toordinal() + 366
    while number <= end:
        day = date.fromordinal(number)
        if special.get(day, weeks.opens_on(day)):
            closed_since = None
        elif closed_since is None:
            closed_since = day
        elif day - closed_since > LONGEST_CLOSED:
            raise ValidationError(
                f"It would be closed for more than a year from {closed_since} on.", code="closed_too_long"
            )
        number += 1


class _Weeks:
    """Which weekdays open, by date."""

    def __init__(self, hours: Mapping[str, Any], since: Sequence[tuple[date, Mapping[str, Any]]]) -> None:
        self.spans = [(date.min, _open_days(hours)), *((first, _open_days(week)) for first, week in since)]
        self.at = 0

    def opens_on(self, day: date) -> bool:
        """Does this date's weekday open? Asked in the order of time."""
        while self.at + 1 < len(self.spans) and self.spans[self.at + 1][0] <= day:
            self.at += 1
        return day.weekday() in self.spans[self.at][1]


def _open_days(hours: Mapping[str, Any]) -> frozenset[int]:
    return frozenset(number for number, day in enumerate(WEEKDAYS) if hours.get(day))


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
        day = date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return False
    return day is not None and day.isoformat() == written and FIRST_YEAR <= day.year <= LAST_YEAR
