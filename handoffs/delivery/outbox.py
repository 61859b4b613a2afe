"""The outbox: an event that tells somebody is put on its way in the same transaction that records it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from handoffs.delivery.audience import TELLING
from handoffs.ledger.models import Event
from handoffs.queue import enqueue as put_into_queue

DELIVER = "handoffs.jobs.deliver"
_held: ContextVar[list[Event] | None] = ContextVar("handrail_outbox_held", default=None)


def enqueue(event: Event) -> None:
    """Queues the delivery of `event`; nothing is queued when the transaction rolls back."""
    if event.verb not in TELLING:
        return
    held = _held.get()
    if held is None:
        put_into_queue(DELIVER, event.organization_id, event.id)
    else:
        held.append(event)


@contextmanager
def held() -> Iterator[list[Event]]:
    """Events of this block are not queued but listed: the caller delivers them in the same transaction."""
    events: list[Event] = []
    token = _held.set(events)
    try:
        yield events
    finally:
        _held.reset(token)
