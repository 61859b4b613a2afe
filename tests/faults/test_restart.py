"""PostgreSQL goes away at once and comes back, several times, while alarms come due and people offer work."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from portal.embedded import APPLICATION, PORT, SETTINGS, Server
from tests.faults.firm import Firm, make, wait_until
from tests.faults.programs import RETRY_SECONDS, STARTED, Workers
from tests.servers import own_server, url

IN_TIME = RETRY_SECONDS + 60


@pytest.fixture
def server(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Server]:
    """A server of this test's own, which waits for the disk as in production: what was committed must be there."""
    with django_db_blocker.unblock(), own_server() as quick:
        server = replace(quick, settings={**SETTINGS, "shared_buffers": "32MB"})
        server.start()
        with _used(server):
            call_command("migrate", verbosity=0)
            yield server


@contextmanager
def _used(server: Server) -> Iterator[None]:
    """This process uses that server."""
    former = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "NAME")}
    theirs = {"HOST": server.host, "PORT": str(PORT), "USER": APPLICATION, "NAME": APPLICATION}
    try:
        _use(theirs)
        yield
    finally:
        _use(former)


def _use(where: dict[str, Any]) -> None:
    connection.close()
    for settings_dict in (settings.DATABASES["default"], connection.settings_dict):
        settings_dict.update(where)


def restart_at_once(server: Server) -> None:
    """As if the machine had lost its power."""
    server._run("pg_ctl", "-D", server.lodging.data, "-m", "immediate", "-w", "stop")
    server.start()


def offered(firm: Firm, seconds: float) -> list[int]:
    """Somebody offers work meanwhile; what was acknowledged to them counts."""
    made: list[int] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            made += firm.offer(1, within=timedelta(seconds=1))
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)
    return made


def survive(server: Server, place: Path, alarms: int, restarts: int) -> None:
    dice = random.Random(restarts)
    firm = make("restarted")
    handoffs = firm.offer(alarms, within=timedelta(seconds=2 + alarms / 20))
    with Workers(url(server), place) as workers:
        wait_until(lambda: STARTED in workers.log(), 30, workers.log)
        for _ in range(restarts):
            handoffs += offered(firm, dice.uniform(0.5, 2))
            restart_at_once(server)
            connection.close()
            workers.look_after()
        ended = wait_until(lambda: firm.is_done(handoffs, len(handoffs)), IN_TIME, workers.log)
    firm.check_each_alarm_once(handoffs)
    print(f"{len(handoffs)} alarms, {restarts} restarts, {workers.begun} starts: done {ended:.1f} s after the last")


@pytest.mark.timeout(180)
def test_alarms_outlive_the_database(server: Server, place: Path) -> None:
    survive(server, place, alarms=20, restarts=2)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_three_hundred_alarms_outlive_five_restarts(server: Server, place: Path) -> None:
    survive(server, place, alarms=300, restarts=5)
