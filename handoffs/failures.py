"""Tasks that failed: what they were to do, in words, when, and why. They stay to be seen until they are run again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django_q.models import Task

from handoffs.ledger.sentences import sentence
from handoffs.models import Alarm, Event, Handoff, Message
from handoffs.queue import DRAW, SEND, SEND_DIGEST

MOST = 200
WORDS: Mapping[str, str] = {
    "handoffs.jobs.deliver": "Tell people what happened",
    "handoffs.jobs.raise_alarms": "Write an alarm down and tell people",
    SEND: "Send a message",
    "handoffs.jobs.resume_held": "Resume what was on hold",
    "handoffs.jobs.offer_planned": "Offer what waited for its receiver to open",
    "handoffs.jobs.gather_digest": "Gather a digest",
    SEND_DIGEST: "Send a digest",
    "handoffs.jobs.look_after": "Find what rests with somebody who cannot act",
    "handoffs.jobs.relieve": "Move work to somebody who can act",
    "handoffs.jobs.lay_out": "Find what is due by hours that have changed",
    "handoffs.jobs.recompute_due": "Work out anew when something is due",
    "handoffs.jobs.prove_ladders": "Prove that every ladder ends at a person",
    "handoffs.jobs.keep_figures": "Keep the figures of insight in step",
    DRAW: "Draw the first page of a document",
}


@dataclass(frozen=True)
class Failure:
    """One task that failed; `is_over` when nobody tries it any more by itself."""

    id: str
    job: str
    args: tuple[Any, ...]
    at: datetime
    attempts: int
    error: str
    about: str = ""

    @property
    def words(self) -> str:
        """What it was to do."""
        return WORDS.get(self.job, self.job)

    @property
    def is_over(self) -> bool:
        """Whether it was given up."""
        most: Any = settings.Q_CLUSTER["max_attempts"]
        return self.attempts >= int(most)


def failures(organization_id: UUID | None = None) -> list[Failure]:
    """The newest, each subject once; of one organization, or of all. What they are about is told only in its scope."""
    rows = Task.objects.filter(success=False)
    if organization_id is not None:
        rows = rows.filter(group=str(organization_id))
    found: dict[tuple[str, str], Failure] = {}
    for row in rows.order_by("-stopped")[:MOST]:
        one = _failure(row)
        found.setdefault((one.job, repr(one.args)), one)
    return list(found.values())


def failure(organization_id: UUID, id: str) -> Failure | None:
    """One of this organization's."""
    row = Task.objects.filter(success=False, group=str(organization_id), id=id).first()
    return _failure(row) if row else None


def told(organization_id: UUID, found: Sequence[Failure]) -> list[Failure]:
    """The same, each with what it is about, in words; a handful of statements however many there are."""
    abouts = dict(_abouts(organization_id, found))
    return [replace(one, about=abouts.get(one.id, "")) for one in found]


def _failure(row: Task) -> Failure:
    lines = str(row.result or "").split(" : Traceback")[0].strip().splitlines() or ["It did not say why."]
    return Failure(row.id, row.func, tuple(row.args or ()), row.stopped, row.attempt_count, lines[0][:300])


def _abouts(organization_id: UUID, found: Iterable[Failure]) -> Iterator[tuple[str, str]]:
    for job, read in _READ.items():
        ids = {one.id: one.args[1] for one in found if one.job == job and len(one.args) > 1}
        known = read(organization_id, set(ids.values())) if ids else {}
        yield from ((id, known[subject]) for id, subject in ids.items() if subject in known)


def _events(organization_id: UUID, ids: set[int]) -> dict[int, str]:
    rows = Event.objects.filter(organization_id=organization_id, id__in=ids).select_related("by", "handoff")
    return {row.id: f"{row.handoff.reference}: {sentence(row)}" for row in rows}


def _alarms(organization_id: UUID, ids: set[int]) -> dict[int, str]:
    rows = Alarm.objects.filter(organization_id=organization_id, id__in=ids).select_related("handoff")
    return {row.id: str(row.handoff) for row in rows}


def _messages(organization_id: UUID, ids: set[int]) -> dict[int, str]:
    rows = Message.objects.filter(organization_id=organization_id, id__in=ids).select_related(
        "event__handoff", "member", "room"
    )
    return {row.id: f"{row.event.handoff.reference}, to {row.member or row.room}" for row in rows}


def _handoffs(organization_id: UUID, ids: set[int]) -> dict[int, str]:
    return {row.id: str(row) for row in Handoff.objects.filter(organization_id=organization_id, id__in=ids)}


# By the second argument of the job, where one thing is meant by it.
_READ: Mapping[str, Callable[[UUID, set[int]], dict[int, str]]] = {
    "handoffs.jobs.deliver": _events,
    "handoffs.jobs.raise_alarms": _alarms,
    SEND: _messages,
    "handoffs.jobs.resume_held": _handoffs,
    "handoffs.jobs.offer_planned": _handoffs,
    "handoffs.jobs.relieve": _handoffs,
}
