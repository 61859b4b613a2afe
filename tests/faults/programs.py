"""Workers as an operator runs them: started, killed in every way, and started again by whatever looks after them."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from portal.environment import ROOT

TASK_SECONDS = 6
RETRY_SECONDS = 12  # what follows from it: see Q_CLUSTER
STARTED = "Worker is running"


@dataclass
class Workers:
    """So many workers on one database. `look_after` starts those anew that ended, as a service manager would."""

    url: str
    place: Path
    count: int = 1
    environ: dict[str, str] = field(default_factory=dict)
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    begun: int = 0

    def __enter__(self) -> "Workers":
        self.look_after()
        return self

    def __exit__(self, *_: Any) -> None:
        for process in self.family():
            _kill(process)
        for worker in self.running:
            worker.kill()
            worker.wait()

    def look_after(self) -> None:
        """Starts what is missing."""
        self.running = [worker for worker in self.running if worker.poll() is None]
        while len(self.running) < self.count:
            self.running.append(self._start())

    def family(self) -> list[psutil.Process]:
        """Every process of every worker, parents first."""
        found = []
        for worker in self.running:
            try:
                parent = psutil.Process(worker.pid)
                found += [parent, *parent.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
        return found

    def kill_one(self, dice: random.Random) -> str:
        """kill -9 to one process, whichever: a worker process, the sentinel, the pacemaker."""
        family = self.family()
        if not family:
            return "nobody"
        victim = dice.choice(family)
        _kill(victim)
        return "parent" if victim.pid in {worker.pid for worker in self.running} else "child"

    def kill_all(self) -> None:
        """kill -9 to everything at once."""
        for process in self.family():
            _kill(process)

    def log(self) -> str:
        """What all of them said."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.place.glob("worker-*.log")))

    def _start(self) -> "subprocess.Popen[bytes]":
        self.begun += 1
        environ = {
            **os.environ,
            "DATABASE_URL": self.url,
            "HANDRAIL_DATA": str(self.place),
            "HANDRAIL_TASK_SECONDS": str(TASK_SECONDS),
            **self.environ,
        }
        command = [sys.executable, "manage.py", "worker", "--grace=3"]
        with (self.place / f"worker-{self.begun:03}.log").open("wb") as log:
            return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT)


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)
