"""How one is told: choosing it, stopping a digest from the mail, chat rooms, and trying again what failed."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from handoffs.actions.delivery import Choices, choices_of, choose
from handoffs.delivery.failures import given_up
from handoffs.delivery.kinds import Kind, Pace
from handoffs.delivery.parcel import Failure
from handoffs.lifecycle import State
from handoffs.models import ChatRoom, Digest, Message
from tests.handoffs.delivery.telling import tell, work
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

HERE = "settings/delivery/"
AS_IT_IS = {f"{kind}_mail": "at_once" for kind in Kind if kind is not Kind.ALARMS} | {"daily_at": "hourly"}


def test_one_chooses_and_finds_it_again(world: World, visit: Visit) -> None:
    ben = visit("ben")
    quiet = {"quiet_from": "22:00", "quiet_until": "06:30"}
    for _ in range(2):
        answer = ben.post(
            HERE, **AS_IT_IS | {"notes_mail": "never", "offers_mail": "digest", "daily_at": "7", "weekly": "on"} | quiet
        )
        assert answer.status_code == 303
    chosen = choices_of(world.ben)
    assert (chosen.paces[Kind.NOTES, "mail"], chosen.paces[Kind.OFFERS, "mail"]) == (Pace.NEVER, Pace.DIGEST)
    assert (chosen.daily_at, chosen.weekly) == (7, True)
    text = ben.read(HERE)
    assert 'value="22:00"' in text
    assert 'value="06:30"' in text
    assert choices_of(world.bo) == Choices(dict.fromkeys(choices_of(world.bo).paces, Pace.AT_ONCE))


def test_the_page_says_that_alarms_stay(world: World, visit: Visit) -> None:
    ben = visit("ben")
    assert "cannot be switched off" in ben.read(HERE)
    ben.post(HERE, **AS_IT_IS | {"alarms_mail": "never"})
    assert choices_of(world.ben).paces[Kind.ALARMS, "mail"] is Pace.AT_ONCE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "quiet_until"),
        ({"quiet_from": "late"}, "quiet_from"),
        ({"notes_mail": "sometimes"}, "notes_mail"),
        ({"notes_mail": ""}, "notes_mail"),
        ({"daily_at": "24"}, "daily_at"),
        ({"daily_at": ""}, "daily_at"),
        ({"daily_at": "\x00"}, "daily_at"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(given: dict[str, str], field: str, world: World, visit: Visit) -> None:
    answer = visit("ben").post(HERE, **AS_IT_IS | given)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert choices_of(world.ben).quiet_from is None


def test_the_page_takes_as_many_queries_as_are_pinned(world: World, visit: Visit) -> None:
    ben = visit("ben")
    ben.read(HERE)
    with pinned("delivery_page"):
        ben.read(HERE)


@pytest.fixture
def stop_link(world: World) -> str:
    """The path of the link in a digest that Ben was sent."""
    choose(member=world.ben, choices=Choices({(Kind.OFFERS, "mail"): Pace.DIGEST}), by=world.ben, at=world.now)
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now + timedelta(hours=1))
    digest = next(message for message in mail.outbox if message.to[0].startswith("Ben "))
    return urlsplit(digest.extra_headers["List-Unsubscribe"].strip("<>")).path


def test_looking_at_the_link_changes_nothing_and_one_click_stops(world: World, stop_link: str) -> None:
    """As RFC 8058 has it: posted by the mail reader itself, without any cookie; and nobody has to sign in."""
    client = Client(enforce_csrf_checks=True)
    for ask in (client.get, client.head, client.get):
        assert ask(stop_link).status_code == 200
    assert choices_of(world.ben).paces[Kind.OFFERS, "mail"] is Pace.DIGEST
    for _ in range(2):
        assert client.post(stop_link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    paces = choices_of(world.ben).paces
    assert paces.pop((Kind.OFFERS, "mail")) is Pace.NEVER
    assert set(paces.values()) == {Pace.AT_ONCE}


def test_a_link_that_is_not_ours_is_not_there(world: World, stop_link: str) -> None:
    client = Client()
    for path in (stop_link[:-2] + "x/", "/digests/stop/nonsense/", "/digests/stop/a:b:c/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert client.put(stop_link).status_code == 405
    assert choices_of(world.ben).paces[Kind.OFFERS, "mail"] is Pace.DIGEST
    Message.objects.update(digest=None, in_digest=False)
    Digest.objects.all().delete()
    assert client.post(stop_link).status_code == 404


def test_who_has_left_is_told_so(world: World, stop_link: str) -> None:
    world.ben.left_at = world.now
    world.ben.save()
    assert Client().post(stop_link).status_code == 403


def failed(world: World) -> Message:
    """Ben's mail about an offer was refused for good."""
    tell(world.handoff(State.OFFERED), world.now)
    message = Message.objects.get(member=world.ben)
    Message.objects.filter(id=message.id).update(given_up_at=world.now, trouble="the mail server refused the address")
    message.refresh_from_db()
    return message


def test_managers_see_what_failed_and_try_again(world: World, visit: Visit) -> None:
    message = failed(world)
    path = f"handoffs/{message.event.handoff.reference}/"
    said = "Mail to ben@fjord.example could not be delivered: the mail server refused the address"
    for name in ("mo", "olga"):
        assert said in visit(name).read(path)
    for name in ("ana", "ben", "vic"):
        assert said not in visit(name).read(path)
    again = f"{path}messages/{message.id}/again/"
    assert visit("ana").post(again).status_code == 403
    assert visit("vic").post(again).status_code == 403
    assert visit("nils").post(again).status_code == 404
    assert visit("stan").post(again).status_code == 404
    assert visit("mo").get(again).status_code == 405
    assert visit("mo").post(f"{path}messages/999999/again/").status_code == 404
    for _ in range(2):
        assert visit("mo").post(again).status_code == 303
    message.refresh_from_db()
    assert message.given_up_at is None
    assert said not in visit("mo").read(path)


def test_a_manager_finds_it_among_the_notifications(world: World, visit: Visit) -> None:
    message = failed(world)
    given_up(message, Message.objects.filter(id=message.id), Failure("no such address", True, True), world.now)
    assert "Mail to ben@fjord.example could not be delivered" in visit("mo").read("notifications/")


ROOM = {"name": "Projects", "address": "jsons://chat.example/hook-of-secrets", "kinds": ["offers", "alarms"]}


def test_who_runs_the_organization_opens_and_closes_rooms(world: World, visit: Visit) -> None:
    olga = visit("olga")
    answer = olga.post("settings/chat/", **ROOM, workspaces=[world.projects.id], teams=[world.team("Support").id])
    assert answer.status_code == 303
    room = ChatRoom.objects.get()
    text = olga.read("settings/chat/")
    assert "JSON at chat.example" in text
    assert "Projects, Support" in text
    assert "secrets" not in text
    assert olga.post("settings/chat/", **ROOM, workspaces=[world.projects.id]).status_code == 409
    for _ in range(2):
        assert olga.post(f"settings/chat/{room.id}/close/").status_code == 303
    assert "JSON at chat.example" not in olga.read("settings/chat/")
    assert olga.post("settings/chat/99999/close/").status_code == 404
    assert olga.get(f"settings/chat/{room.id}/close/").status_code == 405


@pytest.mark.parametrize("name", ["ana", "mo", "vic", "cleo", "stan"])
def test_to_others_there_are_no_rooms(name: str, world: World, visit: Visit) -> None:
    other = visit(name)
    assert other.get("settings/chat/").status_code == 404
    assert other.post("settings/chat/", **ROOM, workspaces=[world.projects.id]).status_code == 404
    assert not ChatRoom.objects.exists()


def test_a_wrong_room_is_said_at_its_field_and_its_address_is_not_repeated(world: World, visit: Visit) -> None:
    olga = visit("olga")
    wrong = ROOM | {"address": "exec://hook-of-secrets"}
    for given in (wrong | {"workspaces": [world.projects.id]}, ROOM, ROOM | {"workspaces": ["999999"]}):
        answer = olga.post("settings/chat/", **given)
        assert answer.status_code == 422
        assert "hook-of-secrets" not in answer.content.decode()
    assert not ChatRoom.objects.exists()
