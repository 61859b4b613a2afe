"""What is put into the queue: a job, the organization it is for, and which lane it waits in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django_q.humanhash import uuid
from django_q.models import OrmQ
from django_q.signing import SignedPackage

# Some processes of the worker take from the urgent lane alone, so that no alarm waits for a mail server.
URGENT, MESSAGES = "handrail", "messages"
LANES = (URGENT, MESSAGES)
SEND, SEND_DIGEST = "handoffs.jobs.send", "handoffs.jobs.send_digest"
DRAW = "handoffs.jobs.draw_preview"
READ_LOG, BRING_IN_LOG = "handoffs.jobs.read_log", "handoffs.jobs.bring_in_log"
LANE_OF: Mapping[str, str] = dict.fromkeys((SEND, SEND_DIGEST, DRAW, READ_LOG, BRING_IN_LOG), MESSAGES)


def enqueue(job: str, organization_id: UUID | None, *args: Any, lane: str = "") -> None:
    """Queues `job` in the caller's transaction; its group is the organization, by which a failed one is found.

    Without an organization it is for those who run the site. The lane is the job's own unless one is named.
    """
    enqueue_all(job, [(organization_id or "", *args)], lane=lane)


def enqueue_all(job: str, calls: Iterable[tuple[Any, ...]], lane: str = "") -> None:
    """Queues `job` once for each of these arguments, of which the first is the organization; by one statement.

    It waits from now on in the database's time, whatever ours is.
    """
    lane = lane or LANE_OF.get(job, URGENT)
    OrmQ.objects.bulk_create(
        OrmQ(key=lane, payload=SignedPackage.dumps(_task(job, str(organization_id), args)), lock=Now())
        for organization_id, *args in calls
    )


def shares(by_organization: Mapping[UUID, Sequence[int]], size: int) -> Iterator[tuple[Any, ...]]:
    """The arguments of tasks for so many ids each, none of which is for two organizations."""
    for organization_id, ids in by_organization.items():
        for start in range(0, len(ids), size):
            yield (organization_id, *ids[start : start + size])


def _task(job: str, organization_id: str, args: list[Any]) -> dict[str, Any]:
    """What django-q2's `async_task` would put there."""
    name, id = uuid()
    task = {"id": id, "name": name, "func": job, "args": (organization_id, *args), "kwargs": {}}
    return {**task, "group": organization_id, "started": timezone.now()}
