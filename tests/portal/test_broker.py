"""The queue: taken in order, in the database's time, given up after a finite number of attempts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ, Task

from handoffs.queue import LANES, MESSAGES, SEND, URGENT, enqueue
from portal.background.broker import DIED, Broker
from tests.world import World

MOST = settings.Q_CLUSTER["max_attempts"]
DELIVER = "handoffs.jobs.deliver"


@pytest.fixture
def broker(db: None) -> Broker:
    OrmQ.objects.all().delete()
    return Broker()


def subjects(broker: Broker, *lanes: str) -> list[int]:
    found = []
    while (task := broker.take(lanes or LANES)) is not None:
        found.append(task["args"][1])
    return found


def pass_time() -> None:
    """As if all that waits had waited long enough."""
    OrmQ.objects.update(lock=Now() - timedelta(hours=1))


def failed(task: dict[str, Any]) -> dict[str, Any]:
    return {**task, "success": False, "result": "ValueError: no", "stopped": timezone.now()}


def test_first_come_first_taken_and_only_once(broker: Broker, world: World) -> None:
    for number in range(3):
        enqueue(DELIVER, world.organization.id, number)
        OrmQ.objects.update(lock=F("lock") - timedelta(seconds=1))
    assert subjects(broker) == [0, 1, 2]


def test_one_at_a_time_whatever_the_planner_thinks(broker: Broker, world: World) -> None:
    """Of a queue that was empty when it was analyzed, PostgreSQL expects one row: a subquery was then run for each."""
    enqueue(DELIVER, world.organization.id, 0)
    OrmQ.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_q_ormq")
    for number in range(3):
        enqueue(DELIVER, world.organization.id, number)
    assert subjects(broker) == [0, 1, 2]


def test_messages_wait_for_alarms_and_never_the_other_way(broker: Broker, world: World) -> None:
    enqueue(SEND, world.organization.id, 1)
    enqueue(DELIVER, world.organization.id, 2)
    assert subjects(broker, URGENT) == [2]
    assert subjects(broker, MESSAGES) == [1]


@pytest.mark.parametrize("minutes", [10, -10])
def test_nobodys_clock_but_the_databases_counts(broker: Broker, world: World, minutes: int) -> None:
    with patch.object(timezone, "now", lambda: datetime.now(UTC) + timedelta(minutes=minutes)):
        enqueue(DELIVER, world.organization.id, 1)
    assert subjects(broker) == [1]
    assert subjects(broker) == []


def test_what_was_done_leaves_nothing(broker: Broker, world: World) -> None:
    enqueue(DELIVER, world.organization.id, 1)
    task = broker.take(LANES)
    assert task is not None
    broker.finish(task)
    assert not OrmQ.objects.exists()
    assert not Task.objects.exists()


def test_a_failing_task_is_tried_so_often_and_stays_to_be_seen(broker: Broker, world: World) -> None:
    enqueue(DELIVER, world.organization.id, 1)
    for attempt in range(1, MOST + 1):
        task = broker.take(LANES)
        assert task is not None
        assert task["taken"] == attempt
        broker.fail(failed(task))
        assert broker.take(LANES) is None, "it rests before it is tried again"
        pass_time()
    assert not OrmQ.objects.exists()
    row = Task.objects.get()
    assert (row.success, row.attempt_count, row.group) == (False, MOST, str(world.organization.id))


def test_what_failed_and_then_went_well_is_not_held_against_it(broker: Broker, world: World) -> None:
    enqueue(DELIVER, world.organization.id, 1)
    task = broker.take(LANES)
    assert task is not None
    broker.fail(failed(task))
    pass_time()
    again = broker.take(LANES)
    assert again is not None
    broker.finish(again)
    assert not Task.objects.exists()


def test_a_task_that_kills_whoever_runs_it_ends_too(broker: Broker, world: World) -> None:
    """Taken and never heard of again, each time."""
    enqueue(DELIVER, world.organization.id, 1)
    for _ in range(MOST):
        assert broker.take(LANES) is not None
        assert broker.take(LANES) is None
        pass_time()
    assert broker.take(LANES) is None
    row = Task.objects.get()
    assert (row.result, row.attempt_count, row.args[1]) == (DIED, MOST, 1)
    assert not OrmQ.objects.exists()


def test_a_task_signed_by_somebody_else_is_not_run(broker: Broker, world: World) -> None:
    OrmQ.objects.create(key=URGENT, payload="nonsense", lock=Now())
    enqueue(DELIVER, world.organization.id, 1)
    assert subjects(broker) == [1]


def test_taking_uses_the_index_however_long_the_queue(broker: Broker, world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_q_ormq (key, payload, lock) "
            "SELECT 'handrail', 'x', now() FROM generate_series(1, 20000)"
        )
        cursor.execute("ANALYZE django_q_ormq")
        cursor.execute(
            "EXPLAIN SELECT id FROM django_q_ormq WHERE key = 'handrail' AND lock <= clock_timestamp() "
            "ORDER BY lock, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "portal_queue_next" in plan
    assert "Sort" not in plan
