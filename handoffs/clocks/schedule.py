"""When a calendar is open, as plain data in local wall time: minutes of the day, Monday first."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Intervals = tuple[tuple[int, int], ...]
Week = tuple[Intervals, Intervals, Intervals, Intervals, Intervals, Intervals, Intervals]

MIDNIGHT = 24 * 60  # the end of a day, in minutes
WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


class Unsound(ValueError):
    """These hours cannot be laid out; the message is a sentence for people."""


class Day(NamedTuple):
    """A date with hours of its own: none means closed, a name says why (a holiday, an inventory)."""

    date: date
    intervals: Intervals = ()
    name: str = ""


class Version(NamedTuple):
    """The weekly hours that begin to apply on a date."""

    since: date
    weekly: Week


@dataclass(frozen=True)
class Schedule:
    """Weekly hours in a zone, with days of its own and the public holidays of a country; raises Unsound.

    An interval is (start, end) in minutes of its day; an end at or before its start lies in the following day. A day
    of the schedule's own replaces what would start on that date; a public holiday closes it, unless such a day stands
    there. What started the evening before runs on into either, and into the first day of other weekly hours.
    """

    zone: str
    weekly: Week
    days: tuple[Day, ...] = ()
    country: str = ""
    region: str = ""
    versions: tuple[Version, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be laid out later."""
        _zone(self.zone)
        weeks = (self.weekly, *(version.weekly for version in self.versions))
        for week in weeks:
            if len(week) != len(WEEKDAYS):
                raise Unsound(f"A week has 7 days; these hours have {len(week)}.")
        for intervals in (*(each for week in weeks for each in week), *(day.intervals for day in self.days)):
            for start, end in intervals:
                if not (0 <= start < MIDNIGHT and 0 <= end <= MIDNIGHT):
                    raise Unsound(f"The interval from minute {start} to minute {end} does not lie in a day.")
        if len(self._own) != len(self.days):
            raise Unsound("A date appears twice among the calendar's own days.")
        if self._since != sorted(set(self._since)):
            raise Unsound("Later hours stand in the order of the dates from which they apply, each date once.")
        _holiday_source(self.country, self.region)

    def __hash__(self) -> int:
        # The days are left to the comparison: hashing a long list at every look-up would cost more than the sum.
        return hash((self.zone, self.weekly, self.country, self.region, len(self.days), len(self.versions)))

    @classmethod
    def from_fields(
        cls, zone: str, hours: object, country: str = "", region: str = "", days: object = (), versions: object = ()
    ) -> "Schedule":
        """Build from a calendar's stored fields; raises Unsound with a sentence that names what is wrong."""
        return cls(zone, _week(hours), _days(days), country, region, _versions(versions))

    @cached_property
    def _own(self) -> dict[date, Day]:
        return {day.date: day for day in self.days}

    @cached_property
    def _since(self) -> list[date]:
        return [version.since for version in self.versions]

    def weekly_on(self, day: date) -> Week:
        """The weekly hours in force on this date."""
        later = bisect_right(self._since, day)
        return self.versions[later - 1].weekly if later else self.weekly

    def exception_on(self, day: date) -> Day | None:
        """The day of its own or the public holiday that replaces the weekly hours on this date, if any."""
        own = self._own.get(day)
        if own is not None or not self.country:
            return own
        name = public_holidays(self.country, self.region, day.year).get(day)
        return None if name is None else Day(day, (), name)

    def intervals_on(self, day: date) -> Intervals:
        """The intervals that start on this date, as written: not sorted, perhaps overlapping."""
        exception = self.exception_on(day)
        return self.weekly_on(day)[day.weekday()] if exception is None else exception.intervals


@lru_cache(maxsize=1024)
def public_holidays(country: str, region: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country and region in one year, in English; raises Unsound for an unknown place."""
    import holidays  # takes half a second to import, and many calendars never need it

    try:
        # The language is named, since without one the names would follow the environment of the process.
        return dict(holidays.country_holidays(country, subdiv=region or None, years=year, language="en_US"))
    except NotImplementedError:
        where = f"the region “{region}” of “{country}”" if region else f"the country “{country}”"
        raise Unsound(f"Public holidays are not known for {where}.") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        raise Unsound(f"“{name}” is not a time zone; one is written like “Europe/Berlin”.") from None


def _holiday_source(country: str, region: str) -> None:
    if region and not country:
        raise Unsound("A region needs a country to take its public holidays from.")
    if country:
        public_holidays(country, region, 2026)  # any year tells whether the place is known


def _minute(value: object, where: str) -> int:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Unsound(f"{where}: “{value}” is not a time of day; one is written like “09:00”.")
    hour, minute = value.split(":")
    return int(hour) * 60 + int(minute)


def _week(hours: object) -> Week:
    if not isinstance(hours, Mapping):
        raise Unsound('The hours must be given by weekday, such as {"mon": [["09:00", "17:00"]]}.')
    unknown = [str(key) for key in hours if key not in WEEKDAYS]
    if unknown:
        raise Unsound(f"“{unknown[0]}” is not a weekday; the weekdays are {', '.join(WEEKDAYS)}.")
    mon, tue, wed, thu, fri, sat, sun = (_intervals(hours.get(key, ()), name) for key, name in WEEKDAYS.items())
    return mon, tue, wed, thu, fri, sat, sun


def _intervals(value: object, where: str) -> Intervals:
    if not isinstance(value, list | tuple):
        raise Unsound(f'{where}: the hours must be a list of intervals, such as [["09:00", "17:00"]].')
    found = []
    for pair in value:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise Unsound(f"{where}: an interval needs a start and an end, such as [“09:00”, “17:00”].")
        start, end = (_minute(time, where) for time in pair)
        if start == MIDNIGHT:
            raise Unsound(f"{where}: an interval cannot start at 24:00; it starts at 00:00 of the next day.")
        found.append((start, end))
    return tuple(found)


def _days(value: object) -> tuple[Day, ...]:
    if not isinstance(value, list | tuple):
        raise Unsound('The days must be a list, such as [{"date": "2026-12-24", "name": "Closed", "hours": []}].')
    return tuple(sorted(_day(entry) for entry in value))


def _versions(value: object) -> tuple[Version, ...]:
    if not isinstance(value, list | tuple):
        raise Unsound('Later hours must be a list, such as [{"from": "2027-03-01", "hours": {}}].')
    return tuple(sorted((_version(entry) for entry in value), key=lambda version: version.since))


def _version(entry: Any) -> Version:
    if not isinstance(entry, Mapping) or "from" not in entry:
        raise Unsound('Later hours need a date to apply from, such as {"from": "2027-03-01", "hours": {}}.')
    return Version(_date(entry["from"]), _week(entry.get("hours")))


def _date(written: Any) -> date:
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        raise Unsound(f"“{written}” is not a date; one is written like “2026-12-24”.") from None


def _day(entry: Any) -> Day:
    if not isinstance(entry, Mapping) or "date" not in entry:
        raise Unsound('Each day needs a date, such as {"date": "2026-12-24", "name": "Closed", "hours": []}.')
    day = _date(entry["date"])
    return Day(day, _intervals(entry.get("hours", ()), day.isoformat()), str(entry.get("name", "")))
