"""The outbox: an event that tells somebody is put on its way in the same transaction that records it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from handoffs.delivery.audience import TELLING
from handoffs.ledger.models import Event
from handoffs.queue import enqueue_all as put_into_queue

DELIVER = "handoffs.jobs.deliver"
_held: ContextVar[list[Event] | None] = ContextVar("handrail_outbox_held", default=None)


def enqueue(event: Event) -> None:
    """Queues the delivery of `event`; nothing is queued when the transaction rolls back."""
    enqueue_all([event])


def enqueue_all(events: Iterable[Event]) -> None:
    """The same for many, by one statement."""
    telling = [event for event in events if event.verb in TELLING]
    held = _held.get()
    if held is not None:
        held.extend(telling)
    elif telling:
        put_into_queue(DELIVER, [(event.organization_id, event.id) for event in telling])


@contextmanager
def held() -> Iterator[list[Event]]:
    """Events of this block are not queued but listed: the caller delivers them in the same transaction."""
    events: list[Event] = []
    token = _held.set(events)
    try:
        yield events
    finally:
        _held.reset(token)
