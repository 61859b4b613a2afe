"""The addresses for operators: alive, well, fit to serve, and figures."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Task

from handoffs import jobs
from handoffs.lifecycle import State
from handoffs.models import Alarm, Clock, Event
from portal import operators, status
from portal.models import Heartbeat
from tests.handoffs.worker import nowhere, work_off
from tests.world import World

TOKEN = "a token that is long enough"


def alive(**given: Any) -> Heartbeat:
    """A worker that has just been heard of."""
    facts = {"started_at": Now(), "beat_at": Now(), "swept_at": Now(), "processes": 4, "version": "1"}
    return Heartbeat.objects.create(**{"host": "secret.internal", "pid": 7, **facts, **given})


@pytest.fixture
def running(world: World) -> Heartbeat:
    """A worker runs, and nothing waits."""
    return alive()


def asked(path: str = "/readyz") -> tuple[int, dict[str, Any]]:
    with nowhere():
        answer = Client(raise_request_exception=False).get(path)
    return answer.status_code, answer.json()


def test_healthz_answers_without_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.usefixtures("running")
def test_all_is_well() -> None:
    code, told = asked()
    assert (code, told["well"], told["problems"]) == (200, True, [])
    assert told["workers"][0]["processes"] == 4
    assert set(told) >= {"undelivered", "due", "unraised", "queue", "queue_messages", "failed"}
    assert "secret" not in str(told)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/readyz/web", "/metrics"])
def test_they_are_only_read(client: Client, db: None, path: str) -> None:
    assert client.post(path).status_code == 405


def test_without_a_worker_it_is_not_well_but_fit_to_serve(world: World) -> None:
    code, told = asked()
    assert code == 503
    assert told["problems"] == [
        "No worker is running: nothing is delivered and no alarm fires. Start `manage.py worker`."
    ]
    assert asked("/readyz/web") == (200, {"well": True, "problems": []})


def test_a_worker_that_fell_silent_counts_as_none(running: Heartbeat) -> None:
    Heartbeat.objects.update(beat_at=Now() - timedelta(minutes=1), swept_at=Now() - timedelta(minutes=1))
    assert asked()[1]["problems"][0].startswith("No worker is running")


def test_a_worker_whose_sweep_fails_is_not_enough(running: Heartbeat) -> None:
    Heartbeat.objects.update(swept_at=Now() - timedelta(minutes=1))
    assert asked()[1]["problems"] == ["The worker runs, but its look for due alarms fails: see its log."]
    alive(host="another")
    assert asked()[0] == 200


@pytest.mark.usefixtures("running")
def test_an_event_that_nobody_was_told_of(world: World) -> None:
    world.handoff(State.OFFERED)
    event = Event.objects.latest("id")  # the ledger is append-only: another one, that was recorded earlier
    event.pk, event.seq, event.recorded_at = None, event.seq + 1, timezone.now() - timedelta(minutes=20, seconds=1)
    event.save(force_insert=True)
    code, told = asked()
    assert code == 503
    assert 1190 < told["undelivered"]["seconds"] < 1260
    assert "The oldest event that nobody was told of has waited 20 m: more than 5 m." in told["problems"]
    with nowhere():
        jobs.deliver(str(world.organization.id), event.id)
    assert asked()[1]["undelivered"]["well"]


@pytest.mark.usefixtures("running")
def test_an_alarm_that_is_due_and_one_that_was_not_written_down(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    work_off()
    clock = Clock.objects.get(handoff=handoff)
    Clock.objects.update(next_alarm_at=Now() - timedelta(minutes=5))
    code, told = asked()
    assert (code, told["due"]["count"], told["due"]["well"]) == (503, 1, False)
    Clock.objects.update(next_alarm_at=None)
    assert clock.ladder is not None
    rung = clock.ladder.rungs.first()
    late = Now() - timedelta(minutes=5)
    Alarm.objects.create(
        organization=world.organization, clock=clock, rung=rung, handoff=handoff, due_at=late, fired_at=late
    )
    code, told = asked()
    assert (code, told["due"]["well"], told["unraised"]["well"]) == (503, True, False)


@pytest.mark.usefixtures("running")
def test_a_queue_that_stands_still_and_tasks_that_failed(world: World) -> None:
    OrmQ.objects.create(key="handrail", payload="x", lock=Now() - timedelta(minutes=91, seconds=30))
    for number in range(11):
        Task.objects.create(
            id=f"t{number}", func="x", started=world.now, stopped=world.now, success=False, attempt_count=5
        )
    code, told = asked()
    assert code == 503
    assert told["problems"] == [
        "The oldest task in the queue has waited 1 h 31 m: more than 5 m.",
        "11 tasks that were given up: more than 10.",
    ]


@pytest.mark.usefixtures("running")
def test_the_limits_are_settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    OrmQ.objects.create(key="handrail", payload="x", lock=Now() - timedelta(hours=1))
    monkeypatch.setattr(settings, "HANDRAIL_LIMITS", replace(settings.HANDRAIL_LIMITS, queue=7200))
    assert asked()[0] == 200


def test_a_database_that_is_away_or_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "_behind", lambda: iter(["3 migrations are not applied: run `manage.py migrate`."]))
    for path in ("/readyz", "/readyz/web"):
        assert asked(path) == (503, asked(path)[1])
        assert asked(path)[1]["problems"] == ["3 migrations are not applied: run `manage.py migrate`."]

    def broken(*_: object) -> list[str]:
        raise OperationalError("no route to 10.0.0.7")

    monkeypatch.setattr(status, "faults", broken)
    for path in ("/readyz", "/readyz/web"):
        code, told = asked(path)
        assert (code, told["problems"]) == (503, ["The database does not answer."])


@pytest.mark.usefixtures("running")
def test_metrics_are_for_this_machine_alone_without_a_token(world: World) -> None:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.9").get("/metrics").status_code == 404
    assert Client(headers={"X-Forwarded-For": "10.0.0.9"}).get("/metrics").status_code == 404


def test_in_production_there_are_none_without_a_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    production = replace(operators.current(), production=True)
    monkeypatch.setattr(operators, "current", lambda: production)
    assert Client().get("/metrics").status_code == 404


@pytest.mark.usefixtures("running")
def test_metrics_are_for_who_has_the_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HANDRAIL_METRICS_TOKEN", TOKEN)
    for wrong in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = Client(headers=wrong).get("/metrics")
        assert answer.status_code == 401
        assert b"handrail" not in answer.content
    assert (
        Client(headers={"Authorization": f"Bearer {TOKEN}"}, REMOTE_ADDR="10.0.0.9").get("/metrics").status_code == 200
    )


@pytest.mark.usefixtures("running")
def test_what_metrics_say(world: World) -> None:
    world.handoff(State.OFFERED)
    lines = Client().get("/metrics").content.decode().splitlines()
    figures = {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}
    assert figures["handrail_up"] == figures["handrail_workers_alive"] == 1
    assert figures["handrail_transitions_total"] >= 2
    assert figures['handrail_transitions_recent{verb="offer"}'] >= 1
    assert figures['handrail_waiting{what="queue"}'] >= 1
    assert 0 <= figures['handrail_oldest_age_seconds{what="undelivered"}'] < 60
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {line.split("{")[0].split()[0] for line in lines if line[0] != "#"} <= named


@pytest.mark.django_db
def test_the_role_of_the_tests_is_bound_by_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False, False, True)
