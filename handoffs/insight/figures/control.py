"""Signal or noise: limits within which a figure moves by itself. Plain Python.

The chart of individual values and moving ranges (XmR): the centre is the mean, the limits lie 2.66 mean moving ranges
away from it. W. A. Shewhart, 1931; D. J. Wheeler: Understanding Variation, 1993. Times are skewed, so theirs are drawn
from their logarithms.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log
from statistics import fmean
from typing import NamedTuple

LEAST = 8  # points below which limits say nothing
RUN = 8  # points one after the other on one side of the centre
REACH = 2.66  # 3 ÷ 1.128, from mean moving ranges to three standard deviations


class Limits(NamedTuple):
    """Where a figure lies while nothing changes."""

    lower: float
    centre: float
    upper: float


def limits(values: Sequence[float], *, skewed: bool = False) -> Limits | None:
    """The limits of these values in their order; None of too few. With `skewed` they must be above zero."""
    if len(values) < LEAST:
        return None
    seen = [log(value) for value in values] if skewed else list(values)
    centre = fmean(seen)
    reach = REACH * fmean(abs(after - before) for before, after in pairwise(seen))
    found = Limits(centre - reach, centre, centre + reach)
    return Limits(*(exp(value) for value in found)) if skewed else found


def signals(values: Sequence[float], within: Limits) -> set[int]:
    """Which of them are no mere noise: outside the limits, or the eighth and later on one side of the centre."""
    found = {index for index, value in enumerate(values) if not within.lower <= value <= within.upper}
    run, side = 0, 0
    for index, value in enumerate(values):
        now = (value > within.centre) - (value < within.centre)
        run = run + 1 if now == side and now else 1
        side = now
        if run >= RUN:
            found.add(index)
    return found
