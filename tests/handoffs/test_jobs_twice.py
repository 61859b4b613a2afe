"""Every task may run twice and in any order: a worker that is killed leaves its task to be run again by another."""

import inspect
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core import mail
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffs import actions, jobs
from handoffs.actions import logs
from handoffs.actions.delivery import Choices, choose
from handoffs.delivery import digests
from handoffs.delivery.deliver import deliver
from handoffs.delivery.kinds import Kind, Pace
from handoffs.escalation.sweep import fire
from handoffs.flows.plan import Pause, StepKind
from handoffs.hours import change_calendar, waiting
from handoffs.lifecycle import State
from handoffs.logs.columns import Columns
from handoffs.models import Alarm, CaseEvent, Clock, Digest, Event, EventLog, Handoff, Message, Notice, Rhythm, Turn
from handoffs.schedule import Rota
from tenants.models import Calendar, TenantModel, User
from tenants.scope import everyone
from tests.drawable import picture
from tests.handoffs.doing import after_hours
from tests.handoffs.flows.playing import begun, plan, put_in_force, step
from tests.handoffs.worker import nowhere, work_off
from tests.world import World

# Whatever the worker or the pacemaker can be asked to run: all that `handoffs.jobs` defines and shows.
JOBS = {
    name: job
    for name, job in inspect.getmembers(jobs, inspect.isfunction)
    if job.__module__ == jobs.__name__ and not name.startswith("_")
}


class Pending:
    """A firm in which each job has something to do."""

    def __init__(self, world: World) -> None:
        self.here = str(world.organization.id)
        self.world = world
        told = Choices({(Kind.OFFERS, "mail"): Pace.DIGEST}, weekly=True)
        choose(member=world.bo, choices=told, by=world.bo, at=world.now)
        Rhythm.objects.filter(member=world.bo).update(report_at=timezone.now() - timedelta(minutes=5))
        self.offer = self._newest(world.handoff(State.OFFERED, title="Not told yet"))
        told = self._newest(world.handoff(State.OFFERED, title="Told and not sent"))
        deliver(world.organization.id, told.id, at=world.now)
        gathered = self._newest(world.handoff(State.OFFERED, title="In a digest"))
        deliver(world.organization.id, gathered.id, at=world.now)
        later = world.now + timedelta(hours=2)
        digests.gather(world.organization.id, world.bo.id, "mail", at=later)
        waits = self._newest(world.handoff(State.OFFERED, title="Waits for a digest"))
        deliver(world.organization.id, waits.id, at=world.now)
        self.held = world.handoff(State.ON_HOLD, title="Held until now")
        Handoff.objects.filter(id=self.held.id).update(held_until=timezone.now() - timedelta(minutes=5))
        self.planned = world.handoff(title="Waits for the morning")
        actions.plan(self.planned, by=world.ana, at=after_hours(world), to_team=world.team("Onboarding"))
        Handoff.objects.filter(id=self.planned.id).update(planned_at=timezone.now() - timedelta(minutes=5))
        stranded = world.handoff(title="Held by Sue, who cannot act")
        stranded = actions.offer(stranded, by=world.ana, at=world.now, to_team=world.team("Support"))
        stranded = actions.accept(stranded, by=world.sue, at=world.now)
        self.stranded = actions.start(stranded, by=world.sue, at=world.now)
        waits_a_minute = step("pause", kind=StepKind.WAIT, pause=Pause(lasts=timedelta(minutes=1)))
        after_it = step("after", "pause")
        version = put_in_force(world, plan(waits_a_minute, after_it))
        self.case = begun(world, version, owner=world.sue)
        self.wait = Turn.objects.get(case=self.case, step="pause")
        User.objects.filter(pk=world.sue.user_id).update(is_active=False)
        # A day far off: what is laid out anew comes out as it was, in whatever order that happens.
        calendar = Calendar.objects.get(pk=world.calendar.pk)
        named = {name: getattr(calendar, name) for name in ("name", "zone", "hours", "country", "region")}
        closed = [{"date": "2030-05-02", "hours": []}]
        self.calendar = change_calendar(calendar=calendar, by=world.olga, at=world.now, days=closed, **named)
        self.late = max(clock.rung_ats[0] for clock in Clock.objects.filter(stopped_at=None) if clock.rung_ats)
        drawable = ContentFile(picture(), name="plan.png")
        planned = actions.attach(self.held, by=world.ben, at=world.now, file=drawable, name="plan.png")
        self.document = planned.documents.get()
        self.log, self.brought = self._log(world), self._log(world)
        logs.read_more(world.organization.id, self.brought.id, at=world.now)
        logs.bring_in(self.brought, name="Tickets", by=world.olga, at=world.now)
        with nowhere(), everyone():
            assert fire(self.late)
        OrmQ.objects.all().delete()
        mail.outbox = []  # type: ignore[attr-defined]

    @staticmethod
    def _log(world: World) -> EventLog:
        rows = ContentFile(b"case,activity,time\n1,Opened,2026-11-02 09:00\n2,Opened,2026-11-02 09:00\n")
        log = logs.upload_log(file=rows, name="tickets.csv", by=world.olga, at=world.now)
        return logs.choose_columns(log, columns=Columns(0, 1, 2), by=world.olga, at=world.now)

    @staticmethod
    def _newest(handoff: Handoff) -> Event:
        return Event.objects.get(handoff=handoff, seq=handoff.ledger_seq)

    def calls(self) -> list[tuple[str, tuple[Any, ...]]]:
        """All that could be queued now, by job."""
        return [(name, arguments) for name, asked in ARGUMENTS.items() for arguments in asked(self)]


# How each job is called. A job that is missing here fails the first test below: say what there is for it to do.
ARGUMENTS: dict[str, Callable[[Pending], list[tuple[Any, ...]]]] = {
    "deliver": lambda firm: [(firm.here, firm.offer.id)],
    "send": lambda firm: [(firm.here, id) for id in Message.objects.order_by("id").values_list("id", flat=True)],
    "gather_digest": lambda firm: [(firm.here, firm.world.bo.id, "mail")],
    "send_digest": lambda firm: [(firm.here, id) for id in Digest.objects.values_list("id", flat=True)],
    "report_week": lambda firm: [(firm.here, firm.world.bo.id)],
    "read_log": lambda firm: [(firm.here, firm.log.id)],
    "bring_in_log": lambda firm: [(firm.here, firm.brought.id)],
    "raise_alarms": lambda firm: [(firm.here, *Alarm.objects.order_by("id").values_list("id", flat=True))],
    "resume_held": lambda firm: [(firm.here, firm.held.id)],
    "offer_planned": lambda firm: [(firm.here, firm.planned.id)],
    "wake_case": lambda firm: [(firm.here, firm.wait.id)],
    "look_after": lambda firm: [(firm.here,)],
    "relieve": lambda firm: [(firm.here, firm.stranded.id)],
    "relieve_case": lambda firm: [(firm.here, firm.case.id)],
    "lay_out": lambda firm: [(firm.here, firm.calendar.id)],
    "recompute_due": lambda firm: [
        (firm.here, None, "Other hours.", *waiting(firm.calendar).values_list("handoff_id", flat=True).distinct())
    ],
    "prove_ladders": lambda firm: [(firm.here,)],
    "keep_figures": lambda firm: [(firm.here, *Handoff.objects.values_list("id", flat=True))],
    "draw_preview": lambda firm: [(firm.here, firm.document.id)],
    "tick": lambda firm: [(firm.late, Rota())],
}


def run(name: str, arguments: tuple[Any, ...]) -> None:
    with nowhere():
        JOBS[name](*arguments)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the organization, and the mails that left."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    rows: dict[str, list[Any]] = {
        model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in models
    }
    return rows | {"mails": [message.extra_headers["Message-ID"] for message in mail.outbox]}


def gist(world: World) -> dict[str, Counter[Any]]:
    """What came of it, without numbers and instants."""
    return {
        "events": Counter(Event.objects.values_list("handoff__title", "verb", "by__name")),
        "handoffs": Counter(Handoff.objects.values_list("title", "state", "custodian__name")),
        "cases": Counter(CaseEvent.objects.values_list("case__title", "verb", "case__owner__name")),
        "notices": Counter(Notice.objects.values_list("event__handoff__title", "event__verb", "member__name", "why")),
        "messages": Counter(
            (title, verb, name, sent is not None)
            for title, verb, name, sent in Message.objects.values_list(
                "event__handoff__title", "event__verb", "member__name", "sent_at"
            )
        ),
        "alarms": Counter(
            (title, raised is not None) for title, raised in Alarm.objects.values_list("handoff__title", "raised_at")
        ),
        "mailed more than once": Counter(
            {id: n for id, n in Counter(m.extra_headers["Message-ID"] for m in mail.outbox).items() if n > 1}
        ),
    }


def test_no_job_is_missed() -> None:
    assert set(ARGUMENTS) == set(JOBS), "say in ARGUMENTS how a new job is called, with something for it to do"


def test_each_has_something_to_do(world: World) -> None:
    firm = Pending(world)
    assert {name for name, _ in firm.calls()} == set(JOBS)


@pytest.mark.parametrize("name", JOBS)
def test_run_twice_is_run_once(world: World, name: str) -> None:
    firm = Pending(world)
    calls = ARGUMENTS[name](firm)
    assert calls
    before = everything()
    for arguments in calls:
        run(name, arguments)
    work_off()
    once = everything()
    assert once != before, "it did something"
    for arguments in calls:
        run(name, arguments)
    work_off()
    twice = everything()
    for label in once:
        assert twice[label] == once[label], label


def test_in_any_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the queue is shuffled, and each task run twice, the same comes of it."""
    # What an hour holds goes to who comes first, which is the one thing that an order may decide.
    monkeypatch.setattr(django_settings, "HANDRAIL_PUSHES_PER_HOUR", 1000)
    results: list[dict[str, Counter[Any]]] = []

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def shuffled(random: Any) -> None:
        sid = transaction.savepoint()
        firm = Pending(world)
        calls = firm.calls() * 2
        if results:  # the first time as they stand
            random.shuffle(calls)
        for name, arguments in calls:
            run(name, arguments)
        # What came into being meanwhile, such as messages of what was told late, is done by the worker and the sweep.
        for _ in range(3):
            work_off()
            run("tick", (timezone.now() + timedelta(hours=30), Rota()))
        results.append(gist(world))
        transaction.savepoint_rollback(sid)
        assert results[-1] == results[0]
        assert not results[-1]["mailed more than once"]

    shuffled()
    assert all(raised for _, raised in results[0]["alarms"])
    assert results[0]["handoffs"]["Held until now", "started", "Ben"] == 1
    # Bo's wait for the full hour by the clock on the wall.
    waiting = [(title, verb, name) for title, verb, name, sent in results[0]["messages"] if not sent and name != "Bo"]
    assert waiting == []
