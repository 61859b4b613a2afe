"""Whether forecasts would have held: each made only from what was known when it was made. Plain Python."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.forecast import AT_ONCE, HIGH, LOW, MIDDLE, WEEKS, Forecast, Pool, forecast

SHARES = (LOW, MIDDLE, HIGH)


class Life(NamedTuple):
    """One offer: its lane, when it was made, and, in working time, how long it took until it ended in either way."""

    from_team: Hashable
    to_team: Hashable
    began_at: datetime
    ended_at: datetime | None
    took: timedelta | None
    happened: bool  # taken; else it no longer could be


@dataclass
class Result:
    """How forecasts did. `lost` is the pinball loss in seconds: ours, and that of the plain median."""

    forecast: int = 0
    silent: int = 0  # not enough history
    below: int = 0
    above: int = 0
    lost: float = 0
    lost_by_median: float = 0
    pools: dict[Pool, int] = field(default_factory=lambda: dict.fromkeys(Pool, 0))

    @property
    def coverage(self) -> float | None:
        """The share of outcomes within the interval in which eight of ten should lie."""
        return 1 - (self.below + self.above) / self.forecast if self.forecast else None

    @property
    def loss_ratio(self) -> float | None:
        """Ours ÷ that of the plain median of all that was known: below 1 it is better."""
        return self.lost / self.lost_by_median if self.lost_by_median else None


def back_test(lives: Iterable[Life]) -> Result:
    """Forecasts each life that ended by being taken, at its beginning, and sees what became of it."""
    result, known = Result(), _Known()
    for life in sorted(lives, key=lambda each: each.began_at):
        if life.took is not None and life.took < AT_ONCE:
            continue
        known.at(life.began_at)
        if life.happened and life.took is not None:
            _judge(result, known.forecast(life), life.took, known.median())
        known.add(life)
    return result


def _judge(result: Result, told: Forecast | None, took: timedelta, median: timedelta | None) -> None:
    if told is None:
        result.silent += 1
        return
    result.forecast += 1
    result.pools[told.pool] += 1
    result.below += told.low is None or took < told.low
    result.above += told.high is not None and took > told.high
    for share, said in zip(SHARES, (told.low, told.middle, told.high), strict=True):
        if said is not None and median is not None:
            result.lost += _pinball(share, took, said)
            result.lost_by_median += _pinball(share, took, median)


def _pinball(share: float, took: timedelta, said: timedelta) -> float:
    """Too low costs `share` a second, too high the rest: what a quantile minimizes. Koenker and Bassett, 1978."""
    missed = (took - said).total_seconds()
    return max(share * missed, (share - 1) * missed)


class _Known:
    """What was known at an instant that only goes forward."""

    def __init__(self) -> None:
        self._lives: Mapping[Pool, dict[Hashable, list[Life]]] = {pool: defaultdict(list) for pool in Pool}
        self._ending: list[tuple[datetime, timedelta]] = []
        self._taken: list[timedelta] = []
        self._now = datetime.min.replace(tzinfo=UTC)
        self._curves: dict[tuple[Pool, Hashable], Curve] = {}

    def at(self, instant: datetime) -> None:
        """Goes on to this instant. What is told in a day is told from what was known when it was first asked then."""
        if instant.date() != self._now.date():
            self._curves = {}
        self._now = instant
        while self._ending and self._ending[0][0] <= instant:
            insort(self._taken, heappop(self._ending)[1])

    def add(self, life: Life) -> None:
        """One more has begun."""
        for pool in Pool:
            self._lives[pool][_key(pool, life)].append(life)
        if life.happened and life.ended_at is not None and life.took is not None:
            heappush(self._ending, (life.ended_at, life.took))

    def median(self) -> timedelta | None:
        """Of all that had been taken, wherever."""
        return self._taken[len(self._taken) // 2] if self._taken else None

    def forecast(self, life: Life) -> Forecast | None:
        return forecast(lambda pool: self._curve(pool, _key(pool, life)))

    def _curve(self, pool: Pool, key: Hashable) -> Curve:
        if (pool, key) not in self._curves:
            self._curves[pool, key] = self._made_of(self._lives[pool][key])
        return self._curves[pool, key]

    def _made_of(self, lives: Sequence[Life]) -> Curve:
        first = bisect_left(lives, self._now - timedelta(weeks=WEEKS), key=lambda each: each.began_at)
        return Curve.of_each(self._so_far(each) for each in lives[first:])

    def _so_far(self, life: Life) -> tuple[timedelta, bool]:
        """How long it had taken or waited by now; of what had not ended, raw time stands for working time."""
        if life.ended_at is not None and life.took is not None and life.ended_at <= self._now:
            return life.took, life.happened
        return self._now - life.began_at, False


def _key(pool: Pool, life: Life) -> Hashable:
    return {Pool.LANE: (life.from_team, life.to_team), Pool.TEAM: life.to_team, Pool.ORGANIZATION: None}[pool]
