"""Several programs in one terminal: told apart, stopped together, nothing left behind."""

import io
import os
import signal
import sys
import time

import psutil

from portal.household import Household

# Ignores a polite request, and so does its child.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal, time; print('born', flush=True); time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
DEAD_PARENT = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
"""


def lines_of(household: Household, count: int) -> list[str]:
    assert isinstance(household.out, io.StringIO)
    until = time.monotonic() + 20
    while len(household.out.getvalue().splitlines()) < count and time.monotonic() < until:
        time.sleep(0.02)
    return household.out.getvalue().splitlines()


def is_alive(pid: int, seconds: float = 0) -> bool:
    """Whether the process lives, and still does after so many seconds to die in."""
    until = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() >= until:
            return True
        time.sleep(0.02)
    return False


def test_lines_carry_the_name_of_their_program() -> None:
    household = Household(io.StringIO())
    household.start("web", [sys.executable, "-c", "print('one'); print('two')"])
    assert lines_of(household, 2) == ["web    | one", "web    | two"]
    household.stop(1)


def test_a_program_that_ends_by_itself_is_told() -> None:
    household = Household(io.StringIO())
    household.start("web", [sys.executable, "-c", "import time; time.sleep(60)"])
    household.start("worker", [sys.executable, "-c", "raise SystemExit(3)"])
    dead = household.watch()
    household.stop(2)
    assert dead
    assert (dead.name, dead.process.returncode) == ("worker", 3)
    assert all(program.process.poll() is not None for program in household.programs)


def test_who_does_not_listen_is_ended_with_all_children() -> None:
    household = Household(io.StringIO())
    household.start("worker", [sys.executable, "-c", STUBBORN])
    pids = [int(line.split()[-1]) for line in lines_of(household, 2) if "born" not in line]
    began = time.monotonic()
    household.stop(0.5)
    assert 0.5 <= time.monotonic() - began < 10
    assert not any(is_alive(pid, seconds=5) for pid in [*pids, household.programs[0].process.pid])


def test_children_of_a_dead_program_are_ended_too() -> None:
    household = Household(io.StringIO())
    household.start("web", [sys.executable, "-c", DEAD_PARENT])
    pid = int(lines_of(household, 1)[0].split()[-1])
    assert household.watch() is household.programs[0]
    assert is_alive(pid)
    household.stop(1)
    assert not is_alive(pid, seconds=5)


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, line: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_closed_terminal_leaves_nobody_behind() -> None:
    household = Household(Gone())
    household.start("web", [sys.executable, "-c", "import time\nwhile True: print('x' * 4096); time.sleep(0.01)"])
    time.sleep(0.5)
    assert household.programs[0].echo.is_alive()  # else the program would soon wait for somebody to read it
    household.say("Stopping …")
    household.stop(1)
    assert not is_alive(household.programs[0].process.pid, seconds=5)


def test_ctrl_c_stops_the_watch_and_a_second_one_the_patience() -> None:
    former = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    household = Household(io.StringIO())
    try:
        household.catch_signals()
        household.start("worker", [sys.executable, "-c", STUBBORN])
        lines_of(household, 2)
        os.kill(os.getpid(), signal.SIGINT)
        assert household.watch() is None
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        began = time.monotonic()
        household.stop(grace=30)
        assert time.monotonic() - began < 10
    finally:
        for name, handler in former.items():
            signal.signal(name, handler)
        household.stop(0)
