"""Deliver: the audience of one event gets its notices, and its messages are put on their way."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.models import Delivery, Message, Notice
from handoffs.delivery.people import audience, remembering
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.queue import SEND, enqueue_all
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
    tell([(event, handoff)], at=at)


def tell(pairs: Sequence[tuple[Event, Handoff]], *, at: datetime) -> None:
    """Tells people of these events, each with its locked handoff; all of one organization, none delivered before.

    A few statements for all of them: at an hour at which much comes due, the last person is told seconds after the
    first.
    """
    with remembering(pairs):
        told = [(event, handoff, audience(event, handoff)) for event, handoff in pairs]
    Notice.objects.bulk_create(
        [notice for event, _, people in told for notice in _notices(event, people, at)], ignore_conflicts=True
    )
    _post([event for event, _, _ in told], [m for event, _, people in told for m in _messages(event, people, at)])
    for event, handoff, people in told:
        if people and event.facts.get("offer"):
            _mark_offer(event, handoff, at)
    Delivery.objects.bulk_create(
        Delivery(organization_id=event.organization_id, event=event, delivered_at=at) for event, _, _ in told
    )


def _notices(event: Event, told: dict[Member, str], at: datetime) -> Iterator[Notice]:
    for member, role in told.items():
        yield Notice(
            organization_id=event.organization_id,
            event=event,
            handoff_id=event.handoff_id,
            member=member,
            why=role,
            created_at=at,
        )


def _messages(event: Event, told: dict[Member, str], at: datetime) -> Iterator[Message]:
    """A row for each person and channel."""
    for member in told:
        for name, channel in CHANNELS.items():
            if channel.reaches(member):
                yield Message(
                    organization_id=event.organization_id,
                    event=event,
                    member=member,
                    channel=name,
                    reference=channel.reference(event, member),
                    created_at=at,
                )


def _post(events: Sequence[Event], messages: Sequence[Message]) -> None:
    """Each message is sent by a task of its own: a slow mail server delays no other message."""
    if not messages:
        return
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    organization_id = events[0].organization_id
    waiting = Message.objects.filter(organization_id=organization_id, event__in=events, sent_at=None)
    enqueue_all(SEND, waiting.order_by("id").values_list("organization_id", "id"))


def _mark_offer(event: Event, handoff: Handoff, at: datetime) -> None:
    """The offer that this very verb opened has reached its receivers."""
    opened = handoff.offers.filter(id=event.facts.get("offer"), verb=event.verb, delivered_at=None)
    opened.update(delivered_at=at)
