"""A mail server that refuses, puts off, hangs or breaks off: every mail arrives, with one id on every try."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs import actions
from handoffs.actions.delivery import try_again
from handoffs.delivery import mail as mail_channel
from handoffs.delivery import rests
from handoffs.delivery.failures import undelivered
from handoffs.delivery.send import LEASE, send
from handoffs.delivery.sight import unreachable
from handoffs.leftovers import unsent
from handoffs.lifecycle import State
from handoffs.models import Bounce, Message, Notice
from handoffs.refusals import Refusal
from tests.handoffs.delivery.mail_server import Behaviour, mail_server
from tests.handoffs.delivery.telling import alarm, tell, work
from tests.handoffs.delivery.test_digests import Died
from tests.world import World

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    rests.forget()
    yield
    rests.forget()


@pytest.fixture
def server() -> Iterator[Behaviour]:
    with mail_server() as behaviour:
        yield behaviour


@pytest.fixture
def message(world: World) -> Message:
    """Ben alone is told of an offer to him."""
    handoff = actions.offer(
        world.handoff(), by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.ben
    )
    tell(handoff, world.now)
    return Message.objects.get(member=world.ben)


def answers(name: str, value: Any) -> Callable[[Behaviour], None]:
    return lambda server: setattr(server, name, value)


FAULTS = {
    "puts the address off": answers("to_rcpt", "451 4.7.1 Greylisted, come back later"),
    "puts the mail off": answers("to_data", "452 4.3.1 Out of storage"),
    "turns everybody away": answers("to_rcpt", "421 4.3.2 Shutting down"),
    "hangs": answers("hangs", True),
    "breaks off after the data": answers("drops_after_data", True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_mail_arrives_in_the_end_with_one_id_on_every_try(
    world: World, server: Behaviour, message: Message, fault: str
) -> None:
    FAULTS[fault](server)
    at = world.now
    for _ in range(2):
        work(at)
        message.refresh_from_db()
        assert message.sent_at is None
        assert message.given_up_at is None, "that may pass"
        at = message.due_at
    assert message.attempts == 2
    fine = Behaviour()
    for name in ("to_rcpt", "to_data", "hangs", "drops_after_data"):
        setattr(server, name, getattr(fine, name))
    assert not unsent(message.due_at - MINUTE / 60).exists()
    assert unsent(message.due_at).get() == message
    work(message.due_at)
    message.refresh_from_db()
    assert message.sent_at is not None
    assert set(server.ids()) == {message.reference}
    work(at + timedelta(days=2))
    assert len(server.ids()) == (3 if fault == "breaks off after the data" else 1)


def test_a_mail_server_that_is_not_there_is_waited_for(world: World, message: Message, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    work(world.now)
    with mail_server() as server:
        message.refresh_from_db()
        work(message.due_at)
        assert server.ids() == [message.reference]


def test_an_address_that_is_refused_bounces_at_once_and_managers_are_told(
    world: World, server: Behaviour, message: Message, caplog: Any
) -> None:
    server.to_rcpt = "550 5.1.1 No such user here"
    work(world.now)
    message.refresh_from_db()
    assert (message.attempts, message.given_up_at) == (1, world.now)
    assert message.trouble == "the mail server refused the address (550 5.1.1 No such user here)"
    notice = Notice.objects.get(message=message)
    assert (notice.member, notice.why) == (world.mo, "undelivered")
    assert list(undelivered(message.event.handoff)) == [message]
    assert list(unreachable(world.organization.id)) == [world.ben]
    work(world.now + timedelta(days=3))
    assert Notice.objects.filter(message__isnull=False).count() == 1


def test_an_address_is_good_again_when_something_arrives_or_it_changes(
    world: World, server: Behaviour, message: Message
) -> None:
    server.to_rcpt = "550 5.1.1 No such user here"
    work(world.now)
    user = world.ben.user
    assert user is not None
    user.email = "benjamin@fjord.example"
    user.save()
    assert not unreachable(world.organization.id).exists()
    user.email = "ben@fjord.example"
    user.save()
    assert unreachable(world.organization.id).exists()
    server.to_rcpt = "250 OK"
    try_again(message=message, by=world.mo, at=world.later(hours=1))
    work(world.now)
    assert not unreachable(world.organization.id).exists()
    assert not Bounce.objects.exists()
    assert not undelivered(message.event.handoff).exists()


def test_who_has_no_address_is_unreachable(world: World) -> None:
    assert not unreachable(world.organization.id).exists()
    type(world.ben.user).objects.filter(pk=world.ben.user_id).update(email="")
    assert list(unreachable(world.organization.id)) == [world.ben]


def test_a_mail_that_is_refused_for_what_it_says_is_no_bounce(
    world: World, server: Behaviour, message: Message
) -> None:
    server.to_data = "554 5.7.1 This looks like spam"
    work(world.now)
    message.refresh_from_db()
    assert message.given_up_at is not None
    assert not Bounce.objects.exists()


def test_a_failed_message_is_tried_again_by_those_who_look_after_it(
    world: World, server: Behaviour, message: Message
) -> None:
    server.to_rcpt = "550 5.1.1 No such user here"
    work(world.now)
    for name in ("ben", "ana", "vic", "nils"):
        with pytest.raises(Refusal) as refused:
            try_again(message=message, by=getattr(world, name), at=world.now)
        assert refused.value.code == "not_a_manager"
    server.to_rcpt = "250 OK"
    for _ in range(2):
        try_again(message=message, by=world.mo, at=world.later(minutes=10))
    for _ in range(2):
        work(world.now)
    assert server.ids() == [message.reference]
    try_again(message=message, by=world.olga, at=world.later(minutes=10))
    work(world.now)
    assert server.ids() == [message.reference], "it has arrived"


def test_the_ladder_goes_on_while_a_mail_fails(world: World, server: Behaviour, message: Message) -> None:
    server.to_rcpt = "550 5.1.1 No such user here"
    work(world.now)
    alarm(world, message.event.handoff, "receiving_lead", "sender")
    server.to_rcpt = "250 OK"
    work(world.now)
    assert {str(mail["To"]).partition(" ")[0] for mail in server.taken} == {"Ana", "Lea"}


def test_a_hanging_server_holds_no_row(world: World, message: Message) -> None:
    """While the mail is under way, no transaction is open in which its rows are locked."""
    seen: list[bool] = []

    def under_way(_: object) -> None:
        seen.append(message_is_free())

    def message_is_free() -> bool:
        fresh = Message.objects.get(pk=message.pk)
        return fresh.leased_until == world.now + LEASE and fresh.sent_at is None

    with patch.object(mail_channel, "_hand_over", under_way), CaptureQueriesContext(connection) as captured:
        send(message.organization_id, message.id, at=world.now)
    assert seen == [True]
    statements = [query["sql"] for query in captured if "SAVEPOINT" in query["sql"]]
    assert sum("RELEASE" in sql for sql in statements) >= 2, "the claim has ended before the record begins"


def test_who_is_slow_is_let_rest(world: World, server: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each message in the queue would hold a worker for the whole time-out, and alarms would wait behind."""
    monkeypatch.setattr(rests, "SLOW_SECONDS", 0.5)
    server.hangs = True
    tell(world.handoff(State.OFFERED), world.now)
    began = time.monotonic()
    work(world.now)
    assert time.monotonic() - began < 2 * 1.9, "one of three was waited for"
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    server.hangs = False
    work(world.now + 3 * MINUTE)
    assert len(server.taken) == 3


def test_a_message_that_may_have_arrived_never_goes_into_a_digest(
    world: World, message: Message, settings: Any
) -> None:
    settings.HANDRAIL_PUSHES_PER_HOUR = 2

    def die(mail: Any) -> None:
        mail.send()
        raise Died

    with patch.object(mail_channel, "_hand_over", die), pytest.raises(Died):
        send(message.organization_id, message.id, at=world.now)
    tell(world.handoff(State.OFFERED), world.later(minutes=1))
    Message.objects.exclude(member=world.ben).delete()
    work(world.now)
    for minutes in range(0, 130, 10):
        work(world.now + minutes * MINUTE)
    ids = [sent.extra_headers["Message-ID"] for sent in mail.outbox]
    assert ids.count(message.reference) >= 2
    message.refresh_from_db()
    assert (message.in_digest, message.sent_at is not None) == (False, True)


def test_a_dead_workers_message_goes_out_when_its_lease_is_over(world: World, message: Message) -> None:
    with patch.object(mail_channel, "_hand_over", side_effect=Died), pytest.raises(Died):
        send(message.organization_id, message.id, at=world.now)
    work(world.now + LEASE - MINUTE / 60)
    assert not mail.outbox
    assert unsent(world.now + LEASE).get() == message
    work(world.now + LEASE)
    assert len(mail.outbox) == 1


def test_two_workers_at_once_send_once(world: World, message: Message) -> None:
    def meanwhile(mail: Any) -> None:
        send(message.organization_id, message.id, at=world.now)
        mail.send()

    with patch.object(mail_channel, "_hand_over", meanwhile):
        send(message.organization_id, message.id, at=world.now)
    assert len(mail.outbox) == 1
