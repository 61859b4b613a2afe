"""The outbox: an event that tells somebody is put on its way in the same transaction that records it."""

from handoffs.delivery.audience import TELLING
from handoffs.ledger.models import Event
from handoffs.queue import enqueue as put_into_queue

DELIVER = "handoffs.jobs.deliver"


def enqueue(event: Event) -> None:
    """Queues the delivery of `event`; nothing is queued when the transaction rolls back."""
    if event.verb in TELLING:
        put_into_queue(DELIVER, event.organization_id, event.id)
