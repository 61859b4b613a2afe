"""`manage.py worker` from outside: it works, it stops soon, and what it broke off is not lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from portal.environment import ROOT
from tests.servers import newcomer

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

DONE = """
select coalesce((select last_value from django_q_ormq_id_seq where is_called), 0) - (select count(*) from django_q_ormq)
"""
ENQUEUE = "from django_q.tasks import async_task; async_task({call})"


@pytest.fixture
def environ() -> Iterator[dict[str, str]]:
    with newcomer() as environ:
        manage(environ, "migrate", "--verbosity=0")
        yield environ


def manage(environ: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environ, check=True)


@contextmanager
def worker(environ: dict[str, str], log: Path, grace: float) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "manage.py", "worker", f"--grace={grace}"]
    with log.open("wb") as out:
        running = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: "Worker is running" in log.read_text())
        yield running
    finally:
        for process in psutil.Process(running.pid).children(recursive=True) if running.poll() is None else []:
            process.kill()
        running.kill()
        running.wait()


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def count(environ: dict[str, str], query: str) -> int:
    host = f"{environ['HANDRAIL_DATA']}/postgres"
    with psycopg.connect(host=host, port=5432, user="handrail", dbname="handrail") as connection:
        row = connection.execute(query).fetchone()
    assert row
    return int(row[0])


def test_it_does_what_is_queued_and_stops_at_once_when_idle(environ: dict[str, str], tmp_path: Path) -> None:
    with worker(environ, tmp_path / "log", grace=10) as running:
        manage(environ, "shell", "--no-imports", "-c", ENQUEUE.format(call="'math.sqrt', 16"))
        wait_until(lambda: count(environ, DONE) == 1)
        family = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGTERM)
        assert running.wait(11) == 0
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert "ERROR" not in (tmp_path / "log").read_text()


def test_what_is_broken_off_stays_in_the_queue(environ: dict[str, str], tmp_path: Path) -> None:
    with worker(environ, tmp_path / "log", grace=1) as running:
        manage(environ, "shell", "--no-imports", "-c", ENQUEUE.format(call="'time.sleep', 50"))
        wait_until(lambda: count(environ, "select count(*) from django_q_ormq where lock > now()") == 1)
        time.sleep(0.5)  # from taken to running
        family = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGINT)
        assert running.wait(6) == 0
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert count(environ, "select count(*) from django_q_ormq") == 1


def test_without_its_cluster_it_says_so_and_ends(environ: dict[str, str], tmp_path: Path) -> None:
    with worker(environ, tmp_path / "log", grace=1) as running:
        family = psutil.Process(running.pid).children(recursive=True)
        psutil.Process(running.pid).children()[0].kill()
        assert running.wait(10) == 1
    assert len(family) == 4  # the sentinel and three that work
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert "start the worker again" in (tmp_path / "log").read_text()
