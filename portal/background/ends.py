"""The two ends that django-q2's loop of a worker process sees, both of them in the database.

The library puts pipes between its processes, guarded by locks that processes share. A process that is killed while it
holds one (and an idle worker holds one all the time) leaves it locked, and the whole cluster stands still for ever,
looking alive. Here nothing is shared but the database and two numbers that need no lock.
"""

import logging
import time
from collections.abc import Sequence
from multiprocessing.sharedctypes import RawValue
from multiprocessing.sharedctypes import Value as LockedValue
from types import TracebackType
from typing import Any

from django.db import Error, close_old_connections, connection

from portal.background import mortal
from portal.background.broker import Broker, wait

logger = logging.getLogger(__name__)

BROKEN_SECONDS = 1  # between two looks while the database does not answer


class Closing:
    """Whether the cluster is to end: a flag that all its processes see."""

    def __init__(self) -> None:
        self._flag = RawValue("b", 0)

    def close(self) -> None:
        """From now on no task is begun."""
        self._flag.value = 1

    def __bool__(self) -> bool:
        return bool(self._flag.value)


class End:
    """What the library asks of a pipe and a table has no answer for."""

    def close(self) -> None:
        """There is nothing to close."""

    join_thread = close

    def empty(self) -> bool:
        """For the library's own statistics, which nobody reads."""
        return True

    def qsize(self) -> int:
        """As above."""
        return 0


class Incoming(End):
    """Where a worker process gets its next task: `get` waits for one, and says STOP when the cluster is to end."""

    def __init__(self, closing: Closing, lanes: Sequence[str]) -> None:
        self.closing, self.lanes = closing, lanes
        self._is_new = True

    def get(self) -> Any:
        """The next task. A database that is away is waited for."""
        if self._is_new:
            self._is_new = False
            mortal.die_with_parent()
        broker = Broker()
        while not self.closing:
            try:
                task = broker.take(self.lanes)
            except Error:
                logger.exception("The queue cannot be reached; the next look follows.")
                connection.close()
                time.sleep(BROKEN_SECONDS)
                continue
            if task is not None:
                return task
            wait()
        return "STOP"

    def put(self, pill: str) -> None:
        """The library's way to stop a worker; ours is `closing`."""


class Outcome(End):
    """Where a worker process leaves what came of its task: written by the process itself."""

    def put(self, outcome: Any) -> None:
        """Done or failed. What cannot be written is run again when its time is over."""
        if outcome == "STOP":
            return
        try:
            broker = Broker()
            if outcome["success"]:
                broker.finish(outcome)
            else:
                logger.error("Attempt %s of %s failed: %s", outcome["taken"], outcome["func"], outcome["result"])
                broker.fail(outcome)
        except Error:
            logger.exception("What came of %s could not be written; it runs again later.", outcome["func"])
            close_old_connections()


class Timer:
    """How long a worker may still take, counted down by the sentinel, under a lock that outlives who holds it."""

    def __init__(self) -> None:
        self._seconds = LockedValue("f", -1)

    @property
    def value(self) -> float:
        """Seconds left; -1: idle, -2: it ended to be replaced, 0: time is over."""
        return float(self._seconds.get_obj().value)

    @value.setter
    def value(self, seconds: float) -> None:
        self._seconds.get_obj().value = seconds

    def get_lock(self) -> "PatientLock":
        """The lock, waited for a second at most: a killed process never gives it back."""
        return PatientLock(self._seconds.get_lock())


class PatientLock:
    """A lock as a context manager that goes on without it when it is not to be had."""

    def __init__(self, lock: Any) -> None:
        self._lock, self._is_held = lock, False

    def __enter__(self) -> None:
        self._is_held = self._lock.acquire(timeout=1)

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._is_held:
            self._lock.release()
