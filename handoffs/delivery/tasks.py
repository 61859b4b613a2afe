"""Putting many tasks into the queue by one statement; the queue's own way takes one for each."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django_q.conf import Conf
from django_q.humanhash import uuid
from django_q.models import OrmQ
from django_q.signing import SignedPackage


def enqueue_all(job: str, calls: Iterable[tuple[Any, ...]]) -> None:
    """Queues `job` once for each of these arguments, in the caller's transaction, just as `async_task` would."""
    now = timezone.now()
    OrmQ.objects.bulk_create(
        OrmQ(key=Conf.CLUSTER_NAME, payload=SignedPackage.dumps(_task(job, arguments, now)), lock=now)
        for arguments in calls
    )


def _task(job: str, arguments: tuple[Any, ...], now: Any) -> dict[str, Any]:
    name, id = uuid()
    task = {"id": id, "name": name, "func": job, "args": arguments, "kwargs": {}, "started": now}
    return task | ({"ack_failure": True} if Conf.ACK_FAILURES else {})
