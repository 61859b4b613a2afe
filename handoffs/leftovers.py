"""What the queue lost or a job could not do: found by its own rows, and put back into the queue.

The queue keeps its tasks in the database and runs each at least once, so this finds nothing on most days. It is there
for a queue that was emptied, a job that failed, a mail server that was away. Every job may run twice without harm.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_q.models import OrmQ

from handoffs.delivery import digests
from handoffs.delivery.audience import TELLING
from handoffs.delivery.outbox import DELIVER
from handoffs.delivery.send import due_again
from handoffs.flows.next import TurnState
from handoffs.hours import LAY_OUT, behind
from handoffs.lifecycle import State
from handoffs.logs.models import LogStage
from handoffs.models import Alarm, Delivery, Digest, Event, EventLog, Handoff, Message, Rhythm, Turn
from handoffs.packet.previews import undrawn
from handoffs.queue import BRING_IN_LOG, DRAW, MESSAGES, READ_LOG, SEND, SEND_DIGEST, URGENT, enqueue_all
from tenants.models import Calendar

RAISE_ALARMS = "handoffs.jobs.raise_alarms"
RESUME_HELD = "handoffs.jobs.resume_held"
OFFER_PLANNED = "handoffs.jobs.offer_planned"
GATHER_DIGEST = "handoffs.jobs.gather_digest"
WAKE = "handoffs.jobs.wake_case"
REPORT_WEEK = "handoffs.jobs.report_week"

GRACE = timedelta(minutes=1)  # what is younger is still on its way
NO_MORE_FOR = timedelta(minutes=2)  # longer than a part of a log takes
LONGEST = timedelta(days=7)  # what is older than this when a worker starts is history
BATCH = 500
LONG_QUEUE = 100


def pick_up(since: datetime | None, at: datetime) -> bool:
    """Queues again what is left over at `at`; `since` is when this process looked last. Call it inside `everyone()`.

    Something that fails every time is tried after 1, 2, 4, 8 … minutes, not at every look. Returns False when not all
    was looked for: while the queue is long (what waits there is not lost), or when there was more than a batch.
    Messages wait in a lane of their own: a mail server that hangs must keep no alarm and no end of a hold from this.
    """
    if not _is_long(MESSAGES):
        _queue(SEND, _ids(unsent(at)))
        _queue(SEND_DIGEST, _ids(unsent_digests(at)))
        _queue(DRAW, _ids(undrawn(at)))
        for stage, job in (LogStage.READING, READ_LOG), (LogStage.BRINGING, BRING_IN_LOG):
            _queue(job, _ids(stuck(stage, since, at)))
    if _is_long(URGENT):
        return False
    counts = [
        _queue(DELIVER, _ids(undelivered(since, at))),
        _queue(RAISE_ALARMS, _ids(unraised(since, at))),
        _queue(GATHER_DIGEST, ungathered(at)),
        _queue(RESUME_HELD, _ids(rested(since, at))),
        _queue(OFFER_PLANNED, _ids(planned(at))),
        _queue(WAKE, _ids(slept(since, at))),
        _queue(LAY_OUT, _ids(left_behind(since, at))),
        _queue(REPORT_WEEK, unreported(at)),
    ]
    return max(counts) < BATCH


def _is_long(lane: str) -> bool:
    return int(OrmQ.objects.filter(key=lane)[:LONG_QUEUE].count()) >= LONG_QUEUE


def _queue(job: str, calls: Iterable[tuple[Any, ...]]) -> int:
    found = [(str(organization_id), *arguments) for organization_id, *arguments in calls]
    enqueue_all(job, found)
    return len(found)


def _ids(rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    return rows.values_list("organization_id", "id")[:BATCH]


def undelivered(since: datetime | None, at: datetime) -> QuerySet[Event]:
    """Events that should have been told and were not."""
    # Two anti-joins, whose outer side can only be the few events of the window. An ordinary join on the handoff would
    # let the planner begin with all handoffs, and an order with all events.
    delivered = Delivery.objects.filter(event_id=OuterRef("id"), organization_id=OuterRef("organization_id"))
    replayed = Handoff.objects.filter(
        id=OuterRef("handoff_id"), organization_id=OuterRef("organization_id"), imported=True
    )
    telling = Event.objects.filter(_due("recorded_at", since or at - LONGEST, at), verb__in=sorted(TELLING))
    return telling.filter(~Exists(delivered), ~Exists(replayed))


def unraised(since: datetime | None, at: datetime) -> QuerySet[Alarm]:
    """Alarms that fired and are not written down yet."""
    return Alarm.objects.filter(_due("fired_at", since, at), raised_at=None).order_by("id")


def unsent(at: datetime) -> QuerySet[Message]:
    """Messages whose next attempt is due; how often they failed is written in the row."""
    return Message.objects.filter(due_again(at), in_digest=False, digest=None).order_by("id")


def ungathered(at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """Whose digest is due, and by which channel: (organization, member, channel)."""
    readers = digests.waiting(at).values_list("organization_id", "member_id", "channel")
    return readers.order_by("organization_id", "member_id", "channel").distinct()[:BATCH]


def unsent_digests(at: datetime) -> QuerySet[Digest]:
    """Digests whose next attempt is due."""
    return Digest.objects.filter(due_again(at)).order_by("id")


def stuck(stage: LogStage, since: datetime | None, at: datetime) -> QuerySet[EventLog]:
    """Event logs of which nothing more was read or brought in for a while, though there is more."""
    return EventLog.objects.filter(_due("moved_at", since, at, first=NO_MORE_FOR), stage=stage).order_by("moved_at")


def unreported(at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """Who waits for the report of a week: (organization, member)."""
    due = Rhythm.objects.filter(report_at__lte=at).order_by("report_at", "id")
    return due.values_list("organization_id", "member_id")[:BATCH]


def planned(at: datetime) -> QuerySet[Handoff]:
    """Handoffs whose receiver has opened, which is what their offer waits for."""
    return Handoff.objects.filter(planned_at__lte=at).order_by("planned_at", "id")


def rested(since: datetime | None, at: datetime) -> QuerySet[Handoff]:
    """Handoffs whose hold has come to its end; found the first time without any grace."""
    held = Handoff.objects.filter(state=State.ON_HOLD)
    return held.filter(_due("held_until", since, at, first=timedelta())).order_by("held_until")


def slept(since: datetime | None, at: datetime) -> QuerySet[Turn]:
    """Waits of cases that are over; found the first time without any grace."""
    waiting = Turn.objects.filter(state=TurnState.LIVE, wakes_at__isnull=False)
    return waiting.filter(_due("wakes_at", since, at, first=timedelta())).order_by("wakes_at")


def left_behind(since: datetime | None, at: datetime) -> QuerySet[Calendar]:
    """Calendars whose hours have changed, and some of whose clocks still go by the former ones."""
    return behind().filter(_due("hours_changed_at", since, at))


def _due(field: str, since: datetime | None, at: datetime, first: timedelta = GRACE) -> Q:
    """Rows whose age passed `first` or a doubling of GRACE between the last look and this one."""
    if since is None:
        return Q(**{f"{field}__lte": at - first})
    due = Q()
    for age in _ages(first):
        due |= Q(**{f"{field}__gt": since - age, f"{field}__lte": at - age})
    return due


def _ages(first: timedelta) -> Iterator[timedelta]:
    age = GRACE
    if first < age:
        yield first
    while age <= LONGEST:
        yield age
        age *= 2
