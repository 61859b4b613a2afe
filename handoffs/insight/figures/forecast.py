"""When it will probably be taken: from how long it took before, what is still open counted as well. Plain Python.

Said as a median and the interval in which eight of ten lie. Where a lane has too few to tell from, its receiving team
speaks for it, else the whole organization, else nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handoffs.insight.figures.curves import Curve

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
WEEKS = 26  # looked back; what is older went as things were then
AT_ONCE = timedelta(seconds=1)  # what was taken in the very instant was never waited for, and is left out
ZERO = timedelta()


class Pool(StrEnum):
    """Whose history a forecast rests on, the nearest first."""

    LANE = "lane"
    TEAM = "team"
    ORGANIZATION = "organization"


@dataclass(frozen=True)
class Forecast:
    """Working time from now on until it is taken; None where as many were never seen to be."""

    low: timedelta | None
    middle: timedelta | None
    high: timedelta | None
    pool: Pool
    of: int  # that were taken, on which it rests


def forecast(history: Callable[[Pool], Curve], waited: timedelta = ZERO) -> Forecast | None:
    """From the nearest history that has enough to tell; `history` is asked for no more of them than that takes.

    What has waited already is compared with those that waited as long.
    """
    for pool in Pool:
        curve = history(pool).longer_than(max(waited, AT_ONCE))
        if curve.is_enough:
            low, middle, high = (_left(curve.quantile(share), waited) for share in (LOW, MIDDLE, HIGH))
            return Forecast(low, middle, high, pool, curve.ended)
    return None


def _left(found: timedelta | None, waited: timedelta) -> timedelta | None:
    return None if found is None else found - waited
