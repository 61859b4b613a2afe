"""The outbox: an event that tells somebody is put on its way in the same transaction that records it."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django_q.tasks import async_task

from handoffs.delivery.audience import TELLING
from handoffs.delivery.models import Delivery
from handoffs.ledger.models import Event

DELIVER = "handoffs.jobs.deliver"


def enqueue(event: Event) -> None:
    """Queues the delivery of `event`; nothing is queued when the transaction rolls back."""
    if event.verb in TELLING:
        async_task(DELIVER, str(event.organization_id), event.id)


def leftovers(at: datetime, *, within: timedelta, grace: timedelta) -> QuerySet[Event]:
    """Events recorded in the window (at − within, at − grace) that nobody delivered: a queue that lost its task.

    Reads across organizations; call it inside `everyone()`.
    """
    delivered = Delivery.objects.filter(event_id=OuterRef("id"), organization_id=OuterRef("organization_id"))
    return Event.objects.filter(
        ~Exists(delivered),
        verb__in=sorted(TELLING),
        handoff__imported=False,
        recorded_at__gt=at - within,
        recorded_at__lt=at - grace,
    ).order_by("recorded_at")
