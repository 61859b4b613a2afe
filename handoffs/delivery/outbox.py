"""The outbox: an event that tells somebody is put on its way in the same transaction that records it."""

from django_q.tasks import async_task

from handoffs.delivery.audience import TELLING
from handoffs.ledger.models import Event

DELIVER = "handoffs.jobs.deliver"


def enqueue(event: Event) -> None:
    """Queues the delivery of `event`; nothing is queued when the transaction rolls back."""
    if event.verb in TELLING:
        async_task(DELIVER, str(event.organization_id), event.id)
