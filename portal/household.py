"""Several programs in one terminal: started together, told apart by a prefix, stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread
from typing import TextIO

GLANCE_SECONDS = 0.1


@dataclass
class Program:
    """A child process in a group of its own, so that Ctrl-C reaches us first and all its children can be ended."""

    name: str
    process: subprocess.Popen[str]
    echo: Thread

    def ask_to_stop(self) -> None:
        """Ask it to finish what it is doing."""
        if self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """End whatever is left of its group, children of a dead parent included."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Household:
    """Programs that live and stop together."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.programs: list[Program] = []
        self.stopping = 0  # how often we were asked to
        self._line = Lock()

    def start(self, name: str, command: Sequence[str], **environ: str) -> None:
        """Start a program whose lines appear behind its name."""
        process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        echo = Thread(target=self._echo, args=(name, process), daemon=True)
        echo.start()
        self.programs.append(Program(name, process, echo))

    def say(self, line: str) -> None:
        """One whole line, whoever else is writing; none once the terminal is gone, so that all can still be stopped."""
        with self._line, suppress(OSError):
            print(line, file=self.out, flush=True)

    def catch_signals(self) -> None:
        """From now on Ctrl-C, a closed terminal and a plain kill all mean: stop everything."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._asked_to_stop)

    def watch(self) -> Program | None:
        """Wait until we are asked to stop (None) or a program ends by itself (that program)."""
        while not self.stopping:
            for program in self.programs:
                if program.process.poll() is not None:
                    return program
            time.sleep(GLANCE_SECONDS)
        return None

    def stop(self, grace: float) -> None:
        """Ask all to stop, give them `grace` seconds (a second Ctrl-C gives none), and end what is left."""
        for program in self.programs:
            program.ask_to_stop()
        asked, until = self.stopping, time.monotonic() + grace
        while time.monotonic() < until and self.stopping <= max(asked, 1):
            if all(program.process.poll() is not None for program in self.programs):
                break
            time.sleep(GLANCE_SECONDS)
        for program in self.programs:
            program.end()
        for program in self.programs:
            program.echo.join(timeout=1)

    def _asked_to_stop(self, *_: object) -> None:
        self.stopping += 1

    def _echo(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        with process.stdout as lines:
            for line in lines:
                self.say(f"{name:<6} | {line.rstrip()}")
