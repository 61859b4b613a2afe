"""Proof that a ledger is whole: every chain unbroken, every head as its subject remembers it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from handoffs.ledger.models import Event


@dataclass(frozen=True)
class Fault:
    """The first bad row of the chain of one subject, a handoff or a case, and what is wrong with it."""

    handoff_id: int
    seq: int
    what: str


def faults(organization_id: UUID, batch: int = 2000) -> Iterator[Fault]:
    """Yields one fault for each handoff whose chain is broken; streams, so memory does not grow with history."""
    rows = Event.objects.filter(organization_id=organization_id).order_by("handoff_id", "seq").iterator(batch)
    heads = heads_of("handoffs_handoff", organization_id)
    yield from broken(((event.handoff_id, event) for event in rows), heads, "handoff")


def broken(rows: Iterator[tuple[int, Any]], heads: Mapping[int, tuple[int, str]], subject: str) -> Iterator[Fault]:
    """One fault for each chain that is broken. `rows` are (key of the subject, event) by subject and number.

    `heads` are what each subject remembers as its last event: number and digest.
    """
    seen: set[int] = set()
    current, expected, previous, bad = 0, 1, "", False
    for key, event in rows:
        if key != current:
            if current and not bad:
                yield from _check_head(current, expected - 1, previous, heads, subject)
            current, expected, previous, bad = key, 1, "", False
            seen.add(current)
        if bad:
            continue
        fault = _fault(key, event, expected, previous)
        if fault:
            bad = True
            yield fault
        expected, previous = event.seq + 1, event.digest
    if current and not bad:
        yield from _check_head(current, expected - 1, previous, heads, subject)
    for key in heads.keys() - seen:
        yield Fault(key, 0, "all its events are gone")


def _fault(key: int, event: Any, expected: int, previous: str) -> Fault | None:
    if event.seq != expected:
        return Fault(key, expected, f"event {expected} is gone")
    if event.previous_digest != previous:
        return Fault(key, event.seq, "it does not follow the event before it")
    stored = event.digest
    if event.seal(previous) != stored:
        return Fault(key, event.seq, "it was changed after it was written")
    return None


def _check_head(key: int, seq: int, head: str, heads: Mapping[int, tuple[int, str]], subject: str) -> Iterator[Fault]:
    if heads.get(key) != (seq, head):
        yield Fault(key, seq, f"the {subject} remembers another last event")


def heads_of(table: str, organization_id: UUID) -> dict[int, tuple[int, str]]:
    """By key: what each row of a table remembers as its last event."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, ledger_seq, ledger_head FROM {table} WHERE organization_id = %s", [organization_id])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
