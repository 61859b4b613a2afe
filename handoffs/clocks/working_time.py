"""Sums of working time: from an instant forward, between two instants, and when a schedule next opens.

An instant is open when its local wall-clock time lies in an interval of its local date, or in an overnight interval of
the date before. So an hour that the clock skips is not worked, one that it repeats is worked twice, and a date that a
zone never had does not count. Each year is laid out once, in UTC; a question is then a few binary searches.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from handoffs.clocks.schedule import MIDNIGHT, Schedule

FIRST_YEAR, LAST_YEAR = 1970, 2199
LOOK_AHEAD = (
    2  # whole years without an opening, beyond the year asked about, after which a schedule is said never to open
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = MIDNIGHT * MINUTE
EPOCH_DAY = EPOCH.toordinal()


class NeverOpens(ValueError):
    """The schedule has no opening in the rest of the year or in the two years after it."""


class OutOfRange(ValueError):
    """The instant asked about, or the answer, lies outside the years that are laid out (1970 to 2199)."""


@dataclass(frozen=True, slots=True)
class _Year:
    """The open intervals of one year, in microseconds since 1970, and the working time up to the end of each."""

    starts: "array[int]"
    ends: "array[int]"
    sums: "array[int]"

    @property
    def total(self) -> int:
        return self.sums[-1] if self.sums else 0

    def worked_before(self, instant: int) -> int:
        """Working microseconds of this year before the instant."""
        index = bisect_right(self.starts, instant) - 1
        return self.sums[index] - max(0, self.ends[index] - instant) if index >= 0 else 0

    def reached_at(self, worked: int) -> int:
        """The first instant by which so many (> 0) working microseconds of this year have passed."""
        index = bisect_left(self.sums, worked)
        return self.ends[index] - (self.sums[index] - worked)


def add(schedule: Schedule, start: datetime, working: timedelta) -> datetime:
    """The earliest instant (UTC) by which so much working time has passed since `start`; `start` itself for none.

    Raises ValueError for a negative duration or a naive start, NeverOpens, and OutOfRange.
    """
    left = working // MICROSECOND
    if left < 0:
        raise ValueError("Working time to add cannot be negative.")
    instant = _instant(start)
    if left == 0:
        return _moment(instant)
    if instant + left >= _LAST:
        raise OutOfRange(f"So much working time ends after {LAST_YEAR}.")
    number = _moment(instant).year
    year = _year(schedule, number)
    goal = year.worked_before(instant) + left
    while goal > year.total:
        goal -= year.total
        number = _next_open_year(schedule, number)
        year = _year(schedule, number)
    return _moment(year.reached_at(goal))


def between(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; raises ValueError if the end is the earlier one or either is naive."""
    first, last = _instant(start), _instant(end)
    if last < first:
        raise ValueError("Working time is counted forward: the end lies before the start.")
    first_year, last_year = _moment(first).year, _moment(last).year
    worked = _year(schedule, last_year).worked_before(last) - _year(schedule, first_year).worked_before(first)
    for number in range(first_year, last_year):
        worked += _year(schedule, number).total
    return timedelta(microseconds=worked)


def next_opening(schedule: Schedule, at: datetime) -> datetime:
    """`at` (in UTC) if the schedule is open then, else when it next opens; raises NeverOpens and as `between`."""
    instant = _instant(at)
    number = _moment(instant).year
    year = _year(schedule, number)
    index = bisect_right(year.ends, instant)
    if index < len(year.ends):
        return _moment(max(instant, year.starts[index]))
    return _moment(_year(schedule, _next_open_year(schedule, number)).starts[0])


def intervals(schedule: Schedule, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open intervals (UTC) from `start` to `end`, in order, cut off at both; raises as `between` does."""
    first, last = _instant(start), _instant(end)
    if last < first:
        raise ValueError("Intervals are listed forward: the end lies before the start.")
    return ((_moment(opens), _moment(closes)) for opens, closes in _merged(_pieces(schedule, first, last)))


def _pieces(schedule: Schedule, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The open intervals of each year in turn: one that runs over a year's end comes in two pieces."""
    if first == last:
        return
    for number in range(_moment(first).year, _moment(last).year + 1):
        year = _year(schedule, number)
        for index in range(bisect_right(year.ends, first), bisect_left(year.starts, last)):
            yield max(first, year.starts[index]), min(last, year.ends[index])


def _merged(ordered: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same time without overlaps, from intervals ordered by start: those that touch become one."""
    held: tuple[int, int] | None = None
    for start, end in ordered:
        if held is None or start > held[1]:
            if held is not None:
                yield held
            held = (start, end)
        else:
            held = (held[0], max(end, held[1]))
    if held is not None:
        yield held


def _next_open_year(schedule: Schedule, number: int) -> int:
    for candidate in range(number + 1, number + 1 + LOOK_AHEAD):
        if candidate > LAST_YEAR:
            raise OutOfRange(f"The answer lies after {LAST_YEAR}.")
        if _year(schedule, candidate).total:
            return candidate
    raise NeverOpens(f"This schedule has no opening between {number} and {number + LOOK_AHEAD}.")


@lru_cache(maxsize=1024)  # a year of office hours takes about 20 kB
def _year(schedule: Schedule, number: int) -> _Year:
    """Lay out one UTC year: the wall-clock intervals of its days, shifted by each offset in force meanwhile."""
    wall = list(_merged(sorted(_wall_intervals(schedule, number))))
    opens = sorted(
        (max(start - offset, since), min(end - offset, until))
        for since, until, offset in _offsets(schedule.zone, number)
        for start, end in wall
        if start - offset < until and end - offset > since
    )
    starts, ends, sums = array("q"), array("q"), array("q")
    worked = 0
    for start, end in _merged(opens):
        worked += end - start
        starts.append(start)
        ends.append(end)
        sums.append(worked)
    return _Year(starts, ends, sums)


def _wall_intervals(schedule: Schedule, number: int) -> Iterator[tuple[int, int]]:
    """Intervals in microseconds of wall-clock time since 1970, for every date that touches the UTC year."""
    # Two days ahead: local time may lag a day behind, and an overnight interval may have begun the day before.
    for ordinal in range(date(number, 1, 1).toordinal() - 2, date(number, 12, 31).toordinal() + 2):
        midnight = (ordinal - EPOCH_DAY) * DAY
        for start, end in schedule.intervals_on(date.fromordinal(ordinal)):
            yield midnight + start * MINUTE, midnight + (end if end > start else end + MIDNIGHT) * MINUTE


@lru_cache(maxsize=1024)
def _offsets(zone: str, number: int) -> tuple[tuple[int, int, int], ...]:
    """The UTC offsets of a zone in one UTC year as (since, until, offset), in microseconds."""
    # One look a day suffices: since 1970 no zone has changed its offset twice within six days.
    first, last = _starts_at(number), _starts_at(number + 1)
    found: list[tuple[int, int, int]] = []
    since, offset = first, _offset(zone, first)
    for midnight in range(first, last, DAY):
        evening = midnight + DAY - SECOND
        if _offset(zone, evening) != offset:
            change = _change(zone, midnight - SECOND, evening)
            found.append((since, change, offset))
            since, offset = change, _offset(zone, evening)
    return (*found, (since, last, offset))


def _change(zone: str, before: int, after: int) -> int:
    """The first instant, to the second, at which the offset is what it is at `after`."""
    new = _offset(zone, after)
    low, high = before // SECOND, after // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * SECOND) == new:
            high = middle
        else:
            low = middle
    return high * SECOND


def _offset(zone: str, instant: int) -> int:
    offset = _moment(instant).astimezone(ZoneInfo(zone)).utcoffset()
    return 0 if offset is None else offset // MICROSECOND


def _starts_at(number: int) -> int:
    return (date(number, 1, 1).toordinal() - EPOCH_DAY) * DAY


_FIRST, _LAST = _starts_at(FIRST_YEAR), _starts_at(LAST_YEAR + 1)


def _instant(moment: datetime) -> int:
    """Microseconds since 1970."""
    if moment.utcoffset() is None:
        raise ValueError("Working time is counted between aware datetimes; this one has no time zone.")
    instant = (moment - EPOCH) // MICROSECOND
    if not _FIRST <= instant < _LAST:
        raise OutOfRange(f"Working time is laid out from {FIRST_YEAR} to {LAST_YEAR}; {moment:%Y-%m-%d} is outside.")
    return instant


def _moment(instant: int) -> datetime:
    return EPOCH + timedelta(microseconds=instant)
