"""In which hours people could be told of something, and would hear of it. Plain Python.

A set of hours is one int whose lowest bit is the first hour: what two sets have in common, and what one has and the
other has not, is then one operation, however many hours there are. An hour belongs to a set when any part of it does,
so that a proof may find an hour too many and never one too few.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import or_

HOURS = 30 * 24
EVERY = (1 << HOURS) - 1
HOUR = timedelta(hours=1)


class Kind(StrEnum):
    """What a finding is."""

    FAULT = "fault"  # nobody is reached
    REMARK = "remark"  # somebody is, and all of them outside of their own hours


@dataclass(frozen=True, slots=True)
class Reach:
    """Some people taken together: the hours in which all of them are out of reach, and those in which one works."""

    out: int
    awake: int

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(self.out & other.out, self.awake | other.awake)


NOBODY = Reach(EVERY, 0)


def person(out: int, works: int) -> Reach:
    """One person, out of reach in the hours `out` and at work in the hours `works`."""
    return Reach(out & EVERY, works & ~out & EVERY)


def together(people: Iterable[Reach]) -> Reach:
    """All of these: out of reach when each of them is."""
    return reduce(or_, people, NOBODY)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours from `first` up to, not with, `end`; of a remark also the hour in which somebody would read it, if any."""

    kind: Kind
    first: int
    end: int
    read_in: int | None = None


def hours(stretches: Iterable[tuple[datetime, datetime]], since: datetime) -> int:
    """The hours, counted from `since`, that any of these stretches of time touches."""
    found = 0
    for start, end in stretches:
        first = max(0, (start - since) // HOUR)
        beyond = min(HOURS, -((since - end) // HOUR))
        if first < beyond:
            found |= ((1 << (beyond - first)) - 1) << first
    return found


def is_sound(possible: int, told: Reach) -> bool:
    """Whether in each hour in which an alarm could fire somebody who is told is at work: nothing is to be found."""
    return not possible & ~told.awake


def prove(possible: int, told: Reach) -> list[Stretch]:
    """What is to be found in the hours in which an alarm could fire, in the order of time.

    Each stretch is as long as it can be: it runs over hours in which no alarm could fire when nothing changes in them,
    and begins and ends with one in which it could.
    """
    found = [Stretch(Kind.FAULT, first, end) for first, end in _runs(told.out, possible)]
    quiet = EVERY & ~(told.out | told.awake)
    found += [Stretch(Kind.REMARK, first, end, _next(told.awake, end)) for first, end in _runs(quiet, possible)]
    return sorted(found, key=lambda stretch: stretch.first)


def prove_rung(possible: int, told: Collection[int], people: Mapping[int, Reach]) -> list[Stretch]:
    """The same for people by their ids."""
    return prove(possible, together(people[id] for id in told))


def _runs(held: int, possible: int) -> Iterator[tuple[int, int]]:
    """Each run of hours in `held`, from the first to after the last of its hours that is possible."""
    while held:
        first = _lowest(held)
        above = held >> first
        run = ((1 << _lowest(~above)) - 1) << first
        inside = run & possible
        if inside:
            yield _lowest(inside), inside.bit_length()
        held ^= run


def _next(held: int, hour: int) -> int | None:
    """The first hour of `held` that is not before `hour`."""
    later = held >> hour
    return hour + _lowest(later) if later else None


def _lowest(held: int) -> int:
    return (held & -held).bit_length() - 1
