"""How soon each person is told of what: at once, in a digest, or not; and never in their quiet hours."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from handoffs import actions
from handoffs.actions.delivery import Choices, choices_of, choose
from handoffs.delivery.audience import TELLING
from handoffs.delivery.kinds import FIXED, KIND_OF, Kind, Pace
from handoffs.lifecycle import State
from handoffs.models import Message, Notice, Preference
from handoffs.refusals import Refusal
from tenants.actions import remove_from_team
from tenants.models import Member
from tests.handoffs.delivery.telling import alarm, tell, work
from tests.world import World

DAILY_AT_NINE = 9


def wants(world: World, member: Member, pace: Pace, kind: Kind = Kind.OFFERS, **rhythm: object) -> None:
    choose(
        member=member,
        choices=Choices({(kind, "mail"): pace}, **rhythm),  # type: ignore[arg-type]
        by=member,
        at=world.now,
    )


def mailed(name: str) -> int:
    return sum(message.to[0].startswith(f"{name} ") for message in mail.outbox)


def test_who_chose_nothing_is_told_at_once(world: World) -> None:
    assert set(choices_of(world.ben).paces.values()) == {Pace.AT_ONCE}
    tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert mailed("Ben") == 1


def test_not_means_a_notice_and_no_mail(world: World) -> None:
    wants(world, world.ben, Pace.NEVER)
    event = tell(world.handoff(State.OFFERED), world.now)
    work(world.now + timedelta(days=3))
    assert (mailed("Ben"), mailed("Bo")) == (0, 1)
    assert Notice.objects.filter(event=event, member=world.ben).exists()


def test_a_choice_is_about_one_kind(world: World) -> None:
    wants(world, world.ana, Pace.NEVER, Kind.NOTES)
    handoff = world.handoff(State.OFFERED)
    actions.note(handoff, by=world.ben, at=world.later(minutes=1), body="Looks good")
    tell(handoff, world.now)
    actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
    tell(handoff, world.now)
    work(world.now)
    assert mailed("Ana") == 1
    assert "Accepted by Ben" in mail.outbox[0].subject


def test_a_daily_digest_holds_what_happened_since(world: World) -> None:
    world.ben.zone = "Europe/Tallinn"
    world.ben.save()
    wants(world, world.ben, Pace.DIGEST, daily_at=DAILY_AT_NINE)
    first, second = world.handoff(State.OFFERED, title="First"), world.handoff(State.OFFERED, title="Second")
    for handoff in (first, second):
        tell(handoff, world.now)
    nine = datetime.fromisoformat("2026-11-17T09:00+02:00")
    work(nine - timedelta(seconds=1))
    assert mailed("Ben") == 0
    work(nine)
    work(nine + timedelta(days=1))
    assert mailed("Ben") == 1
    digest = next(message for message in mail.outbox if message.to[0].startswith("Ben "))
    assert digest.subject == "Digest: 2 things about 2 handoffs"
    for handoff in (first, second):
        assert f"{handoff.reference} {handoff.title}" in digest.body
    assert digest.body.count("Ana offered this to Onboarding") == 2
    assert digest.body.count("Accept it, or return it with a reason.") == 2
    assert not Message.objects.filter(member=world.ben, sent_at=None).exists()


def test_a_digest_leaves_out_what_its_reader_may_not_see_any_more(world: World) -> None:
    wants(world, world.ben, Pace.DIGEST)
    tell(world.handoff(State.OFFERED, title="Gone"), world.now)
    remove_from_team(team=world.team("Onboarding"), member=world.ben, by=world.olga, at=world.now)
    work(world.now + timedelta(hours=2))
    assert mailed("Ben") == 0
    message = Message.objects.get(member=world.ben)
    assert message.given_up_at is not None
    assert message.trouble == "", "nobody is bothered with it"


def test_alarms_cannot_be_switched_off_or_put_off(world: World) -> None:
    for pace in (Pace.NEVER, Pace.DIGEST):
        with pytest.raises(Refusal) as refused:
            wants(world, world.ben, pace, Kind.ALARMS)
        assert refused.value.code == "alarms_stay"
        here = {"organization": world.organization, "member": world.ben, "channel": "mail"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Preference.objects.create(**here, kind=Kind.ALARMS, pace=pace)
    alarm(world, world.handoff(State.STARTED), "custodian")
    work(world.now)
    assert mailed("Ben") == 1


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        (Choices(quiet_from=time(22)), "quiet_needs_both"),
        (Choices(quiet_until=time(7)), "quiet_needs_both"),
        (Choices(quiet_from=time(7), quiet_until=time(7)), "quiet_is_empty"),
        (Choices(daily_at=24), "no_such_hour"),
        (Choices({(Kind.NOTES, "pigeon"): Pace.NEVER}), "unknown_channel"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, choices: Choices, code: str) -> None:
    before = choices_of(world.ben)
    with pytest.raises(Refusal) as refused:
        choose(member=world.ben, choices=choices, by=world.ben, at=world.now)
    assert refused.value.code == code
    assert choices_of(world.ben) == before


def test_nobody_chooses_for_somebody_else(world: World) -> None:
    for by in (world.bo, world.olga, world.system):
        with pytest.raises(Refusal) as refused:
            choose(member=world.ben, choices=Choices(), by=by, at=world.now)
        assert refused.value.code == "not_your_choice"


def test_choosing_twice_is_choosing_once(world: World) -> None:
    for _ in range(2):
        wants(world, world.ben, Pace.DIGEST, daily_at=7, quiet_from=time(22), quiet_until=time(6))
    chosen = choices_of(world.ben)
    assert chosen.paces[Kind.OFFERS, "mail"] is Pace.DIGEST
    assert (chosen.daily_at, chosen.quiet_from, chosen.quiet_until) == (7, time(22), time(6))


def test_quiet_hours_make_messages_wait_and_notices_not(world: World) -> None:
    wants(world, world.ben, Pace.AT_ONCE, quiet_from=time(8), quiet_until=time(12))
    event = tell(world.handoff(State.OFFERED), world.now)
    work(world.now)
    assert (mailed("Ben"), mailed("Bo")) == (0, 1)
    assert Notice.objects.filter(event=event, member=world.ben).exists()
    noon = datetime.fromisoformat("2026-11-16T12:00+00:00")
    work(noon - timedelta(seconds=1))
    assert mailed("Ben") == 0
    work(noon)
    assert mailed("Ben") == 1


def test_an_alarm_breaks_the_quiet_only_if_its_rung_says_so(world: World) -> None:
    handoff = world.handoff(State.STARTED)
    wants(world, world.ben, Pace.AT_ONCE, quiet_from=time(0), quiet_until=time(23, 59))
    alarm(world, handoff, "custodian")
    work(world.now)
    assert mailed("Ben") == 0
    alarm(world, handoff, "custodian", breaks_quiet=True)
    work(world.now)
    assert mailed("Ben") == 1


def test_a_rung_names_the_channels_that_push_it(world: World) -> None:
    handoff = world.handoff(State.STARTED)
    event = alarm(world, handoff, "custodian", channels=["chat"])
    work(world.now)
    assert mailed("Ben") == 0
    assert Notice.objects.filter(event=event, member=world.ben).exists()
    alarm(world, handoff, "custodian", channels=["mail"])
    work(world.now)
    assert mailed("Ben") == 1


def test_what_waits_follows_a_change_of_mind(world: World) -> None:
    wants(world, world.ben, Pace.DIGEST, daily_at=23)
    wants(world, world.bo, Pace.DIGEST)
    tell(world.handoff(State.OFFERED), world.now)
    wants(world, world.ben, Pace.DIGEST)
    wants(world, world.bo, Pace.NEVER)
    work(world.now + timedelta(hours=1))
    assert (mailed("Ben"), mailed("Bo")) == (1, 0)


def test_every_verb_that_is_told_has_a_kind() -> None:
    assert set(KIND_OF) == set(TELLING)
    assert {Kind.ALARMS} == FIXED
    assert all(kind.label and kind.explained for kind in Kind)
