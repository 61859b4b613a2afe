"""The worker's side of a test: what was queued is run for real, with no organization in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django_q.models import OrmQ
from django_q.signing import SignedPackage

from tenants.scope import InForce, _enforce


@contextmanager
def nowhere() -> Iterator[None]:
    """Takes the organization away, as it is where a worker starts a job."""
    with _enforce(InForce()):
        yield


def queued() -> list[tuple[str, tuple[Any, ...]]]:
    """The waiting tasks, oldest first: (job, arguments)."""
    tasks = [SignedPackage.loads(row.payload) for row in OrmQ.objects.order_by("id")]
    return [(task["func"].rpartition(".")[2], task["args"]) for task in tasks]


def work_off(most: int = 200) -> list[str]:
    """Runs what is queued, and what that queues, until nothing is; the names of the jobs in their order."""
    ran: list[str] = []
    while (row := OrmQ.objects.order_by("id").first()) is not None:
        assert len(ran) < most, f"the queue does not end: {ran[-10:]}"
        task = SignedPackage.loads(row.payload)
        row.delete()
        module, _, name = task["func"].rpartition(".")
        with nowhere():
            getattr(import_module(module), name)(*task["args"], **task["kwargs"])
        ran.append(name)
    return ran
