"""Raising: many alarms together come to the same as each alone, in as many statements for fifty as for two."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import JSONField, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from handoffs import actions, jobs, raising
from handoffs.actions.share import share
from handoffs.actions.templates import create_ladder, create_template, publish
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.escalation.sweep import Fired, fire
from handoffs.ledger.verify import faults
from handoffs.lifecycle import State, Verb
from handoffs.models import Alarm, Clock, Event, Handoff, Notice, Priority, Rung, TemplateVersion
from handoffs.schedule import Rota
from tenants.scope import everyone
from tests.handoffs.worker import nowhere, queued, work_off
from tests.world import World

HOUR = timedelta(hours=1)
ALL = tuple(Audience)


def template(world: World, *rungs: RungSpec, **given: Any) -> TemplateVersion:
    name = f"Ladder {Rung.objects.count()}"
    version = create_template(name=name, by=world.olga, at=world.now)
    version.ladder = create_ladder(name=name, by=world.olga, at=world.now, rungs=list(rungs))
    for field, value in given.items():
        setattr(version, field, value)
    version.save()
    return publish(version=version, by=world.olga, at=world.now)


@pytest.fixture
def many(world: World) -> list[Handoff]:
    """Every kind of clock, audience and sight; two that are redirected, one that nobody hears of but the managers."""
    loud = template(world, RungSpec(Decimal(1), ALL, raises_priority=True), complete_within=4 * HOUR)
    lead = template(world, RungSpec(Decimal(1), (Audience.SENDING_LEAD, Audience.CUSTODIAN), member_id=world.olga.id))
    made = [
        world.handoff(State.OFFERED, template=loud),
        world.handoff(State.STARTED, template=loud),
        world.handoff(State.OFFERED, template=lead, to="Support"),
        world.handoff(State.OFFERED),
        world.handoff(State.OFFERED, workspace=world.northwind, to="Northwind"),
        world.handoff(State.DRAFT),
    ]
    made.append(actions.ask(world.handoff(State.OFFERED), by=world.ben, at=world.later(minutes=1), body="Which one?"))
    share(made[0], by=world.ana, at=world.later(minutes=1), to=world.nils)
    return made


def late() -> datetime:
    ends = [clock.rung_ats[-1] for clock in Clock.objects.filter(stopped_at=None) if clock.rung_ats]
    return max(ends) + 24 * HOUR


def gist() -> dict[str, list[Any]]:
    """All that raising writes, without ids, digests and the instants at which a row came to be."""
    raised = Event.objects.filter(verb=Verb.ESCALATE).order_by("handoff_id", "seq")
    return {
        "facts": [[{**fired, "alarm_id": 0} for fired in event.facts["alarms"]] for event in raised],
        "events": list(
            Event.objects.order_by("handoff_id", "seq").values_list(
                "handoff_id", "seq", "verb", "by__name", "before", "after", "internal"
            )
        ),
        "handoffs": list(
            Handoff.objects.order_by("id").values_list(
                "id", "state", "priority", "custodian__name", "open_offer__to_team__name", "ledger_seq", "held_from"
            )
        ),
        "notices": sorted(Notice.objects.values_list("event__handoff_id", "event__seq", "member__name", "why")),
        "alarms": list(Alarm.objects.order_by("clock_id", "rung_id").values_list("clock_id", "rung_id", "due_at")),
        "unraised": list(Alarm.objects.filter(raised_at=None)),
        "clocks": list(Clock.objects.order_by("id").values_list("kind", "handoff_id", "rungs_fired", "next_alarm_at")),
    }


def at_once(at: datetime) -> None:
    with nowhere():
        jobs.tick(at, Rota(table=()))


def by_the_queue(at: datetime) -> None:
    with nowhere(), everyone():
        fired = fire(at)
    with nowhere():
        jobs.raise_alarms(str(fired[0].organization_id), *(alarm.id for alarm in fired))


def one_by_one(at: datetime) -> None:
    with nowhere(), everyone():
        fired = fire(at)
    for handoff in Handoff.objects.filter(id__in={alarm.handoff_id for alarm in fired}).order_by("id"):
        mine = list(Alarm.objects.filter(handoff=handoff))
        system = World(handoff.organization).system
        actions.escalate(handoff, by=system, at=timezone.now(), alarms=mine)


WAYS: list[Callable[[datetime], None]] = [one_by_one, by_the_queue, at_once]


@pytest.mark.usefixtures("many")
def test_together_comes_to_the_same_as_each_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each way is tried at the same instant: in office hours, what is redirected is due so long after it.
    instant = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: instant)
    work_off()
    at = late()
    found = []
    for way in WAYS:
        sid = transaction.savepoint()
        way(at)
        work_off()
        found.append(gist())
        assert list(faults(world.organization.id)) == []
        transaction.savepoint_rollback(sid)
    assert len(found[0]["facts"]) == 6
    assert {fired["clock"] for facts in found[0]["facts"] for fired in facts} == {"accept", "complete", "answer"}
    assert sum(offer == "Support" for *_, offer, _, _ in found[0]["handoffs"]) >= 2, "one was redirected"
    assert found[1] == found[0]
    assert found[2] == found[0]


def statements(do: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        do()
    return len(seen)


def due(world: World, version: TemplateVersion, count: int) -> datetime:
    """So many offers that nobody accepted; when all of that is overdue."""
    for _ in range(count):
        world.handoff(State.OFFERED, template=version)
    work_off(500)
    return late()


def test_as_many_statements_for_fifty_as_for_one(world: World) -> None:
    quiet = template(world, RungSpec(Decimal(1), ALL))
    counts = []
    for count in (1, 50):
        at = due(world, quiet, count)
        counts.append(statements(partial(at_once, at)))
    assert counts[0] == counts[1] <= 45
    assert Event.objects.filter(verb=Verb.ESCALATE).count() == 51
    assert not Alarm.objects.filter(raised_at=None).exists()


def test_the_queue_needs_no_more_for_many(world: World) -> None:
    quiet = template(world, RungSpec(Decimal(1), ALL))
    counts = []
    for count in (2, 20):
        at = due(world, quiet, count)
        with nowhere(), everyone():
            ids = [alarm.id for alarm in fire(at)]
        counts.append(statements(partial(jobs.raise_alarms, str(world.organization.id), *ids)))
        assert not Alarm.objects.filter(raised_at=None).exists()
    assert counts[0] == counts[1]


def test_what_fails_together_is_left_to_the_queue_where_each_stands_alone(world: World) -> None:
    broken = template(world, RungSpec(Decimal(1), ALL))
    good, bad = world.handoff(State.OFFERED), world.handoff(State.OFFERED, template=broken)
    work_off()
    Rung.objects.filter(ladder=broken.ladder).update(audience=Value(None, JSONField()))
    at_once(late())
    assert not Event.objects.filter(verb=Verb.ESCALATE).exists()
    [(job, arguments)] = queued()
    assert job == "raise_alarms"
    OrmQ.objects.all().delete()
    with nowhere(), pytest.raises(ExceptionGroup, match="1 of 2 handoffs"):
        jobs.raise_alarms(*arguments)
    work_off()
    assert Event.objects.get(verb=Verb.ESCALATE).handoff == good
    assert Alarm.objects.get(raised_at=None).handoff == bad


def test_older_alarms_of_a_handoff_are_told_first(world: World) -> None:
    """One that waits in the queue already takes the newer one with it, in their order."""
    handoff = world.handoff(State.OFFERED)
    work_off()
    first, second, _ = Clock.objects.get(handoff=handoff).rung_ats
    with nowhere(), everyone():
        fire(first)
    at_once(second)
    assert not Event.objects.filter(verb=Verb.ESCALATE).exists()
    work_off()
    (event,) = Event.objects.filter(verb=Verb.ESCALATE)
    assert [fired["rung"] for fired in event.facts["alarms"]] == [1, 2]


def test_what_was_fired_and_has_ended_meanwhile_tells_nobody(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    with nowhere(), everyone():
        fired: list[Fired] = fire(Clock.objects.get(handoff=handoff).rung_ats[0])
    actions.cancel(handoff, by=world.ana, at=world.later(minutes=1), reason="Signed elsewhere")
    with nowhere(), everyone():
        assert raising.raise_at_once(fired, world.now) == {}
    assert not Alarm.objects.filter(raised_at=None).exists()
    assert not Event.objects.filter(verb=Verb.ESCALATE).exists()


def test_priority_stops_at_urgent_for_each_by_itself(world: World) -> None:
    urgent = template(world, RungSpec(Decimal(1), ALL, raises_priority=True))
    calm = template(world, RungSpec(Decimal(1), ALL))
    made = [world.handoff(State.OFFERED, template=version) for version in (urgent, calm, urgent)]
    Handoff.objects.filter(id=made[2].id).update(priority=Priority.URGENT)
    work_off()
    at_once(late())
    found = [Handoff.objects.get(id=handoff.id).priority for handoff in made]
    assert found == [Priority.HIGH, Priority.NORMAL, Priority.URGENT]
