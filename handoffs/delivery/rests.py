"""Which servers did not answer a moment ago: a worker that waited in vain lets them rest before it waits again.

Without it, a mail server that hangs would hold every worker for its time-out with every message, and what does not need
it at all, such as alarms, would wait behind. Each worker process remembers this by itself.
"""

from datetime import datetime, timedelta

SLOW_SECONDS = 3.0  # a failure that comes sooner costs nobody anything
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(minutes=8)
_resting: dict[str, tuple[datetime, timedelta]] = {}


def until(way: str, at: datetime) -> datetime | None:
    """The instant until which this way rests, None when it does not."""
    ends, _ = _resting.get(way, (at, SHORTEST))
    return ends if ends > at else None


def failed(way: str, *, took: float, at: datetime) -> None:
    """A failure that took so many seconds; each slow one doubles the rest."""
    if took < SLOW_SECONDS:
        return
    _, former = _resting.get(way, (at, SHORTEST / 2))
    length = min(former * 2, LONGEST)
    _resting[way] = (at + timedelta(seconds=took) + length, length)


def worked(way: str) -> None:
    """It answers again."""
    _resting.pop(way, None)


def forget() -> None:
    """As in a new process."""
    _resting.clear()
