"""Taking times: after a warm-up, each call by itself."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Times:
    """Milliseconds of single calls."""

    milliseconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return self._at(0.95)

    @property
    def p99(self) -> float:
        return self._at(0.99)

    def _at(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True)
class Measured:
    """One line of the table: the product's times beside those of hand-written SQL, and the statements it took."""

    name: str
    ours: Times
    by_hand: Times
    statements: int


def each(call: Callable[[Any], object], arguments: Iterable[Any], warm: int = 5) -> Times:
    """Calls once per argument; the first `warm` calls are not counted."""
    taken = []
    for argument in arguments:
        start = time.perf_counter()
        call(argument)
        taken.append((time.perf_counter() - start) * 1000)
    return Times(tuple(taken[warm:] if len(taken) > warm else taken))
