"""A rehearsal: what happens in it is taken back, and nobody outside of it may have to wait for it.

Numbers come from a range of its own instead of a row that others need, and people are not held in their place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from random import SystemRandom

# Far beyond what an organization reaches, and far apart from each other: two who rehearse at once must not ask for one
# number, or the second would wait for the first.
LOWEST, HIGHEST, APART = 1_000_000_000, 2_000_000_000, 10_000


@dataclass
class Rehearsal:
    """The one that is under way: `first` is the number below all that it takes of any kind."""

    first: int
    taken: dict[str, int] = field(default_factory=dict)

    def take(self, kind: str, count: int) -> int:
        """Takes so many numbers of one kind and returns the first."""
        before = self.taken.get(kind, 0)
        self.taken[kind] = before + count
        return self.first + before + 1


_now: ContextVar[Rehearsal | None] = ContextVar("handrail_rehearsal", default=None)


def under_way() -> Rehearsal | None:
    """The rehearsal in which this runs, if any."""
    return _now.get()


@contextmanager
def rehearsal() -> Iterator[Rehearsal]:
    """What runs in this block is a rehearsal. To take it back is for who opens it."""
    made = Rehearsal(SystemRandom().randrange(LOWEST, HIGHEST, APART))
    token = _now.set(made)
    try:
        yield made
    finally:
        _now.reset(token)
