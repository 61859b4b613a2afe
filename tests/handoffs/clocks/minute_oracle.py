"""Working time the slow way: of every minute the clock on the wall is read, and whether it is open then."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


class Wall:
    """What the clock on a zone's wall shows at each minute from a UTC midnight on, for a number of days."""

    def __init__(self, zone: str, first: date, days: int) -> None:
        self.start = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.end = self.start + timedelta(days=days)
        self.zone = zone
        second, place = int(self.start.timestamp()), ZoneInfo(zone)
        self.shown: list[tuple[date, int]] = []
        for at in range(second, second + days * 86_400, 60):
            local = datetime.fromtimestamp(at, place)
            self.shown.append((local.date(), local.hour * 60 + local.minute))


class MinuteOracle:
    """The answers of working_time, counted minute by minute from the plain fields of a calendar."""

    def __init__(
        self,
        wall: Wall,
        hours: dict,
        country: str = "",
        region: str = "",
        days: list | None = None,
        versions: list | None = None,
    ) -> None:
        self.wall = wall
        self.hours = hours
        self.versions = versions or []
        self.days = {entry["date"]: entry["hours"] for entry in days or []}
        self.closed = holidays.country_holidays(country, subdiv=region or None) if country else {}
        self.kept: dict[date, list[bool]] = {}
        self.open = [index for index, (day, minute) in enumerate(wall.shown) if self.minutes(day)[minute]]

    def of_date(self, day: date) -> list[tuple[int, int]]:
        """The intervals that begin on a date, in minutes."""
        if day.isoformat() in self.days:
            texts = self.days[day.isoformat()]
        else:
            texts = [] if day in self.closed else self.week_of(day).get(WEEKDAYS[day.weekday()], [])
        return [tuple(int(text[:2]) * 60 + int(text[3:]) for text in pair) for pair in texts]

    def week_of(self, day: date) -> dict:
        """The week that applies on a date: of those that began by then, the one that began last."""
        begun = [version for version in self.versions if version["from"] <= day.isoformat()]
        return max(begun, key=lambda version: version["from"])["hours"] if begun else self.hours

    def minutes(self, day: date) -> list[bool]:
        """For each minute the wall can show on a date: is it open?"""
        if day not in self.kept:
            flags = [False] * 1440
            for start, end in self.of_date(day):
                for minute in range(start, end if end > start else 1440):
                    flags[minute] = True
            for start, end in self.of_date(day - timedelta(days=1)):
                for minute in range(end if end <= start else 0):
                    flags[minute] = True
            self.kept[day] = flags
        return self.kept[day]

    def _at(self, index: int) -> datetime:
        return self.wall.start + index * MINUTE

    def _open_until(self, moment: datetime) -> timedelta:
        index, rest = divmod(moment - self.wall.start, MINUTE)
        whole = bisect_left(self.open, index)
        partly = whole < len(self.open) and self.open[whole] == index
        return whole * MINUTE + (rest if partly else NOTHING)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open minutes from one to the other, those at both ends in part."""
        return self._open_until(end) - self._open_until(start)

    def add(self, start: datetime, working: timedelta) -> datetime | None:
        """The end of the last minute, or of the part of it, that is needed; None when the stretch is too short."""
        if not working:
            return start
        minutes, rest = divmod(self._open_until(start) + working, MINUTE)
        needed = minutes if rest else minutes - 1
        return self._at(self.open[needed]) + (rest or MINUTE) if needed < len(self.open) else None

    def next_opening(self, at: datetime) -> datetime | None:
        """The instant itself in an open minute, else the start of the next one; None when the stretch has none."""
        index = (at - self.wall.start) // MINUTE
        found = bisect_left(self.open, index)
        return max(at, self._at(self.open[found])) if found < len(self.open) else None

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Runs of open minutes, cut off at both ends."""
        first = bisect_left(self.open, (start - self.wall.start) // MINUTE)
        last = bisect_right(self.open, (end - self.wall.start) // MINUTE)
        opens: datetime | None = None
        for place in range(first, last):
            opens = opens or self._at(self.open[place])
            if place + 1 == last or self.open[place + 1] != self.open[place] + 1:
                run = max(start, opens), min(end, self._at(self.open[place]) + MINUTE)
                opens = None
                if run[0] < run[1]:
                    yield run
