"""The mail itself: readable, threaded, safe, and never sent twice."""

import re
import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.urls import resolve

from handoffs import actions, jobs
from handoffs.delivery.audience import TELLING, Told
from handoffs.delivery.letter import REASONS, SUBJECTS, in_zone
from handoffs.delivery.send import MOST_ATTEMPTS, due_again, send
from handoffs.escalation.plan import Audience
from handoffs.lifecycle import State
from handoffs.models import Handoff, Message
from tenants.actions import remove_from_team
from tests.handoffs.worker import nowhere, queued, work_off
from tests.world import World


def sent() -> list[EmailMessage]:
    """What a mail server was given, parsed as a mail reader would."""
    return [message_from_bytes(m.message().as_bytes(), policy=policy.default) for m in mail.outbox]  # type: ignore[misc]


def to(name: str) -> EmailMessage:
    [found] = [message for message in sent() if message["To"].addresses[0].display_name == name]
    return found


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def offered(world: World, **given: object) -> Handoff:
    handoff = world.handoff(title=given.pop("title", "Signed contract"))
    return actions.offer(
        handoff,
        by=world.ana,
        at=world.later(minutes=1),
        to_team=world.team("Onboarding"),
        **given,  # type: ignore[arg-type]
    )


def test_it_says_what_happened_what_is_expected_and_who_answers(world: World) -> None:
    world.ben.zone = "Europe/Tallinn"
    world.ben.save()
    handoff = offered(world, message="The client starts on the 1st.")
    work_off()
    message = to("Ben")
    assert message["Subject"] == f"Please accept: {handoff.reference} Signed contract"
    assert handoff.open_offer is not None
    due = in_zone(handoff.open_offer.due_at, "Europe/Tallinn")
    assert due.endswith("(Tallinn)")
    for body in (text(message), html(message)):
        for words in (
            "Ana offered this to Onboarding",
            "The client starts on the 1st.",
            "Accept it, or return it with a reason.",
            due,
            "Ana (Sales)",
            "because it is meant for you or your team",
        ):
            assert words in body
    assert in_zone(handoff.open_offer.due_at, world.organization.zone) in text(to("Bo"))


def test_times_are_in_the_readers_zone() -> None:
    assert in_zone(datetime(2026, 11, 16, 12, 5, tzinfo=UTC), "Europe/Tallinn") == (
        "Monday 16 November 2026, 14:05 (Tallinn)"
    )
    assert in_zone(datetime(2026, 11, 16, 23, 0, tzinfo=UTC), "Asia/Ho_Chi_Minh") == (
        "Tuesday 17 November 2026, 06:00 (Ho Chi Minh)"
    )


def test_the_link_leads_to_the_handoff(world: World) -> None:
    handoff = offered(world)
    work_off()
    link = f"{settings.HANDRAIL_ADDRESS}/o/fjord/handoffs/{handoff.reference}/"
    assert f'href="{link}"' in html(to("Ben"))
    assert link in text(to("Ben"))
    match = resolve(urlsplit(link).path.removeprefix("/o/fjord"))
    assert match.url_name == "handoff"
    assert match.kwargs == {"reference": handoff.reference}


def test_the_mails_of_a_handoff_are_one_thread_and_each_has_its_own_lasting_id(world: World) -> None:
    handoff = offered(world)
    work_off()
    actions.accept(handoff, by=world.ben, at=world.later(minutes=5))
    work_off()
    messages = sent()
    assert len({message["Message-ID"] for message in messages}) == len(messages) == 4
    assert {message["Message-ID"] for message in messages} == set(Message.objects.values_list("reference", flat=True))
    assert len({message["References"] for message in messages}) == 1
    assert {message["In-Reply-To"] for message in messages} == {messages[0]["References"]}
    assert {message["Auto-Submitted"] for message in messages} == {"auto-generated"}


def test_styles_are_inline_and_nothing_is_fetched(world: World) -> None:
    offered(world)
    work_off()
    body = html(to("Ben"))
    assert 'class="go" style="' in body or 'style="display: inline-block' in body
    # What stays as a rule is for dark screens alone.
    [rules] = re.findall(r"<style>(.*?)</style>", body, re.DOTALL)
    assert rules.strip().startswith("@media (prefers-color-scheme: dark)")
    assert "{" not in body.replace(rules, "")
    assert "src=" not in body
    assert "<link" not in body


def test_what_people_write_stays_text(world: World) -> None:
    offered(world, title="<script>alert(1)</script> & co", message='<img src="x"> {{ settings.SECRET_KEY }}')
    work_off()
    body = html(to("Ben"))
    assert "<script" not in body
    assert "<img" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in body
    assert "{{ settings.SECRET_KEY }}" in body
    assert "<script>alert(1)</script> & co" in text(to("Ben"))


def test_a_title_cannot_add_headers(world: World) -> None:
    handoff = offered(world)
    Handoff.objects.filter(id=handoff.id).update(title="Contract\r\nBcc: everyone@evil.example\n\nHello")
    work_off()
    message = to("Ben")
    assert message["Bcc"] is None
    assert message["Subject"] == f"Please accept: {handoff.reference} Contract Bcc: everyone@evil.example Hello"


def test_what_is_settled_meanwhile_asks_for_nothing(world: World) -> None:
    handoff = offered(world)
    actions.accept(handoff, by=world.bo, at=world.later(minutes=1))
    work_off()
    assert "Nothing for the moment." in text(to("Ben"))
    assert "Bo (Onboarding)" in text(to("Ben"))


def test_a_late_one_says_that_it_was_due(world: World) -> None:
    handoff = offered(world)
    assert handoff.open_offer is not None
    assert handoff.open_offer.due_at < datetime.now(UTC), "the world's clock stands in the past"
    work_off()
    assert "Was due: " in text(to("Ben"))


def test_the_custodian_of_a_return_is_told_to_mend_it(world: World) -> None:
    world.handoff(State.RETURNED)
    work_off()
    assert "mend it and offer it again" in text(to("Ana"))
    assert "Ben returned this to Ana: The access list is missing" in text(to("Ana"))


def test_a_note_travels_with_its_words_unless_it_is_internal_to_others(world: World) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    handoff = actions.accept(handoff, by=world.cleo, at=world.later(minutes=5))
    work_off()
    mail.outbox.clear()
    actions.note(handoff, by=world.max, at=world.later(minutes=5), body="They pay late", internal=True)
    work_off()
    assert [message["To"].addresses[0].display_name for message in sent()] == ["Ana"]
    assert "They pay late" in text(to("Ana"))


def test_who_lost_sight_before_it_was_sent_gets_nothing(world: World) -> None:
    offered(world)
    [(_, args)] = queued()
    with nowhere():
        jobs.deliver(*args)
    remove_from_team(team=world.team("Onboarding"), member=world.ben, by=world.olga, at=world.later(minutes=1))
    work_off()
    assert {message["To"].addresses[0].display_name for message in sent()} == {"Bo", "Lea"}
    assert "may not see it" in Message.objects.get(member=world.ben).last_error


def test_every_verb_has_a_subject_and_every_role_a_reason() -> None:
    assert set(SUBJECTS) == set(TELLING)
    roles = {str(role) for role in Told} - {str(Told.RUNG)} | {str(name) for name in Audience} | {"named"}
    assert set(REASONS) == roles


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.usefixtures("no_mail_server")
def test_a_failure_is_written_down_and_tried_again_at_growing_distances(world: World, settings: Any) -> None:
    offered(world)
    assert work_off() == ["deliver", "send", "send", "send"]
    for message in Message.objects.all():
        assert (message.sent_at, message.attempts) == (None, 1)
        assert "ConnectionRefusedError" in message.last_error
    message = Message.objects.get(member=world.ben)

    def is_due(after: timedelta) -> bool:
        return Message.objects.filter(due_again(message.created_at + after), id=message.id).exists()

    assert (is_due(timedelta(seconds=119)), is_due(timedelta(seconds=121))) == (False, True)
    send(message.organization_id, message.id, at=message.created_at + timedelta(seconds=60))
    message.refresh_from_db()
    assert message.attempts == 1, "it is not its time yet"
    second = message.due_at
    send(message.organization_id, message.id, at=second)
    message.refresh_from_db()
    assert message.attempts == 2
    assert message.due_at - second == timedelta(seconds=120)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(message.organization_id, message.id, at=message.due_at)
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.last_error == ""
    assert not is_due(timedelta(days=30))
    assert to("Ben")["Message-ID"] == message.reference


@pytest.mark.usefixtures("no_mail_server")
def test_after_many_failures_it_is_given_up(world: World) -> None:
    offered(world)
    work_off()
    message = Message.objects.get(member=world.ben)
    start = message.created_at
    while message.given_up_at is None:
        assert send(message.organization_id, message.id, at=message.due_at) is None
        message.refresh_from_db()
    assert message.attempts == MOST_ATTEMPTS
    assert timedelta(hours=17) < message.given_up_at - start < timedelta(hours=17, minutes=10)
    assert not Message.objects.filter(due_again(start + timedelta(days=300)), id=message.id).exists()
