"""A rehearsal: what happens in it is taken back, and nobody outside of it may have to wait for it.

Numbers come from a range of its own instead of a row that others need, and people are not held in their place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from random import SystemRandom

# Far beyond what an organization reaches, and far apart from each other: two who rehearse at once must not ask for one
# number, or the second would wait for the first.
LOWEST, HIGHEST, APART = 1_000_000_000, 2_000_000_000, 10_000


@dataclass
class Rehearsal:
    """The one that is under way: where its numbers begin, and the next one."""

    first: int
    next: int

    def take(self, count: int) -> int:
        """Takes so many numbers and returns the first."""
        taken, self.next = self.next, self.next + count
        return taken


_now: ContextVar[Rehearsal | None] = ContextVar("handrail_rehearsal", default=None)


def under_way() -> Rehearsal | None:
    """The rehearsal in which this runs, if any."""
    return _now.get()


@contextmanager
def rehearsal() -> Iterator[Rehearsal]:
    """What runs in this block is a rehearsal. To take it back is for who opens it."""
    first = SystemRandom().randrange(LOWEST, HIGHEST, APART)
    made = Rehearsal(first, first + 1)
    token = _now.set(made)
    try:
        yield made
    finally:
        _now.reset(token)
