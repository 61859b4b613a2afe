"""`manage.py status`: whether the site is well, for people and for programs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import DatabaseError

from handoffs.failures import failures
from portal import status
from portal.operators import told
from portal.status import spoken

SHOWN = 20


class Command(BaseCommand):
    """A table and what is wrong; ends with code 1 when something is."""

    help = __doc__
    requires_system_checks: list[Any] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the same for programs")

    def handle(self, *args: object, **options: object) -> None:
        try:
            found = status.look()
            given_up = [] if found.faults else failures()[:SHOWN]
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        if options["json"]:
            tasks = [{"task": one.id, "job": one.job, "at": one.at.isoformat(), "error": one.error} for one in given_up]
            self.stdout.write(json.dumps({**told(found), "failed_tasks": tasks}, indent=2))
        else:
            self._table(found)
            for one in given_up:
                self.stdout.write(f"  failed  {one.at:%Y-%m-%d %H:%M}  {one.job} {one.args}: {one.error}")
            self.stdout.write("\nAll is well." if found.is_well else "\nNot well:")
            for problem in found.problems:
                self.stdout.write(f"  - {problem}")
        if not found.is_well:
            raise SystemExit(1)

    def _table(self, found: status.Status) -> None:
        for worker in found.workers:
            state = "alive" if worker.is_alive else "silent"
            words = f"{worker.processes} processes, version {worker.version}, since {worker.started_at:%Y-%m-%d %H:%M}"
            who = f"worker {worker.pid} on {worker.host}"
            self.stdout.write(f"{who:<48} {state:<7} {spoken(worker.beat_seconds):>10} ago   {words}")
        for reading in found.readings:
            figure = str(reading.count) if reading.seconds is None else spoken(reading.seconds)
            waiting = f"{reading.count} waiting" if reading.seconds is not None and reading.count is not None else ""
            limit = str(reading.limit) if reading.seconds is None else spoken(reading.limit)
            state = "well" if reading.is_well else "NOT WELL"
            self.stdout.write(f"{reading.title:<48} {state:<8} {figure:>9}   at most {limit:<8} {waiting}".rstrip())
