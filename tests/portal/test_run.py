"""`manage.py run` as a newcomer meets it: one terminal, a sentence when it cannot, nothing left behind."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from portal.environment import ROOT
from tests.servers import newcomer


@pytest.fixture
def environ() -> Iterator[dict[str, str]]:
    with newcomer() as environ:
        yield environ


def start(environ: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "run"]
    with log.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)


def wait_for(log: Path, *sentences: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not all(sentence in log.read_text() for sentence in sentences):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def test_a_taken_port_is_a_sentence(environ: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environ["PORT"])))
        other.listen()
        command = [sys.executable, "manage.py", "run"]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    port = int(environ["PORT"])
    sentence = f"Port {port} is taken by another program: stop it, or choose another with PORT={port + 1}."
    assert (done.returncode, done.stderr.strip()) == (1, f"CommandError: {sentence}")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_twice_and_stops_with_all_it_started(
    environ: dict[str, str], tmp_path: Path, word: signal.Signals
) -> None:
    for turn in ("first", "second"):
        began = time.monotonic()
        running = start(environ, tmp_path / turn)
        try:
            wait_for(tmp_path / turn, "Handrail is at", "Worker is running", seconds=300 if turn == "first" else 15)
            print(f"{turn} start: {time.monotonic() - began:.1f} s")
            with urlopen(f"http://127.0.0.1:{environ['PORT']}/readyz") as answer:
                assert answer.status == 200
            family = psutil.Process(running.pid).children(recursive=True)
            assert len(family) >= 6  # web and its worker; worker, its guard and those it guards
            running.send_signal(word)
            asked = time.monotonic()
            assert running.wait(15) == 0
            print(f"{turn} stop: {time.monotonic() - asked:.1f} s")
        finally:
            running.kill()
        _, left = psutil.wait_procs(family, timeout=5)
        assert not left
        assert "Traceback" not in (tmp_path / turn).read_text()
