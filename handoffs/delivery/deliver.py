"""Deliver: the audience of one event gets its notices, and its messages are put on their way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from handoffs.bulk import insert_new
from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.crowd import Pairs
from handoffs.delivery.kinds import Pace, kind_of
from handoffs.delivery.models import Delivery, Message, Notice
from handoffs.delivery.parcel import Telling
from handoffs.delivery.people import audience, remembering, told_of
from handoffs.delivery.wishes import Wishes, wishes
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.queue import SEND, enqueue_all


def deliver(organization_id: UUID, *event_ids: int, at: datetime) -> None:
    """Tells everybody whom these events concern, once; what was delivered, or is not there, changes nothing."""
    here = Event.objects.filter(organization_id=organization_id, id__in=event_ids)
    events = list(here.select_related("by").order_by("id"))
    if not events:
        return
    # The handoffs' rows first, as everywhere: two deliveries of one event queue here, and the offer's row comes after.
    locked = (
        Handoff.objects.filter(organization_id=organization_id, id__in={event.handoff_id for event in events})
        .select_for_update(of=("self",))
        .select_related("workspace", "organization", "open_offer")
        .order_by("id")
    )
    handoffs = {handoff.id: handoff for handoff in locked}
    delivered = Delivery.objects.filter(organization_id=organization_id, event__in=events)
    done = set(delivered.values_list("event_id", flat=True))
    pairs = [(event, handoffs[event.handoff_id]) for event in events if event.id not in done]
    if pairs:
        tell(pairs, at=at)


def announce(pairs: Pairs, *, at: datetime) -> None:
    """Writes the notices of these events, each with its locked handoff; of any number of organizations at once.

    A few statements for all of them: at an hour at which much comes due, the last person sees it in the portal a second
    after the first. Delivering them stays to be done: it finds these notices, and adds what goes out.
    """
    with remembering(pairs) as crowd:
        _announce(((event, told_of(event, handoff, crowd)) for event, handoff in pairs), at)


def tell(pairs: Pairs, *, at: datetime) -> None:
    """Tells people of these events, each with its locked handoff; all of one organization, none delivered before."""
    told = _audiences(pairs)
    _announce(((event, {member.id: role for member, role in people.items()}) for event, _, people in told), at)
    _post(told, at)
    for event, handoff, people in told:
        if people and event.facts.get("offer"):
            _mark_offer(event, handoff, at)
    Delivery.objects.bulk_create(
        Delivery(organization_id=event.organization_id, event=event, delivered_at=at) for event, _, _ in told
    )


def _audiences(pairs: Pairs) -> list[Telling]:
    with remembering(pairs) if len(pairs) > 1 else nullcontext():
        return [(event, handoff, audience(event, handoff)) for event, handoff in pairs]


def _announce(told: Iterable[tuple[Event, Mapping[int, str]]], at: datetime) -> None:
    rows = (
        (event.organization_id, event.id, event.handoff_id, member_id, role, at)
        for event, people in told
        for member_id, role in people.items()
    )
    insert_new(Notice, ("organization", "event", "handoff", "member", "why", "created_at"), rows)


def _post(told: Sequence[Telling], at: datetime) -> None:
    """A row for each message, and its sending as a task of its own: a slow mail server delays no other message."""
    organization = told[0][1].organization
    everybody = {member: role for _, _, people in told for member, role in people.items()}
    wished = wishes(organization, everybody, {kind_of(event.verb) for event, _, _ in told})
    rows = [row for name in CHANNELS for row in _messages(name, told, wished, at)]
    if not rows:
        return
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    # What is due later is found by the sweep when its time has come.
    events = [event for event, _, _ in told]
    mine = Message.objects.filter(organization_id=organization.id, event__in=events)
    ready = mine.filter(Message.WAITING, in_digest=False, due_at__lte=at)
    enqueue_all(SEND, ready.order_by("id").values_list("organization_id", "id"))


def _messages(name: str, told: Sequence[Telling], wished: Wishes, at: datetime) -> Iterator[Message]:
    for event, target in CHANNELS[name].targets([one for one in told if _goes_by(name, one[0])]):
        pace, due_at = Pace.AT_ONCE, at
        if target.member is not None:
            pace = wished.pace(target.member, kind_of(event.verb), name)
            loud = any(fired.get("breaks_quiet") for fired in _fired(event))
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


def _goes_by(channel: str, event: Event) -> bool:
    """By all channels, unless every rung of an alarm names some."""
    named = [fired.get("channels") or () for fired in _fired(event)]
    return not all(named) or any(channel in some for some in named)


def _fired(event: Event) -> Sequence[Mapping[str, Any]]:
    """Alarms that were missed together are one event, which lists them; the loudest of them decides."""
    return event.facts.get("alarms") or [event.facts]


def _mark_offer(event: Event, handoff: Handoff, at: datetime) -> None:
    """The offer that this very verb opened has reached its receivers."""
    opened = handoff.offers.filter(id=event.facts.get("offer"), verb=event.verb, delivered_at=None)
    opened.update(delivered_at=at)
