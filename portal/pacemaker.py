"""The pacemaker: looks every second whether an alarm is due; the cluster's own scheduler wakes every half minute."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
GLANCE_SECONDS = 0.2  # how soon a request to stop is noticed


def keep_pace(tick: Callable[[datetime], object], *, go_on: Callable[[], bool]) -> None:
    """Call `tick` with the time of each beat, as long as `go_on` says so.

    A tick that fails is logged and the next one comes as usual: the alarms of everybody hang on this loop. A tick that
    takes longer than a beat is followed by the next at once, and missed beats are not made up for.
    """
    next_beat = time.monotonic()
    while go_on():
        wait = next_beat - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, GLANCE_SECONDS))
            continue
        next_beat = max(next_beat, time.monotonic() - BEAT_SECONDS) + BEAT_SECONDS
        beat(tick, at=datetime.now(UTC))


def beat(tick: Callable[[datetime], object], *, at: datetime) -> None:
    """One tick that cannot stop the pacemaker."""
    close_old_connections()  # one that broke in the last tick as well
    try:
        tick(at)
    except Exception:
        logger.exception("A tick failed; the next one follows.")
