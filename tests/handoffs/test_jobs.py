"""The pacemaker's tick, what recurs, and what the queue lost."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import JSONField, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from handoffs import actions, jobs, leftovers
from handoffs.actions.templates import create_ladder
from handoffs.escalation.sweep import fire
from handoffs.lifecycle import State, Verb
from handoffs.models import Alarm, Clock, Delivery, Event, Handoff, Message, Notice, Rung
from handoffs.schedule import RECURRING, Recurring, Rota
from tenants.scope import everyone
from tests.handoffs.worker import nowhere, queued, work_off
from tests.world import World

MINUTE = timedelta(minutes=1)


def look(since: datetime | None, at: datetime) -> list[tuple[str, tuple[object, ...]]]:
    """What one look for leftovers puts back into an empty queue."""
    OrmQ.objects.all().delete()
    with nowhere(), everyone():
        assert leftovers.pick_up(since, at)
    found = queued()
    OrmQ.objects.all().delete()
    return found


def lost(world: World, state: State = State.OFFERED) -> Event:
    """An event whose task is gone from the queue."""
    handoff = world.handoff(state)
    OrmQ.objects.all().delete()
    return Event.objects.get(handoff=handoff, seq=handoff.ledger_seq)


def test_a_lost_event_is_found_and_told(world: World) -> None:
    event = lost(world)
    here = str(world.organization.id)
    assert look(None, event.recorded_at + MINUTE) == [("deliver", (here, event.id))]
    with nowhere(), everyone():
        leftovers.pick_up(None, event.recorded_at + MINUTE)
    assert work_off() == ["deliver", "send", "send", "send"]
    assert look(None, event.recorded_at + 2 * MINUTE) == []


def test_a_young_event_is_left_to_the_queue(world: World) -> None:
    event = lost(world)
    assert look(None, event.recorded_at + MINUTE - timedelta(seconds=1)) == []


def test_what_fails_every_time_is_tried_less_and_less_often(world: World) -> None:
    event = lost(world)
    start, step = event.recorded_at, timedelta(seconds=15)
    tries = []
    for number in range(1, 4 * 70):
        at = start + number * step
        if look(at - step, at):
            tries.append(round((at - start) / MINUTE))
    assert tries == [1, 2, 4, 8, 16, 32, 64]


def test_a_look_covers_the_time_since_the_last_whatever_it_was(world: World) -> None:
    event = lost(world)
    at = event.recorded_at + 100 * MINUTE
    assert len(look(at - 60 * MINUTE, at)) == 1
    assert look(at - 30 * MINUTE, at) == []


def test_what_tells_nobody_and_what_was_replayed_is_not_left_over(world: World) -> None:
    lost(world, State.DRAFT)
    handoff = actions.draft(world.projects, by=world.ana, at=world.now, title="From a log", imported=True)
    actions.offer(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    assert look(None, timezone.now() + MINUTE * 2) == []


def test_an_alarm_that_was_not_raised_is_found(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    at = timezone.now()
    with nowhere(), everyone():
        fired = fire(at, limit=1)
    found = [("raise_alarms", (str(world.organization.id), alarm.id)) for alarm in fired]
    assert look(None, at + MINUTE) == found
    jobs.raise_alarms(str(world.organization.id), fired[0].id)
    assert look(None, at + MINUTE) == []
    assert not Alarm.objects.filter(handoff=handoff, raised_at=None).exists()


def test_a_message_that_was_not_sent_is_found(world: World) -> None:
    world.handoff(State.OFFERED)
    [(_, args)] = queued()
    with nowhere():
        jobs.deliver(*args)
    messages = list(Message.objects.order_by("id"))
    at = messages[0].created_at + MINUTE
    assert look(None, at - timedelta(seconds=1)) == []
    assert look(None, at) == [("send", (str(world.organization.id), message.id)) for message in messages]


def test_a_hold_whose_end_came_is_resumed_by_the_system(world: World) -> None:
    handoff = world.handoff(State.ON_HOLD)
    work_off()
    here = str(world.organization.id)
    assert handoff.held_until is not None
    assert look(None, handoff.held_until - timedelta(seconds=1)) == []
    assert look(None, handoff.held_until) == [("resume_held", (here, handoff.id))]
    with nowhere():
        jobs.resume_held(here, handoff.id)
    handoff.refresh_from_db()
    assert handoff.status is State.ON_HOLD, "the end lies in the future: a task that comes too early does nothing"
    Handoff.objects.filter(id=handoff.id).update(held_until=timezone.now())
    for _ in range(2):
        with nowhere():
            jobs.resume_held(here, handoff.id)
    handoff.refresh_from_db()
    assert handoff.status is State.STARTED
    last = Event.objects.get(handoff=handoff, seq=handoff.ledger_seq)
    assert (last.verb, last.by) == ("resume", world.system)
    work_off()
    assert set(Message.objects.filter(event=last).values_list("member__name", flat=True)) == {"Ana", "Ben"}


def test_nothing_is_looked_for_while_the_queue_is_long(world: World) -> None:
    event = lost(world)
    for _ in range(leftovers.LONG_QUEUE):
        async_task("handoffs.jobs.send", "x", 1)
    with nowhere(), everyone():
        assert not leftovers.pick_up(None, event.recorded_at + MINUTE)
    assert OrmQ.objects.count() == leftovers.LONG_QUEUE


def test_more_than_a_batch_is_finished_by_the_next_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "BATCH", 2)
    at = [lost(world) for _ in range(3)][-1].recorded_at + MINUTE
    rota = Rota(table=RECURRING[:1])
    for number in range(2):
        with nowhere():
            rota.run_due(at + number * RECURRING[0].every)
        work_off()
    assert Delivery.objects.count() == 3


def test_an_idle_tick_is_one_statement(world: World) -> None:
    """Besides what opens its transaction and ends it."""
    world.handoff(State.OFFERED)
    rota = Rota(table=())
    early = Clock.objects.get().started_at
    with (
        nowhere(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        jobs.tick(early, rota)
    kept = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"] and "set_config" not in q["sql"]]
    assert len(kept) == 1, kept


def test_a_tick_shows_its_alarms_and_queues_what_goes_out(world: World) -> None:
    """Nobody waits for the queue to see it in the portal; mail and chat take the way through it."""
    handoffs = [world.handoff(State.OFFERED) for _ in range(3)]
    OrmQ.objects.all().delete()
    at = Clock.objects.latest("id").rung_ats[0]
    with nowhere():
        jobs.tick(at, Rota(table=()))
    events = list(Event.objects.filter(verb=Verb.ESCALATE).order_by("id"))
    assert [event.handoff_id for event in events] == [handoff.id for handoff in handoffs]
    told = Counter(Notice.objects.filter(event__in=events).values_list("event_id", flat=True))
    assert told == dict.fromkeys((event.id for event in events), 3)
    assert not Alarm.objects.filter(raised_at=None).exists()
    assert queued() == [("deliver", (str(world.organization.id), *(event.id for event in events)))]
    assert not Delivery.objects.filter(event__in=events).exists(), "not delivered before it has gone out"
    assert sorted(work_off()) == ["deliver"] + ["send"] * 9
    assert Notice.objects.filter(event__in=events).count() == 9


def test_one_alarm_that_fails_stops_no_other(world: World) -> None:
    version = world.template("plain")
    ladder = create_ladder(name="Broken", by=world.olga, at=world.now)
    type(version).objects.filter(id=version.id).update(ladder=ladder)
    good = world.handoff(State.OFFERED)
    bad = world.handoff(State.OFFERED, template=version, context={"expected": "Call the client"})
    late = Clock.objects.latest("id").rung_ats[0]
    with nowhere(), everyone():
        assert len(fire(late)) == 2
    ids = list(Alarm.objects.order_by("id").values_list("id", flat=True))
    # What no release of ours writes: a rung without an audience, on which writing the alarm down breaks.
    Rung.objects.filter(ladder=ladder).update(audience=Value(None, JSONField()))
    with nowhere(), pytest.raises(ExceptionGroup, match="1 of 2 handoffs"):
        jobs.raise_alarms(str(world.organization.id), *ids)
    assert Alarm.objects.get(handoff=bad).raised_at is None
    assert Alarm.objects.get(handoff=good).raised_at is not None


def test_the_rota_does_each_thing_when_its_time_has_come(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[tuple[str, datetime | None]] = []

    def doing(name: str, done: bool = True) -> Callable[[datetime | None, datetime], bool]:
        def do(since: datetime | None, at: datetime) -> bool:
            seen.append((name, since))
            if name == "breaks":
                raise RuntimeError("broken")
            return done

        return do

    start = datetime(2026, 11, 16, 8, tzinfo=UTC)
    rota = Rota(
        table=(
            Recurring("breaks", 2 * MINUTE, doing("breaks")),
            Recurring("often", MINUTE, doing("often")),
            Recurring("not yet", 2 * MINUTE, doing("not yet", done=False)),
        )
    )
    for number in range(5):
        rota.run_due(start + number * MINUTE / 2)
    assert seen == [
        ("breaks", None),
        ("often", None),
        ("not yet", None),
        ("often", start),
        ("breaks", None),
        ("often", start + MINUTE),
        ("not yet", None),
    ]
    assert caplog.text.count("Could not breaks.") == 2


@pytest.mark.usefixtures("db")
def test_old_tasks_are_forgotten() -> None:
    now = timezone.now()
    for name, success, age in (("new", True, 0), ("old", True, 2), ("failed", False, 2), ("forgotten", False, 40)):
        stopped = now - timedelta(days=age)
        Task.objects.create(id=name, name=name, func="x", started=stopped, stopped=stopped, success=success)
    [forget] = [recurring for recurring in RECURRING if recurring.name == "forget old tasks"]
    assert forget.do(None, now)
    assert set(Task.objects.values_list("name", flat=True)) == {"new", "failed"}
