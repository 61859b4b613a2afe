"""Why a promise is due when it is: the intervals that count, the days that do not, the pauses between. Plain Python."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from handoffs.clocks import working_time
from handoffs.clocks.schedule import Schedule


class Why(StrEnum):
    """What a line of an explanation is about."""

    COUNTED = "counted"  # working time that counts
    CLOSED = "closed"  # a day on which nobody works, though it is a working day otherwise
    PAUSED = "paused"  # time that was taken out, with a reason
    FOLDED = "folded"  # many intervals that count, in one line


@dataclass(frozen=True)
class Line:
    """One line: from and to (aware), how much of it counts, how much counts up to here, and in words why."""

    why: Why
    starts_at: datetime
    ends_at: datetime
    counted: timedelta
    total: timedelta
    words: str = ""


SHOWN = 20  # lines at each end; what lies between is folded into one


def explained(
    schedule: Schedule, started_at: datetime, pauses: Sequence[Mapping[str, Any]], target: timedelta, until: datetime
) -> list[Line]:
    """The lines that make a promise of `target` working time, begun at `started_at`, due at `until`.

    `pauses` are as a clock keeps them. A pause that has not ended is the last line: when it is due is not known yet.
    The counted lines add up to `target` exactly, unless the promise is paused.
    """
    lines: list[Line] = []
    since, total = started_at, timedelta()
    for pause in pauses:
        begins = datetime.fromisoformat(pause["from"])
        total = _count(lines, schedule, since, begins, total, target)
        ends = datetime.fromisoformat(pause["to"] or pause.get("until") or pause["from"])
        lines.append(Line(Why.PAUSED, begins, ends, timedelta(), total, pause.get("reason", "")))
        since = ends
        if pause["to"] is None:
            return folded(lines)
    _count(lines, schedule, since, until, total, target)
    return folded(lines)


def _count(
    lines: list[Line], schedule: Schedule, since: datetime, until: datetime, total: timedelta, target: timedelta
) -> timedelta:
    """Adds what counts between two instants, and the days in between that do not; returns the sum so far."""
    closed = list(_closed_days(schedule, since, until)) if since < until else []
    for starts_at, ends_at in working_time.intervals(schedule, since, until) if since < until else ():
        while closed and closed[0].starts_at < starts_at:
            day = closed.pop(0)
            lines.append(Line(day.why, day.starts_at, day.ends_at, timedelta(), total, day.words))
        counted = min(ends_at - starts_at, target - total)
        if counted <= timedelta():
            break
        total += counted
        lines.append(Line(Why.COUNTED, starts_at, starts_at + counted, counted, total))
    return total


def _closed_days(schedule: Schedule, since: datetime, until: datetime) -> Iterator[Line]:
    """Holidays and own closing days on what would be a working day."""
    zone = ZoneInfo(schedule.zone)
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        exception = schedule.exception_on(day)
        if exception is not None and not exception.intervals and schedule.weekly_on(day)[day.weekday()]:
            yield _day(day, zone, exception.name or "Closed")
        day += timedelta(days=1)


def _day(day: date, zone: ZoneInfo, name: str) -> Line:
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    last = datetime(after.year, after.month, after.day, tzinfo=zone)
    return Line(Why.CLOSED, first, last, timedelta(), timedelta(), name)


def folded(lines: Sequence[Line]) -> list[Line]:
    """As many lines as one can read: the first and the last, and between them one that stands for the others."""
    if len(lines) <= 2 * SHOWN + 1:
        return list(lines)
    first, middle, last = lines[:SHOWN], lines[SHOWN:-SHOWN], lines[-SHOWN:]
    counted = sum((line.counted for line in middle), timedelta())
    between = Line(Why.FOLDED, middle[0].starts_at, middle[-1].ends_at, counted, middle[-1].total, str(len(middle)))
    return [*first, between, *last]
