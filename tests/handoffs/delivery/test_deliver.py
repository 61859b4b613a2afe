"""From an event in the outbox to notices and messages: once per event and person, however often the job runs."""

from typing import Any

import pytest
from django.core import mail

from handoffs import actions, jobs
from handoffs.lifecycle import State
from handoffs.models import Delivery, Event, Handoff, Message, Notice, Offer
from tenants.actions import add_to_team, invite, join
from tenants.models import Member, Role, User
from tests.handoffs.worker import nowhere, queued, work_off
from tests.pinned import pinned
from tests.world import World


def newest(handoff: Handoff) -> Event:
    return Event.objects.get(handoff=handoff, seq=handoff.ledger_seq)


def counts() -> tuple[int, int, int, int]:
    return Delivery.objects.count(), Notice.objects.count(), Message.objects.count(), len(mail.outbox)


def test_nothing_of_an_organization_is_seen_where_a_job_starts(world: World) -> None:
    """The other tests here mean little if a job could lean on the organization of the test."""
    world.handoff(State.OFFERED)
    with nowhere():
        assert not Handoff.objects.exists()
        assert not Member.objects.exists()
    assert Handoff.objects.exists()


def test_an_offer_reaches_each_receiver_as_notice_and_mail(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    assert work_off() == ["deliver", "send", "send", "send"]
    notices = Notice.objects.filter(handoff=handoff)
    assert {(notice.member.name, notice.why) for notice in notices} == {
        ("Ben", "receivers"),
        ("Bo", "receivers"),
        ("Lea", "receivers"),
    }
    assert {message.sent_at is not None for message in Message.objects.all()} == {True}
    assert sorted(mail.to[0] for mail in mail.outbox) == [
        "Ben <ben@fjord.example>",
        "Bo <bo@fjord.example>",
        "Lea <lea@fjord.example>",
    ]
    assert Delivery.objects.get(event=newest(handoff))


def test_run_twice_changes_nothing(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    tasks = queued()
    work_off()
    before = counts()
    sends = [("send", (str(world.organization.id), id)) for id in Message.objects.values_list("id", flat=True)]
    for job, args in [*tasks, *sends, *tasks]:
        with nowhere():
            getattr(jobs, job)(*args)
    work_off()
    assert counts() == before == (1, 3, 3, 3)
    assert handoff.open_offer is not None


def test_a_delivery_that_broke_off_halfway_is_finished_by_the_next(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    event = newest(handoff)
    Notice.objects.create(
        organization=world.organization,
        event=event,
        handoff=handoff,
        member=world.ben,
        why="receivers",
        created_at=world.now,
    )
    work_off()
    assert counts() == (1, 3, 3, 3)


def test_delivered_is_a_fact_of_the_offer(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    offer = Offer.objects.get(handoff=handoff)
    assert offer.delivered_at is None
    work_off()
    offer.refresh_from_db()
    delivered_at = offer.delivered_at
    assert delivered_at is not None
    actions.withdraw(handoff, by=world.ana, at=world.later(minutes=1))
    work_off()
    offer.refresh_from_db()
    assert offer.delivered_at == delivered_at


def test_an_offer_that_reached_nobody_is_not_delivered(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    for name in ("ben", "bo", "lea"):
        user = getattr(world, name).user
        user.is_active = False
        user.save()
    work_off()
    assert Offer.objects.get(handoff=handoff).delivered_at is None
    assert counts() == (1, 0, 0, 0)


def test_a_redirected_offer_is_delivered_anew(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    handoff = actions.redirect(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Support"))
    second = handoff.open_offer
    assert second is not None
    assert second.delivered_at is None
    work_off()
    second.refresh_from_db()
    assert second.delivered_at is not None


@pytest.mark.parametrize(
    ("job", "arguments"),
    [("deliver", [10**12]), ("send", [10**12]), ("raise_alarms", [10**12]), ("resume_held", [10**12])],
)
def test_a_job_whose_subject_is_gone_ends_quietly(world: World, job: str, arguments: list[int]) -> None:
    before = counts()
    for organization_id in (str(world.organization.id), "00000000-0000-4000-8000-000000000000"):
        with nowhere():
            getattr(jobs, job)(organization_id, *arguments)
    assert counts() == before


def test_a_job_cannot_deliver_another_organizations_event(world: World, elsewhere: Any) -> None:
    event = newest(world.handoff(State.OFFERED))
    with nowhere():
        jobs.deliver(str(elsewhere.id), event.id)
    assert counts() == (0, 0, 0, 0)


def test_what_changes_nothing_tells_nobody(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    actions.offer(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    assert queued() == []


def test_a_replayed_handoff_sends_nothing(world: World) -> None:
    handoff = actions.draft(world.projects, by=world.ana, at=world.now, title="From a log", imported=True)
    actions.offer(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    assert queued() == []


def test_telling_many_takes_as_many_statements_as_telling_few(world: World) -> None:
    """The statements of telling one event, and of sending one message, are pinned."""
    handoff = world.handoff(State.OFFERED)
    for event in (newest(handoff), newest(_many_receive(world))):
        with pinned("deliver"):
            jobs.deliver(str(world.organization.id), event.id)
        message = Message.objects.filter(event=event).earliest("id")
        with pinned("send_mail"):
            jobs.send(str(world.organization.id), message.id)
    assert Message.objects.filter(event=event).count() > 20


def _many_receive(world: World) -> Handoff:
    for number in range(20):
        user = User.objects.create(email=f"n{number}@fjord.example", name=f"N{number}")
        _, token = invite(email=user.email, role=Role.MEMBER, by=world.olga, at=world.now)
        member = join(raw_token=token, user=user, at=world.now)
        add_to_team(team=world.team("Onboarding"), member=member, by=world.olga, at=world.now)
    return world.handoff(State.OFFERED)
