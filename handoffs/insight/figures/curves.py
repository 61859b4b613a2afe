"""Kaplan–Meier: how long things take when some have not happened yet. Plain Python.

What has not happened by now counts for as long as it has been waiting: leaving it out would make every lane look
quicker than it is. E. L. Kaplan, P. Meier: Nonparametric Estimation from Incomplete Observations, 1958.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

ENOUGH = 20  # that happened, below which nothing is said


class Step(NamedTuple):
    """After this time, so many happened, and so many were seen no further: they wait still, or no longer can."""

    took: timedelta
    ended: int
    left: int


@dataclass(frozen=True)
class Curve:
    """The share that has not happened yet, over time. `steps` come in order, each time once."""

    steps: tuple[Step, ...]
    _remain: tuple[float, ...] = field(repr=False, default=())

    @classmethod
    def of(cls, steps: Iterable[Step]) -> "Curve":
        """Of steps in any order; those of the same time are put together."""
        at: dict[timedelta, tuple[int, int]] = {}
        for took, ended, left in steps:
            known = at.get(took, (0, 0))
            at[took] = (known[0] + ended, known[1] + left)
        return cls.in_order(Step(took, *at[took]) for took in sorted(at))

    @classmethod
    def in_order(cls, steps: Iterable[Step]) -> "Curve":
        """Of steps in order, each time once."""
        ordered = tuple(steps)
        return cls(ordered, tuple(_remaining(ordered)))

    @classmethod
    def of_each(cls, times: Iterable[tuple[timedelta, bool]]) -> "Curve":
        """Of one time each, and whether it happened then."""
        return cls.of(Step(took, int(ended), int(not ended)) for took, ended in times)

    @property
    def count(self) -> int:
        """How many it was made of."""
        return sum(step.ended + step.left for step in self.steps)

    @property
    def ended(self) -> int:
        """Of how many it is known when it happened."""
        return sum(step.ended for step in self.steps)

    @property
    def is_enough(self) -> bool:
        """Whether it is worth telling anybody."""
        return self.ended >= ENOUGH

    def quantile(self, share: float) -> timedelta | None:
        """By when this share has happened; None when as many have not happened within all that was seen."""
        limit = 1 - share + 1e-12
        return next((step.took for step, left in zip(self.steps, self._remain, strict=True) if left <= limit), None)

    def remaining(self, after: timedelta) -> float:
        """The share that has not happened after this time."""
        index = bisect_right(self.steps, after, key=lambda step: step.took)
        return self._remain[index - 1] if index else 1.0

    def longer_than(self, after: timedelta) -> "Curve":
        """The curve of those that have waited this long already."""
        return Curve.of(step for step in self.steps if step.took > after)


def _remaining(steps: tuple[Step, ...]) -> Iterable[float]:
    waiting = sum(step.ended + step.left for step in steps)
    share = 1.0
    for step in steps:
        share *= 1 - step.ended / waiting
        waiting -= step.ended + step.left
        yield share
