"""Chat rooms of an organization: opened with an address that is never shown again, and closed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from handoffs.delivery.chat import understood
from handoffs.delivery.chat_rooms import ChatPlace, ChatRoom
from handoffs.delivery.kinds import Kind
from handoffs.refusals import Invalid
from tenants.models import Member, Team, Workspace
from tenants.rules import must_be_home, must_run_the_organization, saving

# Chats that firms use, encrypted on their way. Other addresses of the library read files, run programs or dial phones.
HOSTED = frozenset({"slack", "discord", "gchat", "zulip", "wxteams", "tgram"})
OWN_HOST = frozenset({"mmosts", "rockets", "matrixs", "ntfys", "jsons"})
PLAIN = frozenset({"mmost", "rocket", "matrix", "ntfy", "json"})  # only where private hosts are allowed
OPTIONS = frozenset({"channel", "to", "thread"})  # others switch off certificates or read files


def open_room(
    *,
    name: str,
    address: str,
    kinds: Iterable[Kind],
    workspaces: Sequence[Workspace] = (),
    teams: Sequence[Team] = (),
    by: Member,
    at: datetime,
) -> ChatRoom:
    """Tells this room, from now on, of these kinds in these workspaces and teams.

    Raises Forbidden not_an_admin, Conflict chat_room_taken, Invalid chat_not_installed, address_not_understood,
    address_not_allowed, room_needs_kinds, room_needs_places.
    """
    must_run_the_organization(by)
    must_be_home(by, *workspaces, *teams)
    told = [kind.value for kind in Kind if kind in set(kinds)]
    if not told:
        raise Invalid(
            "Choose at least one kind that the room is told of.", code="room_needs_kinds", details={"field": "kinds"}
        )
    if not workspaces and not teams:
        raise Invalid(
            "Choose at least one workspace or team that the room serves.",
            code="room_needs_places",
            details={"field": "workspaces"},
        )
    here = {"organization_id": by.organization_id}
    shown = _shown(address.strip())
    room = ChatRoom(**here, name=name.strip(), address=address.strip(), shown=shown, kinds=told, made_by=by, made_at=at)
    with saving():
        room.full_clean(exclude=["organization", "closed_at"], validate_constraints=False)
        room.save()
        ChatPlace.objects.bulk_create(
            [
                *(ChatPlace(**here, room=room, workspace=workspace) for workspace in workspaces),
                *(ChatPlace(**here, room=room, team=team) for team in teams),
            ]
        )
    return room


def close_room(*, room: ChatRoom, by: Member, at: datetime) -> ChatRoom:
    """Tells it nothing more and forgets its address; done again, changes nothing. Raises Forbidden not_an_admin."""
    must_run_the_organization(by)
    must_be_home(by, room)
    if room.closed_at is None:
        room.closed_at, room.address = at, ""
        room.save(update_fields=["closed_at", "address"])
    return room


def _shown(address: str) -> str:
    """What may be shown of an address: which chat, and whose host, never its secrets. Refuses one we do not call."""
    try:
        parts = urlsplit(address)
        scheme, host = parts.scheme.lower(), parts.hostname or ""
        options = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        raise _misunderstood() from None
    allowed = HOSTED | OWN_HOST | (PLAIN if settings.HANDRAIL_PRIVATE_CHAT else frozenset())
    if scheme not in allowed or not options <= OPTIONS:
        raise Invalid(
            f"Only these kinds of addresses are told, without further options: {', '.join(sorted(allowed))}.",
            code="address_not_allowed",
            details={"field": "address"},
        )
    try:
        chat = understood(address)
    except ImportError:
        raise Invalid(
            "Chat is not installed here; whoever runs this site can add the extra “chat”.", code="chat_not_installed"
        ) from None
    if chat is None:
        raise _misunderstood()
    return f"{chat.service_name} at {host}"[:120] if scheme not in HOSTED else str(chat.service_name)[:120]


def _misunderstood() -> Invalid:
    return Invalid(
        "This is not the address of a chat room; it begins like slack:// or mmosts://.",
        code="address_not_understood",
        details={"field": "address"},
    )
