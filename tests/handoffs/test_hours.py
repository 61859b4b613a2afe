"""Hours change: what runs is laid out anew, on the record; what was stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from handoffs import actions, hours, jobs
from handoffs.actions.templates import create_template, publish, write
from handoffs.escalation.sweep import fire
from handoffs.ledger.sentences import sentence
from handoffs.ledger.verify import faults
from handoffs.lifecycle import State, Verb
from handoffs.models import Alarm, Clock, ClockKind, Event, Handoff, Offer
from tenants.actions import create_calendar
from tenants.models import Calendar
from tenants.refusals import Forbidden, Invalid
from tests.handoffs.test_jobs import look
from tests.handoffs.worker import queued, work_off
from tests.world import World

HOUR = timedelta(hours=1)
DAYS = ("mon", "tue", "wed", "thu", "fri")


def change(world: World, start: str = "13:00", end: str = "21:00", **given: Any) -> Calendar:
    """Olga lets the firm work from `start` to `end`; the world begins on a Monday at 8, offices open at 9."""
    week = {day: [[start, end]] for day in DAYS}
    fields = {"name": world.calendar.name, "zone": "UTC", "hours": week, **given}
    return hours.change_calendar(calendar=world.calendar, by=world.olga, at=world.now, **fields)


def told(handoff: Handoff) -> Event | None:
    return Event.objects.filter(handoff=handoff, verb=Verb.RECOMPUTE).order_by("seq").last()


def clock(handoff: Handoff, kind: ClockKind = ClockKind.ACCEPT) -> Clock:
    return Clock.objects.get(handoff=handoff, kind=kind)


def with_a_term(world: World, to: State) -> Handoff:
    """A handoff of a template with eight hours to complete, held by Ben."""
    draft = create_template(name="Set up", description="", by=world.olga, at=world.now)
    write(version=draft, parts=[], complete_within=8 * HOUR, by=world.olga, at=world.now)
    version = publish(version=draft, by=world.olga, at=world.now)
    return world.handoff(at=to, template=version)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+00:00")


def test_a_promise_moves_with_the_hours_and_the_ledger_says_from_where_to_where_and_why(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)  # Monday, 08:10
    assert clock(handoff).due_at == at("16T13:00")
    change(world)
    assert queued()[-1][0] == "lay_out"
    work_off()
    moved = clock(handoff)
    assert moved.due_at == at("16T17:00")
    assert moved.rung_ats == [at("16T15:00"), at("16T17:00"), at("16T21:00")]
    assert moved.next_alarm_at == at("16T15:00")
    assert Offer.objects.get(handoff=handoff).due_at == moved.due_at
    event = told(handoff)
    assert event is not None
    assert event.by == world.system
    [fact] = event.facts["clocks"]
    assert (fact["was"], fact["is"]) == (at("16T13:00").isoformat(), at("16T17:00").isoformat())
    assert sentence(event) == (
        "Handrail worked out anew when this is due: Olga changed the hours of “Office hours”. "
        "Time to accept: until 16 November 2026 17:00 instead of 16 November 2026 13:00 (UTC)."
    )
    assert list(faults(world.organization.id)) == []


def test_what_does_not_move_is_not_written_down_and_twice_is_once(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    change(world)
    work_off()
    here = str(world.organization.id)
    jobs.recompute_due(here, None, "Again.", handoff.id)
    jobs.lay_out(here, world.calendar.id)
    work_off()
    assert Event.objects.filter(handoff=handoff, verb=Verb.RECOMPUTE).count() == 1
    change(world, days=[{"date": "2030-01-02", "name": "Far away", "hours": []}])
    work_off()
    assert Event.objects.filter(handoff=handoff, verb=Verb.RECOMPUTE).count() == 1
    assert not hours.behind().exists()


def test_another_name_lays_nothing_out(world: World) -> None:
    world.handoff(at=State.OFFERED)
    work_off()
    change(world, name="Hours", hours=world.calendar.hours)
    assert queued() == []
    assert Calendar.objects.get(pk=world.calendar.pk).revision == 1


def test_what_has_ended_stays_as_it_was(world: World) -> None:
    done = world.handoff(at=State.COMPLETED)
    before = list(Clock.objects.filter(handoff=done).order_by("id").values())
    change(world)
    work_off()
    assert list(Clock.objects.filter(handoff=done).order_by("id").values()) == before
    assert told(done) is None


def test_rungs_that_fired_stay_and_the_others_move(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    first = clock(handoff).rung_ats[0]
    assert len(fire(first)) == 1
    world.now = first
    change(world)
    work_off()
    moved = clock(handoff)
    assert moved.rung_ats == [first, at("16T17:00"), at("16T21:00")]
    assert (moved.rungs_fired, moved.next_alarm_at) == (1, at("16T17:00"))
    assert Alarm.objects.get(clock=moved).due_at == first


def test_a_rung_that_should_have_fired_by_now_fires_with_the_next_sweep_due_when_it_should_have_been(
    world: World,
) -> None:
    change(world, "13:00", "21:00")
    handoff = world.handoff(at=State.OFFERED)
    work_off()
    world.now = at("16T11:30")
    change(world, "09:00", "17:00")
    work_off()
    assert clock(handoff).next_alarm_at == at("16T11:00")
    fire(world.now)
    assert Alarm.objects.get(handoff=handoff).due_at == at("16T11:00")


def test_work_on_hold_keeps_its_pause(world: World) -> None:
    handoff = with_a_term(world, State.ON_HOLD)  # accepted 08:20, on hold since 08:40
    work_off()
    before = clock(handoff, ClockKind.COMPLETE)
    change(world)
    actions.recompute(handoff, by=world.system, at=world.now, why="Because.")
    after = clock(handoff, ClockKind.COMPLETE)
    assert (after.paused_at, after.pauses, after.next_alarm_at) == (before.paused_at, before.pauses, None)
    assert (before.due_at, after.due_at) == (at("16T17:00"), at("16T21:00"))
    handoff.refresh_from_db()
    assert handoff.complete_due_at == after.due_at
    resumed = actions.resume(handoff, by=world.ben, at=at("16T20:00"))
    assert resumed.complete_due_at == at("17T20:00")  # eight hours from 20:00 on: one today, seven tomorrow


def test_a_new_schedule_from_a_date_leaves_the_days_before_alone(world: World) -> None:
    handoff = with_a_term(world, State.STARTED)
    work_off()
    assert clock(handoff, ClockKind.COMPLETE).due_at == at("16T17:00")
    later = [{"from": "2026-11-17", "hours": {"thu": [["06:00", "08:00"]]}}]
    same = {"hours": world.calendar.hours}
    change(world, **same, versions=later)
    work_off()
    assert told(handoff) is None
    sooner = [{"from": "2026-11-16", "hours": {"mon": [["09:00", "12:00"]], "thu": [["06:00", "18:00"]]}}]
    change(world, **same, versions=sooner)
    work_off()
    assert clock(handoff, ClockKind.COMPLETE).due_at == at("19T11:00")


def test_a_team_that_works_by_other_hours_takes_its_promises_along(world: World) -> None:
    theirs, others = world.handoff(at=State.OFFERED), world.handoff(at=State.OFFERED, to="Support")
    late = create_calendar(name="Late", zone="UTC", hours={"mon": [["12:00", "20:00"]]}, by=world.olga, at=world.now)
    team = world.team("Onboarding")
    given = {"name": team.name, "backup": team.backup}
    hours.change_team(team=team, calendar=late, by=world.olga, at=world.now, **given)
    work_off()
    assert (clock(theirs).calendar, clock(theirs).due_at) == (late, at("16T16:00"))
    assert (clock(others).calendar, clock(others).due_at) == (world.calendar, at("16T13:00"))
    event = told(theirs)
    assert event is not None
    assert event.facts["why"] == "Olga gave Onboarding the hours of “Late”."


def test_promises_to_a_person_run_in_their_own_hours(world: World) -> None:
    late = create_calendar(name="Late", zone="UTC", hours={"mon": [["12:00", "20:00"]]}, by=world.olga, at=world.now)
    handoff = actions.draft(world.projects, by=world.ana, at=world.now, title="For Ben")
    actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.ben)
    to_all = world.handoff(at=State.OFFERED)
    hours.give_hours(member=world.ben, calendar=late, by=world.lea, at=world.now)
    work_off()
    assert (clock(handoff).calendar, clock(handoff).due_at) == (late, at("16T16:00"))
    assert clock(to_all).calendar == world.calendar
    hours.give_hours(member=world.ben, calendar=None, by=world.lea, at=world.now)
    work_off()
    assert (clock(handoff).calendar, clock(handoff).due_at) == (world.calendar, at("16T13:00"))


def test_what_a_person_with_own_hours_accepts_is_due_in_them(world: World) -> None:
    late = create_calendar(name="Late", zone="UTC", hours={"mon": [["12:00", "20:00"]]}, by=world.olga, at=world.now)
    hours.give_hours(member=world.ben, calendar=late, by=world.lea, at=world.now)
    del world._people["ben"]
    handoff = with_a_term(world, State.ACCEPTED)
    assert clock(handoff, ClockKind.COMPLETE).due_at == at("16T20:00")


def test_what_the_queue_lost_is_found_by_the_revision(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    changed = change(world)
    assert list(hours.waiting(changed)) == [clock(handoff)]
    assert changed.hours_changed_at is not None
    here = (str(world.organization.id), world.calendar.id)
    assert ("lay_out", here) in look(None, timezone.now() + timedelta(days=3))
    jobs.lay_out(*here)
    work_off()
    assert not hours.waiting(changed).exists()
    assert ("lay_out", here) not in look(None, timezone.now() + timedelta(days=3))


def test_many_are_laid_out_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hours, "SHARE", 2)
    handoffs = [world.handoff(at=State.OFFERED) for _ in range(5)]
    work_off()
    change(world)
    assert work_off() == ["lay_out", *["recompute_due"] * 3]
    assert all(told(handoff) for handoff in handoffs)


def test_a_refused_change_lays_nothing_out(world: World) -> None:
    world.handoff(at=State.OFFERED)
    work_off()
    with pytest.raises(Invalid):
        change(world, hours={})
    with pytest.raises(Forbidden):
        hours.change_calendar(
            calendar=world.calendar,
            name="x",
            zone="UTC",
            hours={"mon": [["01:00", "02:00"]]},
            by=world.ana,
            at=world.now,
        )
    assert queued() == []
