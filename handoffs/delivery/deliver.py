"""Deliver: the audience of one event gets its notices, and its messages are put on their way."""

from datetime import datetime
from uuid import UUID

from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.models import Delivery, Message, Notice
from handoffs.delivery.people import audience
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.queue import SEND, enqueue
from tenants.models import Member


def deliver(organization_id: UUID, event_id: int, *, at: datetime) -> None:
    """Tells everybody whom the event concerns, once; run again, or for an event that is not there, changes nothing."""
    event = Event.objects.filter(organization_id=organization_id, id=event_id).select_related("by").first()
    if event is None:
        return
    # The handoff's row first, as everywhere: two deliveries of one event queue here, and the offer's row comes after.
    handoff = (
        Handoff.objects.filter(organization_id=organization_id)
        .select_for_update(of=("self",))
        .select_related("workspace")
        .get(id=event.handoff_id)
    )
    if Delivery.objects.filter(organization_id=organization_id, event=event).exists():
        return
    told = audience(event, handoff)
    _notify(event, told, at)
    _post(event, told, at)
    if told:
        _mark_offer(event, handoff, at)
    Delivery.objects.create(organization_id=organization_id, event=event, delivered_at=at)


def _notify(event: Event, told: dict[Member, str], at: datetime) -> None:
    notices = [
        Notice(
            organization_id=event.organization_id,
            event=event,
            handoff_id=event.handoff_id,
            member=member,
            why=role,
            created_at=at,
        )
        for member, role in told.items()
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _post(event: Event, told: dict[Member, str], at: datetime) -> None:
    """A row for each message, and its sending as a task of its own: a slow mail server delays no other message."""
    messages = [
        Message(
            organization_id=event.organization_id,
            event=event,
            member=member,
            channel=name,
            reference=channel.reference(event, member),
            created_at=at,
        )
        for member in told
        for name, channel in CHANNELS.items()
        if channel.reaches(member)
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    waiting = Message.objects.filter(organization_id=event.organization_id, event=event, sent_at=None)
    for message_id in waiting.order_by("id").values_list("id", flat=True):
        enqueue(SEND, event.organization_id, message_id)


def _mark_offer(event: Event, handoff: Handoff, at: datetime) -> None:
    """The offer that this very verb opened has reached its receivers."""
    opened = handoff.offers.filter(id=event.facts.get("offer"), verb=event.verb, delivered_at=None)
    opened.update(delivered_at=at)
