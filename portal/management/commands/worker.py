"""`manage.py worker`: background work and the pacemaker, until it is told to stop."""

import ctypes
import signal
import sys
from argparse import ArgumentParser

import psutil
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django_q.cluster import Cluster

from handoffs import jobs
from portal import database
from portal.environment import Unfit
from portal.pacemaker import keep_pace

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


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
        adopt_orphans()
        cluster = Cluster()
        cluster.start()
        self.stopping = False
        # After Cluster, which claims these signals and would wait for its children without end.
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        self.stdout.write("Worker is running: background work and alarms.")
        keep_pace(jobs.tick, go_on=lambda: not self.stopping and cluster.sentinel.is_alive())
        died = not self.stopping
        end(cluster, grace=float(str(options["grace"])))
        if died:
            raise CommandError("The cluster of the worker died; start the worker again.")

    def _stop(self, *_: object) -> None:
        self.stopping = True


def adopt_orphans() -> None:
    """Children of a child that dies become ours (on Linux), so that we can end them: nobody else would."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


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
