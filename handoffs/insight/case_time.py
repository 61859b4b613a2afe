"""Conservation of time in a case: each instant of its life lies in exactly one stretch. Plain Python.

Branches run beside each other, so a case is in hands as long as anybody is at any of its steps; it is between hands
while work waits to be taken or answered and nobody is at anything; else it pauses, or nothing of it is under way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from handoffs.insight.split import Phase


class Share(StrEnum):
    """What an instant of a case's life counts as; of several at the same time, the first of these."""

    IN_HANDS = "in_hands"  # somebody accepted a step and is at it
    BETWEEN_HANDS = "between_hands"  # a step waits to be accepted, answered or mended
    ELSEWHERE = "elsewhere"  # in a case that a step launched
    PAUSED = "paused"  # on hold, or a wait of the plan
    IDLE = "idle"  # nothing is under way


OF_PHASE: Mapping[Phase, Share] = {
    Phase.WORKING: Share.IN_HANDS,
    Phase.WAITING: Share.IN_HANDS,
    Phase.OFFERED: Share.BETWEEN_HANDS,
    Phase.QUESTIONED: Share.BETWEEN_HANDS,
    Phase.MENDING: Share.BETWEEN_HANDS,
    Phase.ON_HOLD: Share.PAUSED,
}
_ORDER = {share: place for place, share in enumerate(Share)}


class Side(StrEnum):
    """On whose side it lies."""

    OURS = "ours"
    CLIENT = "client"
    BOTH = "both"
    NOBODY = "nobody"


class Span(NamedTuple):
    """One interval of one step; several may lie beside each other."""

    starts_at: datetime
    ends_at: datetime
    share: Share
    side: Side = Side.NOBODY


class Stretch(NamedTuple):
    """One interval of the case as a whole."""

    starts_at: datetime
    ends_at: datetime
    share: Share
    side: Side

    @property
    def lasted(self) -> timedelta:
        """Raw time: it never pauses."""
        return self.ends_at - self.starts_at


def stretches(spans: Iterable[Span], begins: datetime, ends: datetime) -> list[Stretch]:
    """Every stretch from `begins` to `ends`, in order, without gap or overlap; they add up to the whole."""
    known = [span for span in spans if span.starts_at < span.ends_at]
    inside = (at for span in known for at in (span.starts_at, span.ends_at) if begins < at < ends)
    instants = sorted({begins, ends, *inside}) if begins < ends else []
    found: list[Stretch] = []
    for starts_at, ends_at in pairwise(instants):
        there = [span for span in known if span.starts_at <= starts_at and ends_at <= span.ends_at]
        share = min((span.share for span in there), key=_ORDER.__getitem__, default=Share.IDLE)
        side = _side({span.side for span in there if span.share is share})
        last = found[-1] if found else None
        if last and (last.share, last.side) == (share, side):
            found[-1] = last._replace(ends_at=ends_at)
        else:
            found.append(Stretch(starts_at, ends_at, share, side))
    return found


def sums(found: Sequence[Stretch]) -> dict[tuple[Share, Side], timedelta]:
    """How long each share took on each side, in the order of the shares."""
    totals: defaultdict[tuple[Share, Side], timedelta] = defaultdict(timedelta)
    for stretch in found:
        totals[stretch.share, stretch.side] += stretch.lasted
    return dict(sorted(totals.items(), key=lambda pair: (_ORDER[pair[0][0]], pair[0][1])))


def _side(sides: set[Side]) -> Side:
    sides = sides - {Side.NOBODY}
    return Side.NOBODY if not sides else Side.BOTH if len(sides) > 1 else sides.pop()
