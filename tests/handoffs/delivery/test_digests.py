"""Digests lose nothing and send nothing twice, whatever arrives, whatever people chose, and whoever dies when."""

from collections import Counter
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from handoffs import actions
from handoffs.actions.delivery import Choices, choose
from handoffs.delivery import digests, rests
from handoffs.delivery import mail as mail_channel
from handoffs.delivery.kinds import Kind, Pace
from handoffs.leftovers import ungathered
from handoffs.lifecycle import State
from handoffs.models import Digest, Handoff, Message
from tests.handoffs.delivery.telling import alarm, tell, work
from tests.world import World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Died(BaseException):
    """The worker was killed: nothing of it runs any more."""


def noted(world: World, handoff: Handoff, words: str) -> None:
    """Ben adds a note; Ana, who sent it, is told."""
    actions.note(handoff, by=world.ben, at=world.now, body=words)
    tell(handoff, world.now)


def sent_to(name: str) -> list[Any]:
    return [message for message in mail.outbox if message.to[0].startswith(f"{name} ")]


@pytest.fixture
def handoff(world: World) -> Handoff:
    return world.handoff(State.OFFERED)


def test_more_than_an_hour_holds_waits_in_one_digest(world: World, handoff: Handoff, settings: Any) -> None:
    settings.HANDRAIL_PUSHES_PER_HOUR = 10
    for number in range(30):
        noted(world, handoff, f"Note {number}")
    work(world.now)
    work(world.now + 5 * MINUTE)
    assert len(sent_to("Ana")) == 7, "ten, without two for alarms and one for the digest"
    work(world.now + HOUR)
    digest = sent_to("Ana")[-1]
    assert len(sent_to("Ana")) == 8
    assert digest.subject.startswith("Digest: 23 things")
    work(world.now + 5 * HOUR)
    assert len(sent_to("Ana")) == 8
    assert not Message.objects.filter(sent_at=None).exists()


def test_alarms_have_places_of_their_own(world: World, handoff: Handoff, settings: Any) -> None:
    settings.HANDRAIL_PUSHES_PER_HOUR = 10
    for number in range(9):
        noted(world, handoff, f"Note {number}")
    work(world.now)
    for _ in range(3):
        alarm(world, handoff, "sender")
    work(world.now)
    subjects = [message.subject for message in sent_to("Ana")]
    assert [subject.partition(":")[0] for subject in subjects] == ["Note from Ben"] * 7 + ["Late"] * 2


def test_a_digest_can_be_stopped_by_one_click(world: World, handoff: Handoff) -> None:
    choose(member=world.ana, choices=Choices({(Kind.NOTES, "mail"): Pace.DIGEST}), by=world.ana, at=world.now)
    noted(world, handoff, "Hello")
    work(world.now + HOUR)
    [digest] = sent_to("Ana")
    headers = digest.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == Digest.objects.get().reference


def test_a_digest_says_what_was_said(world: World, handoff: Handoff) -> None:
    choose(member=world.ana, choices=Choices({(Kind.NOTES, "mail"): Pace.DIGEST}), by=world.ana, at=world.now)
    noted(world, handoff, "The <b>access</b> list\nis on its way")
    work(world.now + HOUR)
    [digest] = sent_to("Ana")
    html = digest.alternatives[0][0]
    assert "The <b>access</b> list\nis on its way" in digest.body
    assert "The &lt;b&gt;access&lt;/b&gt; list<br>is on its way" in html
    assert 'style="' in html
    assert "src=" not in html


def test_two_gatherings_make_one_digest(world: World, handoff: Handoff) -> None:
    choose(member=world.ana, choices=Choices({(Kind.NOTES, "mail"): Pace.DIGEST}), by=world.ana, at=world.now)
    noted(world, handoff, "Hello")
    at = world.now + HOUR
    for _ in range(3):
        digests.gather(world.organization.id, world.ana.id, "mail", at=at)
    assert Digest.objects.count() == 1
    assert list(ungathered(at)) == []


def test_the_statements_of_a_digest_do_not_grow_with_it(world: World, django_assert_max_num_queries: Any) -> None:
    choose(member=world.ben, choices=Choices({(Kind.OFFERS, "mail"): Pace.DIGEST}), by=world.ben, at=world.now)
    for _ in range(12):
        tell(world.handoff(State.OFFERED), world.now)
    Message.objects.exclude(member=world.ben).delete()
    with django_assert_max_num_queries(35):
        work(world.now + HOUR)
    assert sent_to("Ben")[0].subject.startswith("Digest: 12 things about 12 handoffs")


def machine(world: World) -> type[RuleBasedStateMachine]:
    """Ana is told of notes and alarms while she changes her mind and workers die; each run is taken back."""

    class AnyArrivals(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.savepoint = transaction.savepoint()
            rests.forget()
            mail.outbox = []  # type: ignore[attr-defined]
            self.now: datetime = world.now
            self.handoff = world.handoff(State.OFFERED)
            self.pace, self.number = Pace.AT_ONCE, 0
            self.wanted: set[str] = set()
            self.unwanted: set[str] = set()

        def teardown(self) -> None:
            # Two days without anybody dying.
            for _ in range(50):
                self.now += HOUR
                work(self.now)
            self.each_once()
            transaction.savepoint_rollback(self.savepoint)

        @rule(count=st.integers(1, 6))
        def notes_arrive(self, count: int) -> None:
            for _ in range(count):
                self.number += 1
                handoff = actions.draft(world.projects, by=world.ana, at=self.now, title=f"#{self.number}#")
                actions.note(handoff, by=world.mo, at=self.now, body="Look")
                tell(handoff, self.now)
                (self.unwanted if self.pace is Pace.NEVER else self.wanted).add(f"#{self.number}#")

        @rule(pace=st.sampled_from([Pace.AT_ONCE, Pace.DIGEST, Pace.NEVER]), daily=st.none() | st.integers(0, 23))
        def she_changes_her_mind(self, pace: Pace, daily: int | None) -> None:
            quiet = (time(1), time(3)) if daily and daily % 2 else (None, None)
            choices = Choices({(Kind.NOTES, "mail"): pace}, daily, *quiet)
            choose(member=world.ana, choices=choices, by=world.ana, at=self.now)
            self.pace = pace
            if pace is Pace.NEVER:  # what waits for a digest is left out from now on
                waits = Message.objects.filter(digest=None, in_digest=True, sent_at=None)
                dropped = waits.values_list("event__handoff__title", flat=True)
                self.unwanted |= set(dropped)
                self.wanted -= set(dropped)

        @rule(minutes=st.integers(1, 300))
        def time_passes(self, minutes: int) -> None:
            self.now += minutes * MINUTE

        @rule()
        def the_worker_works(self) -> None:
            work(self.now)

        @rule(after=st.booleans())
        def the_worker_dies(self, after: bool) -> None:
            """Before the mail server has it, or right after, before that is written down."""
            hand_over = mail_channel._hand_over

            def die(message: Any) -> None:
                if after:
                    hand_over(message)
                raise Died

            with patch.object(mail_channel, "_hand_over", die):
                try:
                    work(self.now)
                except Died:
                    return

        @rule()
        def the_gatherer_dies(self) -> None:
            """Between making the digest and the commit: neither is there."""
            with patch.object(digests, "enqueue", side_effect=Died):
                try:
                    with transaction.atomic():
                        work(self.now)
                except Died:
                    return

        @invariant()
        def no_hour_holds_too_much(self) -> None:
            pushed = [*Message.objects.values_list("pushed_at", flat=True)]
            pushed += Digest.objects.values_list("pushed_at", flat=True)
            instants = sorted(instant for instant in pushed if instant)
            assert all(sum(a <= b < a + HOUR for b in instants) <= 4 for a in instants)

        @invariant()
        def each_at_most_once(self) -> None:
            assert max(self.told().values(), default=1) == 1

        def each_once(self) -> None:
            told = self.told()
            assert self.wanted <= set(told), "lost"
            assert set(told) <= self.wanted | self.unwanted

        def told(self) -> Counter[str]:
            """How often each title was told, where mails with the same id are shown once, as mail readers do."""
            mails = {m.extra_headers["Message-ID"]: m for m in sent_to("Ana")}
            found: Counter[str] = Counter()
            for one in mails.values():
                parsed = message_from_bytes(one.message().as_bytes(), policy=policy.default)
                part = parsed.get_body(("plain",))  # type: ignore[attr-defined]
                titles = [word for word in part.get_content().split() if word.startswith("#") and word.endswith("#")]
                found.update(set(titles))
            return found

    return AnyArrivals


def test_any_arrivals(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "HANDRAIL_PUSHES_PER_HOUR", 4)
    run_state_machine_as_test(
        machine(world),
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
