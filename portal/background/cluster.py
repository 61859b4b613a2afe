"""The cluster: a sentinel and the worker processes that it replaces when they die.

From django-q2 come the tasks, the loop of a worker process with its time limit, and the sentinel that guards them;
left out are its pipes and the two processes at their ends (see `ends`).
"""

import gc
import time
import uuid
from multiprocessing import Event
from typing import Any

from django_q import cluster
from django_q.worker import worker

from handoffs.queue import LANES, URGENT
from portal.background import mortal
from portal.background.ends import Closing, Incoming, Outcome, Timer


class Absent:
    """Stands where the library would have a pusher and a monitor."""

    pid = 0

    def __init__(self, closing: Closing) -> None:
        self.closing = closing

    def is_alive(self) -> bool:
        """Never dies before the cluster is to end."""
        return not self.closing


class Sentinel(cluster.Sentinel):  # type: ignore[misc]
    """Keeps its worker processes alive; the first of them takes nothing that may wait for a server elsewhere."""

    def __init__(self, *args: Any, **options: Any) -> None:
        mortal.die_with_parent()
        self.closing = Closing()
        super().__init__(*args, **options)

    def start(self) -> None:
        """Starts the processes and guards them until the end."""
        self.task_queue, self.result_queue = Incoming(self.closing, ()), Outcome()
        gc.freeze()  # what is loaded by now stays, and need not be looked through in every process
        super().start()

    def spawn_worker(self) -> None:
        """One more; the quick lane is never without a process of its own."""
        is_quick = not any(process.is_quick for process in self.pool)
        incoming = Incoming(self.closing, (URGENT,) if is_quick else LANES)
        process = self.spawn_process(worker, incoming, self.result_queue, Timer(), self.timeout)
        process.is_quick = is_quick

    def spawn_pusher(self) -> Absent:
        """Worker processes take their tasks themselves."""
        return Absent(self.closing)

    def spawn_monitor(self) -> Absent:
        """Worker processes write down themselves what came of a task."""
        return Absent(self.closing)

    def stop(self) -> None:
        """Lets each worker finish its task."""
        self.closing.close()
        super().stop()


class Cluster(cluster.Cluster):  # type: ignore[misc]
    """The sentinel as a child process of this one."""

    def start(self) -> int:
        """Starts it and waits until it guards its workers; RuntimeError when it dies before that."""
        self.stop_event, self.start_event = Event(), Event()
        context = cluster.get_mp_context()
        self.sentinel = context.Process(
            target=Sentinel,
            name=f"Process-{uuid.uuid4().hex}",
            args=(self.stop_event, self.start_event, self.cluster_id, self.broker, self.timeout),
        )
        self.sentinel.start()
        while not self.start_event.is_set():
            if not self.sentinel.is_alive():
                raise RuntimeError(f"The sentinel ended with code {self.sentinel.exitcode} before it began.")
            time.sleep(0.05)
        return int(self.pid)
