"""The chat channel: what happens in a workspace or team is told in a room of the organization's own chat."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from handoffs.delivery.chat_rooms import ChatRoom
from handoffs.delivery.digest_letter import DigestLetter
from handoffs.delivery.kinds import kind_of
from handoffs.delivery.letter import holder_of, link
from handoffs.delivery.models import Digest, Message
from handoffs.delivery.outbound import Unreachable, only_public
from handoffs.delivery.parcel import Failure, Parcel, Target, Telling
from handoffs.delivery.report_letter import ReportLetter
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.ledger.sentences import sentence

TIMEOUT_SECONDS = 10.0


class NotTaken(Exception):
    """The other side said no."""


def targets(told: Sequence[Telling]) -> Iterator[tuple[Event, Target]]:
    """The open rooms that serve each handoff's workspace or a team it is with; none for what is internal."""
    # Who sits in a room is not ours to know.
    events = [(event, handoff) for event, handoff, _ in told if not event.internal]
    if not events:
        return
    rooms = ChatRoom.objects.filter(organization_id=events[0][0].organization_id, closed_at=None).order_by("id")
    places = [(room, room.places.all()) for room in rooms.prefetch_related("places")]
    for event, handoff in events:
        offer = handoff.open_offer
        teams = {handoff.custodian_team_id, handoff.sender_team_id, offer.to_team_id if offer else None} - {None}
        for room, serves in places:
            here = any(place.workspace_id == handoff.workspace_id or place.team_id in teams for place in serves)
            if here and str(kind_of(event.verb)) in room.kinds:
                yield event, Target(f"event-{event.id}.room-{room.id}", room=room)


def pack(message: Message, handoff: Handoff, *, at: datetime) -> Parcel:
    """One line of what happened, who answers for it, and where to look."""
    assert message.room is not None
    address, (title, body) = message.room.address, plain(message, handoff, at=at)
    return lambda: _hand_over(address, title, body)


def plain(message: Message, handoff: Handoff, *, at: datetime) -> tuple[str, str]:
    """Its title and the line itself."""
    assert message.room is not None
    told = f"{sentence(message.event)}. Answers for it: {holder_of(handoff)}."
    return f"{handoff.reference} {handoff.title}", f"{told} {link(handoff, message.room.organization)}"


def pack_digest(digest: Digest, letter: DigestLetter | ReportLetter) -> Parcel:
    """Rooms choose kinds, not paces."""
    raise NotImplementedError("A chat room has no digest.")


def explain(failure: Exception) -> Failure:
    """A room that is on a private address will not move; all else may pass."""
    match failure:
        case Unreachable():
            return Failure(str(failure), is_final=True)
        case ImportError():
            return Failure("chat is not installed here", is_final=True)
        case NotTaken():
            return Failure(str(failure))
    return Failure("the chat could not be reached")


def _hand_over(address: str, title: str, body: str) -> None:
    """Raises `NotTaken` or what the network raises."""
    from apprise import Apprise

    room = understood(address)
    if room is None:
        raise NotTaken("the room's address is not understood any more")
    room.socket_connect_timeout = room.socket_read_timeout = TIMEOUT_SECONDS
    room.request_rate_per_sec, room.redirects = 0, False
    chat = Apprise()
    chat.add(room)
    with only_public() as refused:
        taken = chat.notify(title=title, body=body)
    if refused:
        raise Unreachable(f"{refused[0]} is not a public address")
    if not taken:
        raise NotTaken("the chat did not take the message")


def understood(address: str) -> Any:
    """What the library makes of one address, None when it knows no such chat. An extra, and read only when needed."""
    from apprise import Apprise, AppriseAsset

    return Apprise.instantiate(address, asset=AppriseAsset(app_id="Handrail", app_url="", async_mode=False))
