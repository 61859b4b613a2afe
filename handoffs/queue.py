"""What is put into the queue: a job, the organization it is for, and which lane it waits in."""

from collections.abc import Mapping
from uuid import UUID

from django_q.tasks import async_task

# Some processes of the worker take from the urgent lane alone, so that no alarm waits for a mail server.
URGENT, MESSAGES = "handrail", "messages"
LANES = (URGENT, MESSAGES)
SEND = "handoffs.jobs.send"
LANE_OF: Mapping[str, str] = {SEND: MESSAGES}


def enqueue(job: str, organization_id: UUID, *args: int) -> None:
    """Queues `job` in the caller's transaction; its group is the organization, by which a failed one is found."""
    async_task(job, str(organization_id), *args, group=str(organization_id), cluster=LANE_OF.get(job, URGENT))
