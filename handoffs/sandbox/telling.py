"""Who would be told of what happened, by the real delivery up to the point of sending."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from handoffs.delivery import deliver
from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.models import Message, Notice
from handoffs.models import Event, Handoff
from handoffs.sandbox.protocol import Told


def told(organization_id: UUID, events: Sequence[Event], at: datetime) -> dict[int, list[Told]]:
    """By event: the notices it makes, and the messages that would go out, with their words."""
    if not events:
        return {}
    handoffs = Handoff.objects.known({event.handoff_id for event in events})
    deliver.tell([(event, handoffs[event.handoff_id]) for event in events], at=at)
    found: dict[int, list[Told]] = {event.pk: [] for event in events}
    here = {"organization_id": organization_id, "event_id__in": list(found)}
    noticed: dict[int, list[str]] = {}
    for notice in Notice.objects.filter(**here).select_related("member").order_by("id"):
        noticed.setdefault(notice.event_id, []).append(notice.member.name)
    for event_id, names in noticed.items():
        found[event_id].append(Told("notice", names, at))
    for event_id, each in _messages(here, at):
        found[event_id].append(each)
    return found


def _messages(here: dict[str, object], at: datetime) -> list[tuple[int, Told]]:
    """Those to several people in the same role say the same, so their words stand there once."""
    rows = Message.objects.filter(**here).select_related("event__by", "member__user", "member__organization", "room")
    roles: dict[tuple[int, int | None], str] = {(n.event_id, n.member_id): n.why for n in Notice.objects.filter(**here)}
    groups: dict[tuple[object, ...], list[Message]] = {}
    for row in rows.order_by("id"):
        role = roles.get((row.event_id, row.member_id))
        groups.setdefault((row.event_id, row.channel, row.due_at, row.in_digest, role, row.room_id), []).append(row)
    return [(group[0].event_id, _told(group)) for group in groups.values()]


def _told(group: Sequence[Message]) -> Told:
    first = group[0]
    names = [row.member.name if row.member else row.room.name if row.room else "" for row in group]
    if first.in_digest:
        return Told(first.channel, names, first.due_at, in_digest=True)
    faced = Handoff.objects.select_related("workspace", "custodian", "custodian_team", "open_offer")
    handoff = faced.get(organization_id=first.organization_id, id=first.event.handoff_id)
    subject, text = CHANNELS[first.channel].plain(first, handoff, at=first.due_at)
    return Told(first.channel, names, first.due_at, subject, text)
