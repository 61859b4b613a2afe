"""From the due instant to the notice: a thousand clocks are due in one second, and a real worker is there."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
from django.db import connection

from portal.environment import ROOT
from tests.benchmarks.measure import Times
from tests.handoffs.apart import url_of

CLOCKS = 1_000
AHEAD = timedelta(seconds=5)  # time for the worker to be there before
GLANCE_SECONDS = 0.02
MOST_SECONDS = 120

# The history was made in bulk and told to nobody; the worker would take it for lost and begin with it.
_TOLD = """
INSERT INTO handoffs_delivery (organization_id, event_id, delivered_at)
SELECT organization_id, id, recorded_at FROM handoffs_event WHERE recorded_at > now() - interval '20 days'
    ON CONFLICT DO NOTHING
"""
# Offers that are open, else work that was begun: half of them in the largest organization.
_CHOICE = """
SELECT clock.id FROM handoffs_clock AS clock JOIN handoffs_handoff AS handoff ON handoff.id = clock.handoff_id
 WHERE clock.stopped_at IS NULL AND (clock.kind, handoff.state) IN (('accept', 'offered'), ('complete', 'started'))
   AND handoff.case_id IS NULL AND (clock.organization_id = %s) = %s
 ORDER BY clock.kind, md5(clock.id::text) LIMIT %s
"""
_DUE = """
UPDATE handoffs_clock SET rungs_fired = 0, next_alarm_at = %s,
       rung_ats = ARRAY[%s, now() + interval '60 days', now() + interval '61 days']
 WHERE id = ANY(%s)
"""


def due_to_notice(superuser: psycopg.Connection, organization_id: object) -> Times:
    """Milliseconds from the instant at which the clocks were due until each alarm's notices could be read."""
    superuser.execute(_TOLD)
    superuser.execute("TRUNCATE handoffs_alarm")
    superuser.execute("TRUNCATE django_q_ormq")
    superuser.execute("ANALYZE")
    with _worker():
        clocks = [
            row[0]
            for mine in (True, False)
            for row in superuser.execute(_CHOICE, [organization_id, mine, CLOCKS // 2]).fetchall()
        ]
        last = superuser.execute("SELECT max(id) FROM handoffs_event").fetchone()
        due_at = datetime.now(UTC).replace(microsecond=0) + AHEAD
        superuser.execute(_DUE, [due_at, due_at, clocks])
        return Times(tuple(_arrivals(superuser, due_at, last[0], len(clocks))))


def _arrivals(superuser: psycopg.Connection, due_at: datetime, last: int, count: int) -> Iterator[float]:
    """When each was first seen by somebody who looks all the time; what is not committed cannot be seen."""
    seen, until = 0, time.monotonic() + MOST_SECONDS
    while seen < count:
        assert time.monotonic() < until, f"only {seen} of {count} alarms were told"
        time.sleep(GLANCE_SECONDS)
        now_there = min(_noticed(superuser, last), count)
        passed = (datetime.now(UTC) - due_at).total_seconds() * 1000
        yield from [passed] * (now_there - seen)
        seen = now_there


def _noticed(superuser: psycopg.Connection, last: int) -> int:
    """Events of which somebody has a notice; all notices of one are written in the same transaction."""
    row = superuser.execute(
        "SELECT count(DISTINCT event_id) FROM handoffs_notice WHERE event_id > %s", [last]
    ).fetchone()
    return int(row[0])  # type: ignore[index]


@contextmanager
def _worker() -> Iterator[None]:
    """`manage.py worker` as it is started in production, with its mail going into a directory."""
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log"
        environ = {**os.environ, "DATABASE_URL": url_of(str(connection.settings_dict["NAME"])), "HANDRAIL_DATA": place}
        command = [sys.executable, "manage.py", "worker", "--grace=2"]
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + 60
            while "Worker is running" not in log.read_text():
                assert time.monotonic() < until, log.read_text()
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            yield
        finally:
            family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.terminate()
            _, left = psutil.wait_procs([process, *family], timeout=10)
            for one in left:
                one.kill()
