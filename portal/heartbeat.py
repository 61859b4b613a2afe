"""The worker's heartbeat: a row that says it lives, and outlives it."""

import os
import socket
import time
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from django.db.models.functions import Now

from portal.environment import ROOT
from portal.models import Heartbeat

EVERY_SECONDS = 5.0
REMEMBERED = timedelta(hours=1)  # a worker that is gone; the last of all is kept until another one begins


class Heart:
    """The heartbeat of this process: one row, written every few seconds."""

    def __init__(self, sweep: Callable[[datetime], object], processes: Callable[[], int]) -> None:
        self._sweep, self._processes = sweep, processes
        self._host, self._pid = socket.gethostname()[:255], os.getpid()
        self._next = float("-inf")
        self._is_known = False

    def tick(self, at: datetime) -> None:
        """Sweeps, then says that we live; whether the sweep went well can be seen in what is said."""
        went_well = False
        try:
            self._sweep(at)
            went_well = True
        finally:
            if time.monotonic() >= self._next:
                self.beat(went_well)
                self._next = time.monotonic() + EVERY_SECONDS

    def beat(self, went_well: bool) -> None:
        """Writes the row, and makes it first if it is not there."""
        said = {"beat_at": Now(), "processes": self._processes(), **({"swept_at": Now()} if went_well else {})}
        mine = Heartbeat.objects.filter(host=self._host, pid=self._pid)
        if self._is_known and mine.update(**said):
            return
        Heartbeat.objects.filter(beat_at__lt=Now() - REMEMBERED).delete()
        first = {**said, "swept_at": said.get("swept_at"), "started_at": Now(), "version": version()}
        Heartbeat.objects.update_or_create(host=self._host, pid=self._pid, defaults=first)
        self._is_known = True


@cache
def version() -> str:
    """The version of this code."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
