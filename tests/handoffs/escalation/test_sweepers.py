"""Four sweepers at once, and somebody at work on a handoff: each alarm fires once, and none is lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django_q.models import OrmQ

from handoffs import actions, jobs
from handoffs.escalation.sweep import fire
from handoffs.lifecycle import State, Verb
from handoffs.models import Alarm, Clock, Event, Handoff, Message, Notice
from handoffs.schedule import Rota
from tenants.models import Organization
from tenants.scope import everyone, scope
from tests.handoffs.worker import queued
from tests.world import World, build

HANDOFFS, SWEEPERS = 20, 4


@pytest.fixture(scope="module")
def organization(apart: str) -> Organization:
    return build("sweepers")


@pytest.fixture
def handoffs(organization: Organization) -> Iterator[list[Handoff]]:
    """Offers that nobody accepts; afterwards they are cancelled, so that their clocks stand still."""
    with scope(organization):
        world = World(organization)
        made = [world.handoff(State.OFFERED) for _ in range(HANDOFFS)]
    OrmQ.objects.all().delete()
    yield made
    with scope(organization):
        for handoff in made:
            actions.cancel(handoff, by=World(organization).mo, at=datetime.now().astimezone(), reason="Test is over")
    OrmQ.objects.all().delete()


def late(organization: Organization) -> datetime:
    """When every rung of every clock is overdue."""
    with scope(organization):
        return max(Clock.objects.values_list("rung_ats__2", flat=True)) + timedelta(days=1)


def in_threads(work: list[object]) -> list[BaseException]:
    """Runs the callables at once, each on a connection of its own; what went wrong."""
    wrong: list[BaseException] = []
    start = threading.Barrier(len(work))

    def run(do: object) -> None:
        try:
            start.wait(timeout=30)
            do()  # type: ignore[operator]
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(run, work))
    return wrong


def fired(organization: Organization, handoffs: list[Handoff]) -> Counter[tuple[int, int]]:
    with scope(organization):
        rows = Alarm.objects.filter(handoff__in=handoffs).values_list("handoff_id", "rung__position")
        return Counter(rows)


def test_four_sweepers_fire_each_alarm_once(organization: Organization, handoffs: list[Handoff]) -> None:
    at = late(organization)
    passes: list[int] = []

    def sweep() -> None:
        for _ in range(12):
            with everyone():
                passes.append(len(fire(at, limit=13)))

    assert in_threads([sweep] * SWEEPERS) == []
    with everyone():
        while rest := len(fire(at)):  # whatever all of them skipped at the same time
            passes.append(rest)
    assert sum(passes) == HANDOFFS * 3
    assert fired(organization, handoffs) == Counter({(h.id, n): 1 for h in handoffs for n in (1, 2, 3)})
    with scope(organization):
        for handoff in handoffs:
            dues = list(
                Alarm.objects.filter(handoff=handoff).order_by("rung__position").values_list("due_at", flat=True)
            )
            assert dues == sorted(dues)


def test_four_pacemakers_and_their_workers_tell_each_alarm_once(
    organization: Organization, handoffs: list[Handoff]
) -> None:
    """Ticks and jobs of four workers, all mixed up; every job is run twice, as a queue may do."""
    at = late(organization)

    def work() -> None:
        jobs.tick(at, Rota(table=()))
        for _ in range(2):
            for job, args in queued():
                if job == "raise_alarms":
                    getattr(jobs, job)(*args)

    assert in_threads([work] * SWEEPERS) == []
    jobs.tick(at, Rota(table=()))
    for job, args in queued():
        if job in ("raise_alarms", "deliver"):
            getattr(jobs, job)(*args)
    with scope(organization):
        told = Event.objects.filter(handoff__in=handoffs, verb=Verb.ESCALATE)
        each = [(event.handoff_id, fired) for event in told for fired in event.facts["alarms"]]
        assert Counter(fired["alarm_id"] for _, fired in each) == Counter(
            Alarm.objects.filter(handoff__in=handoffs).values_list("id", flat=True)
        )
        rungs = Counter((handoff_id, fired["rung"]) for handoff_id, fired in each)
        # The last rung redirects to the backup team, whose own promise starts then: in the future, so it is silent.
        assert rungs == Counter({(h.id, n): 1 for h in handoffs for n in (1, 2, 3)})
        notices = Notice.objects.filter(event__in=told)
        assert max(Counter(notices.values_list("event_id", "member_id")).values()) == 1
        # Ana, Ben, Bo, Lea and Mo, once each about each handoff, though three rungs were missed.
        assert Message.objects.filter(event__in=told).count() == notices.count() == HANDOFFS * 5


def test_a_handoff_that_somebody_holds_is_skipped_not_waited_for(
    organization: Organization, handoffs: list[Handoff]
) -> None:
    at = late(organization)
    held, free = handoffs[0], handoffs[1:]
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with scope(organization):
            Handoff.objects.select_for_update().get(id=held.id)
            holding.set()
            assert done.wait(timeout=30)

    thread = threading.Thread(target=lambda: in_threads([hold]))
    thread.start()
    try:
        assert holding.wait(timeout=30)
        with everyone():
            connection.cursor().execute("SET LOCAL lock_timeout = '5s'")
            assert len(fire(at)) == len(free) * 3
        assert held.id not in {handoff_id for handoff_id, _ in fired(organization, handoffs)}
    finally:
        done.set()
        thread.join(timeout=30)
    with everyone():
        fire(at)
    assert fired(organization, [held]) == Counter({(held.id, number): 1 for number in (1, 2, 3)})


def test_an_acceptance_under_way_wins_over_the_sweep(organization: Organization, handoffs: list[Handoff]) -> None:
    """The clock is stopped by a transaction that has not ended: the sweep passes by, and finds it stopped later."""
    at = late(organization)
    taken = handoffs[0]
    accepted, done = threading.Event(), threading.Event()

    def accept() -> None:
        with scope(organization):
            actions.accept(taken, by=World(organization).ben, at=at)
            accepted.set()
            assert done.wait(timeout=30)

    thread = threading.Thread(target=lambda: in_threads([accept]))
    thread.start()
    try:
        assert accepted.wait(timeout=30)
        with everyone():
            fire(at)
    finally:
        done.set()
        thread.join(timeout=30)
    with everyone():
        fire(at)
    assert fired(organization, [taken]) == Counter()


def test_two_deliveries_and_a_busy_handoff_do_not_lock_each_other_out(
    organization: Organization, handoffs: list[Handoff]
) -> None:
    """A delivery marks the offer and refers to the handoff: in another order than an action, it would deadlock."""
    with scope(organization):
        world = World(organization)
        support, onboarding = world.team("Support"), world.team("Onboarding")
    events: list[int] = []

    def redirect() -> None:
        for turn in range(20):
            with scope(organization):
                to = (support, onboarding)[turn % 2]
                at = datetime.now().astimezone()
                actions.redirect(handoffs[0], by=world.ana, at=at, to_team=to)
                events.append(Event.objects.filter(handoff=handoffs[0]).latest("seq").id)

    def deliver() -> None:
        seen = 0
        while seen < 20:
            for event_id in events[seen:]:
                jobs.deliver(str(organization.id), event_id)
                seen += 1

    assert in_threads([redirect, deliver, deliver]) == []
    with scope(organization):
        assert max(Counter(Notice.objects.values_list("event_id", "member_id")).values()) == 1


def test_a_message_that_is_being_sent_is_not_sent_by_another(
    organization: Organization, handoffs: list[Handoff], mailoutbox: list[object]
) -> None:
    with scope(organization):
        offer = Event.objects.get(handoff=handoffs[0], verb=Verb.OFFER)
    jobs.deliver(str(organization.id), offer.id)
    with scope(organization):
        message = Message.objects.filter(event=offer).earliest("id")
    sending, done = threading.Event(), threading.Event()

    def hold() -> None:
        with scope(organization):
            Message.objects.select_for_update().get(id=message.id)
            sending.set()
            assert done.wait(timeout=30)

    thread = threading.Thread(target=lambda: in_threads([hold]))
    thread.start()
    try:
        assert sending.wait(timeout=30)
        jobs.send(str(organization.id), message.id)
        assert mailoutbox == []
    finally:
        done.set()
        thread.join(timeout=30)
    assert in_threads([lambda: jobs.send(str(organization.id), message.id)] * 4) == []
    assert len(mailoutbox) == 1
