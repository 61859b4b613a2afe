"""The outbox: an event that tells somebody is put on its way in the same transaction that records it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from handoffs.delivery.audience import TELLING
from handoffs.ledger.models import Event
from handoffs.queue import enqueue_all as put_into_queue
from handoffs.queue import shares

DELIVER = "handoffs.jobs.deliver"
SHARE = 25  # events told by one task, whose handoffs are locked for that time
_held: ContextVar[list[Event] | None] = ContextVar("handrail_outbox_held", default=None)


def enqueue(event: Event) -> None:
    """Queues the delivery of `event`; nothing is queued when the transaction rolls back."""
    enqueue_all([event])


def enqueue_all(events: Iterable[Event]) -> None:
    """The same for many, with a task for each handful of one organization."""
    telling = [event for event in events if event.verb in TELLING]
    held = _held.get()
    if held is not None:
        held.extend(telling)
        return
    by_organization: dict[UUID, list[int]] = {}
    for event in telling:
        by_organization.setdefault(event.organization_id, []).append(event.id)
    put_into_queue(DELIVER, shares(by_organization, SHARE))


@contextmanager
def held() -> Iterator[list[Event]]:
    """Events of this block are not queued but listed: the caller delivers them in the same transaction."""
    events: list[Event] = []
    token = _held.set(events)
    try:
        yield events
    finally:
        _held.reset(token)


@contextmanager
def watched() -> Iterator[list[Event]]:
    """Events of this block are listed, and queued all the same when it ends."""
    with held() as events:
        yield events
    enqueue_all(events)
