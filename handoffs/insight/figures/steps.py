"""Times in steps of 2 %: weeks that were counted and what is open now, put together. Plain Python."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache, cached_property

from handoffs.insight.figures.curves import Curve, Step
from handoffs.kept.writing import GROWTH

ZERO = timedelta()


@cache
def middle(step: int) -> timedelta:
    """The time that stands for all in a step: nothing below a second, else no further off than 1 %."""
    return timedelta(seconds=round(GROWTH ** (step - 0.5), 3)) if step else ZERO


class Steps:
    """How often something happened, and how often it was seen no further, in each step."""

    def __init__(self) -> None:
        self._ended: list[int] = []
        self._left: list[int] = []

    def add(self, steps: Sequence[int], ended: Sequence[int], left: Sequence[int]) -> None:
        """Adds as many of both in each of these steps, which come in order."""
        if steps:
            self._reach(steps[-1])
        ours, theirs = self._ended, self._left
        for step, happened, seen in zip(steps, ended, left, strict=True):
            ours[step] += happened
            theirs[step] += seen

    def add_waiting(self, step: int, count: int) -> None:
        """Adds what waits now and has waited for so long."""
        self._reach(step)
        self._left[step] += count

    def merge(self, other: "Steps") -> None:
        """Adds all of another."""
        self.add(range(len(other._ended)), other._ended, other._left)

    @cached_property
    def curve(self) -> Curve:
        """What they tell, once nothing more is added."""
        return Curve.in_order(self)

    def __iter__(self) -> Iterator[Step]:
        counted = enumerate(zip(self._ended, self._left, strict=True))
        return (Step(middle(step), ended, left) for step, (ended, left) in counted if ended or left)

    def _reach(self, step: int) -> None:
        missing = step + 1 - len(self._ended)
        if missing > 0:
            self._ended += [0] * missing
            self._left += [0] * missing


def together(parts: Iterable[Steps]) -> Curve:
    """What all of them tell as one."""
    whole = Steps()
    for part in parts:
        whole.merge(part)
    return whole.curve
