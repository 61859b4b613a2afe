"""Rooms of an organization's own chat: a real chat server on this machine is told, and nothing else can be reached."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from handoffs import actions
from handoffs.actions.delivery import close_room, open_room
from handoffs.delivery import chat
from handoffs.delivery.kinds import Kind
from handoffs.delivery.outbound import is_public
from handoffs.lifecycle import State
from handoffs.models import ChatRoom, Message, Notice
from handoffs.refusals import Refusal
from tests.handoffs.delivery.telling import alarm, tell, work
from tests.world import World


class Chat:
    """What was posted to it; `answer` is the status it gives, `elsewhere` where it sends people on to."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.answer, self.elsewhere = 200, ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.told.append(json.loads(body))
                self.send_response(302 if outer.elsewhere else outer.answer)
                if outer.elsewhere:
                    self.send_header("Location", outer.elsewhere)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server.server_port}/secret-hook"


@pytest.fixture
def room_of(settings: Any) -> Iterator[Chat]:
    """A chat of the firm's own network, where that is allowed."""
    settings.HANDRAIL_PRIVATE_CHAT = True
    chat = Chat()
    chat.thread.start()
    yield chat
    chat.server.shutdown()
    chat.server.server_close()
    chat.thread.join()


def opened(world: World, chat: Chat, **given: Any) -> ChatRoom:
    words: dict[str, Any] = {"name": "Projects", "workspaces": [world.projects], "kinds": list(Kind)} | given
    return open_room(address=chat.address, by=world.olga, at=world.now, **words)


def test_a_room_is_told_what_happens_in_its_workspace(world: World, room_of: Chat) -> None:
    opened(world, room_of)
    handoff = world.handoff(State.OFFERED)
    tell(handoff, world.now)
    tell(handoff, world.now)
    work(world.now)
    work(world.now + timedelta(days=1))
    [told] = room_of.told
    assert told["title"] == f"{handoff.reference} {handoff.title}"
    assert "Ana offered this to Onboarding" in told["message"]
    assert "Ana (Sales)" in told["message"]
    assert f"/o/fjord/handoffs/{handoff.reference}/" in told["message"]


def test_a_room_is_told_what_it_serves_and_nothing_else(world: World, room_of: Chat) -> None:
    opened(world, room_of, name="Support", workspaces=[], teams=[world.team("Support")])
    opened(world, room_of, name="Alarms", kinds=[Kind.ALARMS])
    opened(world, room_of, name="Northwind", workspaces=[world.northwind])
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert room_of.told == []
    tell(world.handoff(State.OFFERED, to="Support"), world.now)
    alarm(world, world.handoff(State.STARTED), "custodian")
    work(world.now)
    assert sorted(Message.objects.filter(channel="chat").values_list("room__name", flat=True)) == ["Alarms", "Support"]
    assert len(room_of.told) == 2


def test_what_is_internal_is_told_to_no_room(world: World, room_of: Chat) -> None:
    opened(world, room_of)
    handoff = world.handoff(State.OFFERED)
    actions.note(handoff, by=world.max, at=world.later(minutes=1), body="They pay late", internal=True)
    tell(handoff, world.now)
    work(world.now)
    assert room_of.told == []


def test_a_room_that_says_no_is_tried_again_and_then_shown(world: World, room_of: Chat) -> None:
    opened(world, room_of)
    room_of.answer = 500
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    message = Message.objects.get(channel="chat")
    assert (message.attempts, message.sent_at) == (1, None)
    while message.given_up_at is None:
        work(message.due_at)
        message.refresh_from_db()
    assert Notice.objects.get(message=message).member == world.mo


def test_a_room_that_sends_us_on_is_not_followed(world: World, room_of: Chat) -> None:
    opened(world, room_of)
    room_of.elsewhere = room_of.address.replace("json://", "http://") + "-elsewhere"
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert len(room_of.told) == 1
    assert Message.objects.get(channel="chat").sent_at is None


def test_a_private_address_is_not_called(world: World, room_of: Chat, settings: Any) -> None:
    """Neither by its number nor by a name, though the room was opened while it was allowed."""
    opened(world, room_of)
    room = opened(world, room_of, name="By name")
    ChatRoom.objects.filter(id=room.id).update(address=room_of.address.replace("127.0.0.1", "localhost"))
    settings.HANDRAIL_PRIVATE_CHAT = False
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert room_of.told == []
    for message in Message.objects.filter(channel="chat"):
        assert message.given_up_at is not None
        assert message.trouble.endswith("is not a public address")


def test_a_closed_room_is_told_nothing_and_its_address_is_gone(world: World, room_of: Chat) -> None:
    room = opened(world, room_of)
    tell(world.handoff(State.OFFERED), world.now)
    for _ in range(2):
        room = close_room(room=room, by=world.olga, at=world.now)
    assert room.address == ""
    work(world.now)
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert room_of.told == []
    assert not Notice.objects.filter(message__isnull=False).exists()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("slack://", "address_not_understood"),
        ("nonsense", "address_not_allowed"),
        ("", "address_not_allowed"),
        ("http://[::1", "address_not_understood"),
        ("json://127.0.0.1/x", "address_not_allowed"),
        ("exec://127.0.0.1/x", "address_not_allowed"),
        ("mailto://user:pass@gmail.com", "address_not_allowed"),
        ("syslog://", "address_not_allowed"),
        ("jsons://chat.example/x?verify=no", "address_not_allowed"),
        ("discord://1234/abcd?template=/etc/passwd", "address_not_allowed"),
        ("jsons://chat.example/x?:key=value", "address_not_allowed"),
    ],
)
def test_only_chats_are_called_and_without_tricks(world: World, address: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        open_room(
            name="Room", address=address, kinds=[Kind.NOTES], workspaces=[world.projects], by=world.olga, at=world.now
        )
    assert refused.value.code == code
    assert not ChatRoom.objects.exists()


def test_a_room_needs_a_reason_and_somebody_who_may_open_it(world: World, room_of: Chat) -> None:
    for by, given, code in (
        (world.ana, {}, "not_an_admin"),
        (world.mo, {}, "not_an_admin"),
        (world.olga, {"kinds": []}, "room_needs_kinds"),
        (world.olga, {"workspaces": []}, "room_needs_places"),
    ):
        words: dict[str, Any] = {"name": "R", "workspaces": [world.projects], "kinds": [Kind.NOTES]} | given
        with pytest.raises(Refusal) as refused:
            open_room(address=room_of.address, by=by, at=world.now, **words)
        assert refused.value.code == code
    opened(world, room_of)
    with pytest.raises(Refusal) as refused:
        opened(world, room_of)
    assert refused.value.code == "name_taken"


def test_without_the_extra_it_says_so(world: World, room_of: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(world, room_of)
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(Refusal) as refused:
        opened(world, room_of, name="Another")
    assert refused.value.code == "chat_not_installed"
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert Message.objects.get(channel="chat").trouble == "chat is not installed here"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::10.0.0.1", False),
        ("2002:0a00:0001::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_the_library_is_read_only_when_it_is_needed() -> None:
    """It is an extra: nothing of ours may import it at the top of a file."""
    assert "apprise" not in vars(chat)
