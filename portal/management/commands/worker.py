"""`manage.py worker`: background work and the pacemaker, until it is told to stop."""

import signal
from argparse import ArgumentParser
from datetime import UTC, datetime

import psutil
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from handoffs import jobs
from portal import database
from portal.background import mortal
from portal.background.cluster import Cluster
from portal.environment import Unfit
from portal.heartbeat import Heart
from portal.pacemaker import beat, keep_pace


class Command(BaseCommand):
    """The cluster runs in child processes of this one; this one beats the time and looks after them."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--grace",
            type=float,
            default=30,
            metavar="SECONDS",
            help="how long running work may take to finish after a stop (default 30); the rest runs again later",
        )

    def handle(self, *args: object, **options: object) -> None:
        try:
            database.insist()
        except Unfit as unfit:
            raise CommandError("\n".join(unfit.problems)) from None
        connections.close_all()  # the cluster forks: a shared connection would mix up its answers
        mortal.adopt_orphans()
        cluster = Cluster()
        cluster.start()
        self.stopping = False
        # After Cluster, which claims these signals and would wait for its children without end.
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        heart = Heart(jobs.tick, lambda: working(cluster))
        beat(heart.tick, at=datetime.now(UTC))  # so that it is known to be there when it says so
        self.stdout.write("Worker is running: background work and alarms.")
        keep_pace(heart.tick, go_on=lambda: not self.stopping and cluster.sentinel.is_alive())
        died = not self.stopping
        end(cluster, grace=float(str(options["grace"])))
        if died:
            raise CommandError("The cluster of the worker died; start the worker again.")

    def _stop(self, *_: object) -> None:
        self.stopping = True


def working(cluster: Cluster) -> int:
    """How many processes work on tasks; one that is dead and not replaced yet does not count."""
    try:
        family = psutil.Process(cluster.sentinel.pid).children()
        return sum(process.status() != psutil.STATUS_ZOMBIE for process in family)
    except psutil.NoSuchProcess:
        return 0


def end(cluster: Cluster, *, grace: float) -> None:
    """Let the cluster finish for `grace` seconds, then end what is left; a task broken off runs again later."""
    family = psutil.Process().children(recursive=True)
    if cluster.sentinel.is_alive():  # telling a dead one would wait for its answer for ever
        cluster.stop_event.set()
        cluster.sentinel.join(grace)
    _, left = psutil.wait_procs(family, timeout=0.2)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=2)
