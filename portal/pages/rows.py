"""A handoff as one row of a list: who has the ball, where it stands, how much time is left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from handoffs.lifecycle import State
from handoffs.models import Handoff, Offer
from portal.templatetags.times import briefly, left

SOON = timedelta(hours=12)


@dataclass(frozen=True)
class Row:
    """What components/row.html shows."""

    reference: str
    url: str
    title: str
    who: str
    note: str
    state: str
    word: str
    time: SafeString | str


def page_of(handoffs: QuerySet[Handoff], limit: int) -> list[Handoff]:
    """The first `limit` with what a row shows: ids by the ordered index first, then their rows with the joins."""
    ids = list(handoffs.values_list("id", flat=True)[:limit])
    found = {handoff.id: handoff for handoff in Handoff.objects.with_faces().filter(id__in=ids)} if ids else {}
    return [found[id] for id in ids if id in found]


def waiting_row(offer: Offer, now: datetime) -> Row:
    """An offer that the reader may accept: from whom, and how long they have."""
    late = offer.due_at is not None and offer.due_at < now
    return _row(
        offer.handoff,
        who=offer.giver.name,
        note=offer.from_team.name if offer.from_team else "",
        state="late" if late else "waiting_for_you",
        time=until(offer.due_at, now) or briefly(offer.offered_at),
    )


def held_row(handoff: Handoff, now: datetime) -> Row:
    """A handoff the reader answers for: whom it came from, or who is asked to take it."""
    offer = handoff.open_offer
    if offer is not None:
        return _offered_row(handoff, offer, now)
    late = handoff.complete_due_at is not None and handoff.complete_due_at < now
    return _row(
        handoff,
        who=handoff.sender.name,
        note=handoff.workspace.name,
        state="late" if late else handoff.state,
        time=_moment(handoff, now),
    )


def sent_row(handoff: Handoff, now: datetime) -> Row:
    """A handoff the reader sent: who has the ball now."""
    if handoff.open_offer is not None:
        return _offered_row(handoff, handoff.open_offer, now)
    return any_row(handoff, now)


def any_row(handoff: Handoff, now: datetime) -> Row:
    """A handoff as anybody sees it: who answers for it."""
    if handoff.open_offer is not None and handoff.status is State.OFFERED:
        return _offered_row(handoff, handoff.open_offer, now)
    holder, team = handoff.custodian or handoff.sender, handoff.custodian_team
    late = handoff.complete_due_at is not None and handoff.complete_due_at < now
    return _row(
        handoff,
        who=holder.name,
        note=team.name if team else handoff.workspace.name,
        state="late" if late else handoff.state,
        time=_moment(handoff, now),
    )


def until(due: datetime | None, now: datetime) -> SafeString | str:
    """What is left when that is soon, else the instant it is due."""
    if due is None:
        return ""
    return left(due - now) if due - now < SOON else briefly(due)


def _offered_row(handoff: Handoff, offer: Offer, now: datetime) -> Row:
    late = offer.due_at is not None and offer.due_at < now
    seen = "Seen" if offer.viewed_at else "Delivered" if offer.delivered_at else "Offered"
    return _row(
        handoff,
        who=offer.receiver_name,
        note=seen,
        state="late" if late else "offered",
        time=until(offer.due_at, now) or briefly(offer.offered_at),
    )


def _moment(handoff: Handoff, now: datetime) -> SafeString | str:
    if handoff.status is State.ON_HOLD:
        return briefly(handoff.held_until)
    return until(handoff.complete_due_at, now) or briefly(handoff.changed_at)


def _row(handoff: Handoff, *, who: str, note: str, state: str, time: SafeString | str, word: str = "") -> Row:
    address = reverse("handoff", args=[handoff.reference])
    return Row(handoff.reference, address, handoff.title, who, note, state, word, time)
