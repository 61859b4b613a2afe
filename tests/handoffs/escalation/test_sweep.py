"""The sweep, one at a time: what is due fires, in order, and nothing else does."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from handoffs import actions, jobs
from handoffs.actions.templates import create_ladder, create_template, publish
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.escalation.sweep import fire
from handoffs.lifecycle import State, Verb
from handoffs.models import Alarm, Clock, Event, Handoff, Ladder, Notice, Priority, Rung, TemplateVersion
from handoffs.refusals import Forbidden
from handoffs.schedule import Rota
from tenants.scope import everyone
from tests.handoffs.worker import nowhere, work_off
from tests.world import World

HOUR = timedelta(hours=1)
SILENT = Rota(table=())


def sweep(at: datetime) -> int:
    """One pass of the sweep, as the worker does it: with every organization in force."""
    with nowhere(), everyone():
        return len(fire(at))


def tick(at: datetime) -> None:
    """One beat of the pacemaker, without what recurs."""
    with nowhere():
        jobs.tick(at, SILENT)


def clock_of(handoff: Handoff) -> Clock:
    return Clock.objects.get(handoff=handoff, stopped_at=None)


def positions(handoff: Handoff) -> list[int]:
    return [alarm.rung.position for alarm in Alarm.objects.filter(handoff=handoff).order_by("id")]


def alarms_told(handoff: Handoff) -> list[tuple[int, str]]:
    """(rung, who) of the alarms that reached people, in the order in which they did."""
    notices = Notice.objects.filter(handoff=handoff, event__verb=Verb.ESCALATE).order_by("event__seq", "member__name")
    return [(notice.event.facts["rung"], notice.member.name) for notice in notices]


def template(world: World, **given: object) -> TemplateVersion:
    version = create_template(name="Quick", by=world.olga, at=world.now)
    for name, value in given.items():
        setattr(version, name, value)
    version.save()
    return publish(version=version, by=world.olga, at=world.now)


def test_each_rung_fires_at_its_instant_and_not_before(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    at = clock_of(handoff).rung_ats
    for number, instant in enumerate(at):
        assert sweep(instant - timedelta(microseconds=1)) == 0
        assert positions(handoff) == list(range(1, number + 1))
        assert sweep(instant) == 1
    assert positions(handoff) == [1, 2, 3]
    assert sweep(at[-1] + 365 * 24 * HOUR) == 0
    assert clock_of(handoff).next_alarm_at is None


def test_rungs_missed_while_down_fire_together_and_in_order(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    late = clock_of(handoff).rung_ats[-1] + 24 * HOUR
    assert [sweep(late) for _ in range(3)] == [3, 0, 0]
    assert positions(handoff) == [1, 2, 3]
    assert list(Alarm.objects.order_by("id").values_list("due_at", flat=True)) == clock_of(handoff).rung_ats


def test_what_was_missed_is_written_down_whole_and_told_each_person_once(world: World) -> None:
    """The record has each rung with the instant at which it was due; nobody hears once per rung."""
    handoff = world.handoff(State.OFFERED)
    work_off()
    instants = clock_of(handoff).rung_ats
    tick(instants[-1] + 24 * HOUR)
    work_off()
    (event,) = Event.objects.of(handoff.id).filter(verb=Verb.ESCALATE)
    missed = [(fired["rung"], fired["rung_due_at"]) for fired in event.facts["alarms"]]
    assert missed == [(number, instant.isoformat()) for number, instant in enumerate(instants, start=1)]
    told = [name for _, name in alarms_told(handoff)]
    assert sorted(told) == sorted(set(told))
    assert {"Ana", "Ben", "Bo", "Lea", "Mo"} <= set(told)


def test_the_standard_ladder_tells_and_redirects_to_the_backup(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    instants = clock_of(handoff).rung_ats
    for instant in instants:
        tick(instant)
        work_off()
    assert alarms_told(handoff) == [
        *((1, name) for name in ("Ben", "Bo", "Lea")),
        *((2, name) for name in ("Ana", "Ben", "Bo", "Lea")),
        (3, "Mo"),
    ]
    handoff.refresh_from_db()
    assert handoff.open_offer is not None
    assert handoff.open_offer.to_team == world.team("Support")
    assert handoff.custodian == world.ana
    assert [offer.state for offer in handoff.offers.order_by("seq")] == ["superseded", "open"]
    assert Event.objects.filter(handoff=handoff, verb=Verb.ESCALATE).count() == 3


def test_an_alarm_raised_twice_is_told_once(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    sweep(clock_of(handoff).rung_ats[0])
    alarm = Alarm.objects.get()
    for _ in range(3):
        with nowhere():
            jobs.raise_alarms(str(world.organization.id), alarm.id)
    work_off()
    assert Event.objects.filter(handoff=handoff, verb=Verb.ESCALATE).count() == 1
    assert alarms_told(handoff) == [(1, "Ben"), (1, "Bo"), (1, "Lea")]


def test_an_alarm_is_for_the_system_alone_to_raise(world: World) -> None:
    """Refused before the first change: whoever catches the refusal must not have silenced the alarm."""
    handoff = world.handoff(State.OFFERED)
    sweep(clock_of(handoff).rung_ats[0])
    for name in ("ana", "mo", "olga"):
        with pytest.raises(Forbidden):
            actions.escalate(handoff, by=getattr(world, name), at=world.now, alarms=[Alarm.objects.get()])
    assert Alarm.objects.get().raised_at is None


def test_accepted_between_firing_and_raising_the_alarm_is_moot(world: World) -> None:
    """What could not be raised at once waits in the queue, and the world moves on meanwhile."""
    handoff = world.handoff(State.OFFERED)
    work_off()
    sweep(clock_of(handoff).rung_ats[0])
    actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
    alarm = Alarm.objects.get()
    with nowhere():
        jobs.raise_alarms(str(world.organization.id), alarm.id)
    work_off()
    assert Alarm.objects.get().raised_at is not None
    assert alarms_told(handoff) == []
    assert not Event.objects.filter(handoff=handoff, verb=Verb.ESCALATE).exists()


@pytest.mark.parametrize("end", ["accept", "return", "withdraw", "cancel"])
def test_a_stopped_clock_is_silent(world: World, end: str) -> None:
    handoff = world.handoff(State.OFFERED)
    late = clock_of(handoff).rung_ats[-1] + 24 * HOUR
    at = world.later(minutes=1)
    if end == "accept":
        actions.accept(handoff, by=world.ben, at=at)
    elif end == "return":
        actions.return_(handoff, by=world.ben, at=at, reason="Not ready")
    elif end == "withdraw":
        actions.withdraw(handoff, by=world.ana, at=at)
    else:
        actions.cancel(handoff, by=world.ana, at=at, reason="Signed elsewhere")
    if end == "accept":
        # The receiver promises in turn to start: that ladder has its own rungs.
        assert clock_of(handoff).kind == "start"
        actions.start(handoff, by=world.ben, at=world.later(minutes=1))
    assert sweep(late) == 0


def test_a_paused_clock_is_silent_until_it_goes_on(world: World) -> None:
    handoff = world.handoff(State.STARTED, template=template(world, complete_within=4 * HOUR))
    work_off()
    before = clock_of(handoff)
    until = world.now + timedelta(days=3)
    handoff = actions.hold(handoff, by=world.ben, at=world.later(minutes=5), reason="Waiting", until=until)
    assert sweep(before.rung_ats[-1] + 24 * HOUR) == 0
    world.now = until
    actions.resume(handoff, by=world.ben, at=world.now)
    after = clock_of(handoff)
    assert after.rung_ats[0] > until
    assert sweep(after.rung_ats[0] - timedelta(microseconds=1)) == 0
    assert sweep(after.rung_ats[0]) == 1


def test_the_time_to_complete_has_its_ladder_too(world: World) -> None:
    handoff = world.handoff(State.STARTED, template=template(world, complete_within=4 * HOUR))
    work_off()
    tick(clock_of(handoff).rung_ats[-1])
    work_off()
    assert [name for _, name in alarms_told(handoff)] == ["Ana", "Ben", "Lea", "Mo"]
    handoff.refresh_from_db()
    assert handoff.custodian == world.ben
    assert handoff.open_offer is None


def test_a_rung_may_raise_the_priority(world: World) -> None:
    ladder = create_ladder(
        name="Urgent",
        by=world.olga,
        at=world.now,
        rungs=[RungSpec(Decimal("1"), [Audience.CUSTODIAN], raises_priority=True)],
    )
    handoff = world.handoff(State.OFFERED, template=template(world, ladder=ladder))
    work_off()
    tick(clock_of(handoff).rung_ats[-1])
    work_off()
    handoff.refresh_from_db()
    assert handoff.priority == Priority.HIGH
    assert alarms_told(handoff) == [(1, "Ana")]


def test_a_gap_between_positions_does_not_silence_an_alarm(world: World) -> None:
    ladder = Ladder.objects.create(organization=world.organization, name="Gaps", frozen_at=world.now)
    for position, share in ((2, "0.5"), (7, "1")):
        Rung.objects.create(
            organization=world.organization,
            ladder=ladder,
            position=position,
            share=Decimal(share),
            audience=["sender"],
        )
    handoff = world.handoff(State.OFFERED, template=template(world, ladder=ladder))
    late = clock_of(handoff).rung_ats[-1]
    assert [sweep(late), sweep(late)] == [2, 0]
    assert positions(handoff) == [2, 7]


def test_the_database_refuses_a_second_firing(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    sweep(clock_of(handoff).rung_ats[0])
    alarm = Alarm.objects.get()
    with pytest.raises(IntegrityError, match="alarm_once"), transaction.atomic():
        Alarm.objects.create(
            organization=world.organization,
            clock=alarm.clock,
            rung=alarm.rung,
            handoff=handoff,
            due_at=alarm.due_at,
            fired_at=alarm.fired_at,
        )
    Clock.objects.filter(id=alarm.clock_id).update(rungs_fired=0, next_alarm_at=alarm.due_at)
    assert sweep(alarm.due_at) == 0, "a clock set back by hand fires no rung twice"
    assert Alarm.objects.count() == 1


def test_a_batch_takes_the_longest_due_first(world: World) -> None:
    first = world.handoff(State.OFFERED)
    world.later(hours=3)
    second = world.handoff(State.OFFERED)
    late = clock_of(second).rung_ats[0]
    with nowhere(), everyone():
        assert len(fire(late, limit=1)) >= 1
    assert positions(first)
    assert not positions(second)
