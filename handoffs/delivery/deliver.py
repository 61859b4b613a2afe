"""Deliver: the audience of one event gets its notices, and its messages are put on their way."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.kinds import Pace, kind_of
from handoffs.delivery.models import Delivery, Message, Notice
from handoffs.delivery.people import audience, remembering
from handoffs.delivery.wishes import Wishes, wishes
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
        .select_related("workspace", "organization", "open_offer")
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
    notices = [notice for event, _, people in told for notice in _notices(event, people, at)]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    _post(told, at)
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


def _post(told: Sequence[tuple[Event, Handoff, dict[Member, str]]], at: datetime) -> None:
    """A row for each message, and its sending as a task of its own: a slow mail server delays no other message."""
    organization = told[0][1].organization
    everybody = {member: role for _, _, people in told for member, role in people.items()}
    wished = wishes(organization, everybody, {kind_of(event.verb) for event, _, _ in told})
    rows = [row for event, handoff, people in told for row in _messages(event, handoff, people, wished, at)]
    if not rows:
        return
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    # What is due later is found by the sweep when its time has come.
    events = [event for event, _, _ in told]
    mine = Message.objects.filter(organization_id=organization.id, event__in=events)
    ready = mine.filter(Message.WAITING, in_digest=False, due_at__lte=at)
    enqueue_all(SEND, ready.order_by("id").values_list("organization_id", "id"))


def _messages(
    event: Event, handoff: Handoff, told: dict[Member, str], wished: Wishes, at: datetime
) -> Iterator[Message]:
    kind, loud = kind_of(event.verb), any(fired.get("breaks_quiet") for fired in _fired(event))
    for name in _channels(event):
        for target in CHANNELS[name].targets(event, handoff, told):
            pace, due_at = Pace.AT_ONCE, at
            if target.member is not None:
                pace = wished.pace(target.member, kind, name)
                due_at = wished.due(target.member, pace, at, breaks_quiet=loud)
            if pace is not Pace.NEVER:
                yield Message(
                    organization_id=event.organization_id,
                    event=event,
                    member=target.member,
                    room=target.room,
                    channel=name,
                    reference=target.reference,
                    created_at=at,
                    due_at=due_at,
                    in_digest=pace is Pace.DIGEST,
                )


def _channels(event: Event) -> list[str]:
    """All, unless every rung of an alarm names some."""
    named = [fired.get("channels") or () for fired in _fired(event)]
    return [name for name in CHANNELS if not all(named) or any(name in some for some in named)]


def _fired(event: Event) -> Sequence[Mapping[str, Any]]:
    """Alarms that were missed together are one event, which lists them; the loudest of them decides."""
    return event.facts.get("alarms") or [event.facts]


def _mark_offer(event: Event, handoff: Handoff, at: datetime) -> None:
    """The offer that this very verb opened has reached its receivers."""
    opened = handoff.offers.filter(id=event.facts.get("offer"), verb=event.verb, delivered_at=None)
    opened.update(delivered_at=at)
