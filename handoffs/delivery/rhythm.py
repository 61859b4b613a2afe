"""When a digest goes out and when quiet hours end: local time laid out, sums in UTC. Plain Python."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
REPORT_HOUR = 7


@dataclass(frozen=True)
class Beat:
    """One person's rhythm: digests every hour, or daily at their hour; quiet from–until, if at all, in their zone."""

    zone: str
    daily_at: int | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None

    def next_digest(self, at: datetime) -> datetime:
        """The first instant after `at` at which a digest of theirs goes out, outside of their quiet hours."""
        return self.after_quiet(self._next_full_hour(at) if self.daily_at is None else self._next_daily(at))

    def next_full_hour(self, at: datetime) -> datetime:
        """The next full hour by their own clock, or the end of their quiet hours when it lies in those."""
        return self.after_quiet(self._next_full_hour(at))

    def next_report(self, at: datetime, zone: str) -> datetime:
        """The first instant after `at` at which they are told of a week that is over in this zone.

        That is the first morning since it was over: at the hour of their daily digest, or at seven, by their own clock
        and outside of their quiet hours.
        """
        today = at.astimezone(ZoneInfo(zone)).date()
        mondays = (today - today.weekday() * DAY + weeks * WEEK for weeks in range(2))
        ends = (datetime.combine(monday, time(), ZoneInfo(zone)).astimezone(UTC) for monday in mondays)
        return next(instant for instant in map(self._first_morning, ends) if instant > at)

    def after_quiet(self, at: datetime) -> datetime:
        """`at` itself, or the end of the quiet hours that it lies in."""
        if self.quiet_from is None or self.quiet_until is None:
            return at
        today = at.astimezone(ZoneInfo(self.zone)).date()
        for day in (today - DAY, today):
            ends_on = day if self.quiet_from < self.quiet_until else day + DAY
            begins, ends = self._at(day, self.quiet_from), self._at(ends_on, self.quiet_until)
            if begins <= at < ends:
                return ends
        return at

    def _next_full_hour(self, at: datetime) -> datetime:
        # Zones that are half an hour off have their full hours at our half ones.
        local = at.astimezone(ZoneInfo(self.zone))
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (at - past + HOUR).astimezone(UTC)

    def _next_daily(self, at: datetime) -> datetime:
        today = at.astimezone(ZoneInfo(self.zone)).date()
        hour = time(self.daily_at or 0)
        # The day after tomorrow too: a zone can skip a whole day.
        found = (self._at(today + number * DAY, hour) for number in range(4))
        return next(instant for instant in found if instant > at)

    def _first_morning(self, since: datetime) -> datetime:
        hour = time(REPORT_HOUR if self.daily_at is None else self.daily_at)
        day = since.astimezone(ZoneInfo(self.zone)).date()
        found = (self._at(day + number * DAY, hour) for number in range(3))
        return self.after_quiet(next(instant for instant in found if instant >= since))

    def _at(self, day: date, clock: time) -> datetime:
        """That time of that day; one that the clocks skip falls as much later as they skip."""
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)
