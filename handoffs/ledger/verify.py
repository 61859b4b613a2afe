"""Proof that the ledger is whole: every chain unbroken, every head as the handoff remembers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from handoffs.ledger.models import Event


@dataclass(frozen=True)
class Fault:
    """The first bad row of one handoff's chain and what is wrong with it."""

    handoff_id: int
    seq: int
    what: str


def faults(organization_id: UUID, batch: int = 2000) -> Iterator[Fault]:
    """Yields one fault for each handoff whose chain is broken; streams, so memory does not grow with history."""
    heads = _heads(organization_id)
    seen: set[int] = set()
    current, expected, previous, bad = 0, 1, "", False
    rows = Event.objects.filter(organization_id=organization_id).order_by("handoff_id", "seq").iterator(batch)
    for event in rows:
        if event.handoff_id != current:
            if current and not bad:
                yield from _check_head(current, expected - 1, previous, heads)
            current, expected, previous, bad = event.handoff_id, 1, "", False
            seen.add(current)
        if bad:
            continue
        fault = fault_of(event, expected, previous)
        if fault:
            bad = True
            yield fault
        expected, previous = event.seq + 1, event.digest
    if current and not bad:
        yield from _check_head(current, expected - 1, previous, heads)
    for handoff_id in heads.keys() - seen:
        yield Fault(handoff_id, 0, "all its events are gone")


def fault_of(event: Event, expected: int, previous: str) -> Fault | None:
    """What is wrong with one event that should have this number and follow this digest."""
    if event.seq != expected:
        return Fault(event.handoff_id, expected, f"event {expected} is gone")
    if event.previous_digest != previous:
        return Fault(event.handoff_id, event.seq, "it does not follow the event before it")
    stored = event.digest
    if event.seal(previous) != stored:
        return Fault(event.handoff_id, event.seq, "it was changed after it was written")
    return None


def _check_head(handoff_id: int, seq: int, head: str, heads: dict[int, tuple[int, str]]) -> Iterator[Fault]:
    if heads.get(handoff_id) != (seq, head):
        yield Fault(handoff_id, seq, "the handoff remembers another last event")


def _heads(organization_id: UUID) -> dict[int, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ledger_seq, ledger_head FROM handoffs_handoff WHERE organization_id = %s", [organization_id]
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
