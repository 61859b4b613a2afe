"""The queue: rows of a table, taken one at a time by whoever is free, in the database's time.

The library's own broker goes by each server's clock (a task queued by a server whose clock is ahead would wait until
the others' clocks get there), takes in no particular order, and does not count how often a task was begun: one that
kills its process would be begun for ever.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.signing import BadSignature, SignedPackage
from django_q.utils import get_func_repr

PAUSE_SECONDS = 10  # after the first failure; twice as long after each further one
DIED = "Whatever began this never came to its end, each time: its process died or was cut off."

_PUT = "INSERT INTO django_q_ormq (key, payload, lock) VALUES (%s, %s, now()) RETURNING id"
# A task that nobody has begun may be taken from the moment it was queued, one that was begun when its time is over.
# Materialized: a planner that joins by nested loop runs a subquery once for each row, and would take them all.
_TAKE = """
WITH next AS MATERIALIZED (
    SELECT id FROM django_q_ormq
     WHERE key = %s AND lock <= clock_timestamp()
     ORDER BY lock, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE django_q_ormq AS task
   SET lock = clock_timestamp() + make_interval(secs => %s), taken = task.taken + 1
  FROM next
 WHERE task.id = next.id
RETURNING task.id, task.payload, task.taken
"""
_LATER = "UPDATE django_q_ormq SET lock = clock_timestamp() + make_interval(secs => %s) WHERE id = %s"


class Broker(ORM):  # type: ignore[misc]
    """What django-q2 enqueues with, and what our processes take tasks from."""

    def enqueue(self, task: str) -> int:
        """One more row, in the transaction of the caller."""
        self.get_connection()
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [self.list_key, task])
            return int(cursor.fetchone()[0])

    def take(self, lanes: Sequence[str]) -> dict[str, Any] | None:
        """The next task of the first lane that has one; None when there is nothing to do."""
        self.get_connection()
        for lane in lanes:
            while (row := _next(lane)) is not None:
                id, payload, taken = row
                try:
                    task: dict[str, Any] = SignedPackage.loads(payload)
                except (BadSignature, TypeError):
                    OrmQ.objects.filter(id=id).delete()  # signed with a key that is ours no longer
                    continue
                task |= {"ack_id": id, "taken": taken, "cluster": Conf.CLUSTER_NAME}
                if taken <= Conf.MAX_ATTEMPTS:
                    return task
                _give_up({**task, "result": DIED, "taken": taken - 1})
        return None

    def finish(self, task: Mapping[str, Any]) -> None:
        """Done: the row goes, and with it what failed before."""
        self.get_connection()
        OrmQ.objects.filter(id=task["ack_id"]).delete()
        if task["taken"] > 1:
            Task.objects.filter(id=task["id"], success=False).delete()

    def fail(self, task: Mapping[str, Any]) -> None:
        """Not done: it is begun again after a pause, or given up after the last attempt."""
        self.get_connection()
        if task["taken"] >= Conf.MAX_ATTEMPTS:
            _give_up(task)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            _write_failure(task)
            cursor.execute(_LATER, [PAUSE_SECONDS * 2 ** (task["taken"] - 1), task["ack_id"]])


def _next(lane: str) -> tuple[int, str, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [lane, Conf.RETRY])
        row: tuple[int, str, int] | None = cursor.fetchone()
        return row


def _give_up(task: Mapping[str, Any]) -> None:
    with transaction.atomic():
        _write_failure(task)
        OrmQ.objects.filter(id=task["ack_id"]).delete()


def _write_failure(task: Mapping[str, Any]) -> None:
    known = {name: task.get(name) for name in ("name", "group", "cluster", "args", "kwargs", "started", "result")}
    stopped = task.get("stopped") or task["started"]
    facts = {"func": get_func_repr(task["func"]), "attempt_count": task["taken"], "success": False, "stopped": stopped}
    Task.objects.update_or_create(id=task["id"], defaults={**known, **facts})


def wait() -> None:
    """Between two looks into an empty queue."""
    time.sleep(Conf.POLL)
