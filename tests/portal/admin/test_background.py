"""Background work in the admin: a stopped worker is seen, and what was given up is run again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ, Task

from handoffs.actions.run_again import run_again
from handoffs.lifecycle import State
from handoffs.models import Clock, Event, Notice
from portal.models import Heartbeat
from tenants.refusals import Conflict, Forbidden, Missing
from tenants.scope import everyone
from tests.handoffs.worker import queued, work_off
from tests.portal.admin.conftest import Visit, Visitor
from tests.world import World

TROUBLE = "RuntimeError: the template is broken : Traceback (most recent call last): …"


def given_up(world: World, args: tuple[Any, ...], id: str = "poison", attempts: int = 5, **given: Any) -> Task:
    """A task as the queue leaves it after its last attempt."""
    facts = {"func": "handoffs.jobs.deliver", "group": str(world.organization.id), "started": world.now, **given}
    return Task.objects.create(
        id=id, name=id, args=args, kwargs={}, stopped=timezone.now(), success=False, result=TROUBLE,
        attempt_count=attempts, **facts,
    )  # fmt: skip


@pytest.fixture
def poison(world: World) -> Task:
    """The delivery of Ana's offer, which failed every time."""
    handoff = world.handoff(State.OFFERED)
    OrmQ.objects.all().delete()
    event = Event.objects.get(handoff=handoff, verb="offer")
    return given_up(world, (str(world.organization.id), event.id))


def beat(ago: timedelta = timedelta()) -> None:
    at = Now() - ago
    said = {"started_at": at, "beat_at": at, "swept_at": at, "processes": 4}
    Heartbeat.objects.update_or_create(host="here", pid=1, defaults=said)


def test_while_it_beats_no_page_complains(olga: Visitor) -> None:
    beat()
    for path in ("", "background/", "tenants/team/"):
        text = olga.get(path).content.decode()
        assert "Nothing has been delivered" not in text
    assert "Heartbeat" in olga.get().content.decode()
    assert "Running" in olga.get().content.decode()


def test_a_lead_is_not_told_of_a_worker_that_nobody_looked_at(visit: Visit) -> None:
    beat()
    page = visit("lea").get()
    assert page.status_code == 200
    assert "Heartbeat" not in page.content.decode()
    assert "Not running" not in page.content.decode()


@pytest.mark.parametrize("path", ["", "background/", "tenants/team/", "handoffs/handoff/"])
def test_a_stopped_worker_is_seen_on_every_page(olga: Visitor, path: str) -> None:
    beat(timedelta(minutes=40))
    text = " ".join(olga.get(path).content.decode().split())
    assert "Nothing has been delivered and no alarm has fired since" in text
    assert "because the worker is not running. Ask your operator." in text


def test_one_that_never_ran_and_one_that_fails(olga: Visitor) -> None:
    assert "no worker has been running here yet" in olga.get().content.decode()
    beat(timedelta(minutes=40))
    Heartbeat.objects.update(beat_at=Now())
    assert "because the worker fails at its work" in " ".join(olga.get().content.decode().split())


def test_the_card_counts_this_organization_alone(world: World, olga: Visitor, visit: Visit) -> None:
    beat()
    world.handoff(State.OFFERED)
    Clock.objects.update(next_alarm_at=Now() - timedelta(minutes=3))
    given_up(world, (str(world.organization.id), 1))
    text = " ".join(olga.get().content.decode().split())
    assert "1, the oldest" in text
    theirs = " ".join(visit("stan").client.get("/o/elsewhere/admin/").content.decode().split())
    assert "Alarms due and not fired</dt> <dd>None</dd>" in theirs
    assert "Failed tasks</dt> <dd>None</dd>" in theirs


def test_what_failed_is_told_in_words(olga: Visitor, poison: Task) -> None:
    text = olga.get("background/").content.decode()
    assert "Tell people what happened" in text
    assert "HO-" in text
    assert "RuntimeError: the template is broken" in text
    assert "Traceback" not in text


def test_run_again_does_it(world: World, olga: Visitor, poison: Task) -> None:
    answer = olga.client.post("/o/fjord/admin/background/poison/again/", follow=True)
    assert "it is queued again" in answer.content.decode()
    assert "Nothing has failed." in answer.content.decode()
    assert queued() == [("deliver", poison.args)]
    work_off()
    assert Notice.objects.filter(event_id=poison.args[1]).count() == 3


def test_twice_queues_it_once(olga: Visitor, poison: Task) -> None:
    assert olga.post("background/poison/again/").status_code == 302
    assert olga.post("background/poison/again/").status_code == 404
    assert len(queued()) == 1


def test_a_link_does_not_run_it(olga: Visitor, poison: Task) -> None:
    assert olga.get("background/poison/again/").status_code == 405
    assert queued() == []


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("vic", 403), ("cleo", 404), ("stan", 404)])
def test_it_is_for_who_runs_the_organization(visit: Visit, poison: Task, name: str, status: int) -> None:
    assert visit(name).post("background/poison/again/").status_code == status
    assert queued() == []


def test_another_organizations_task_is_not_there(visit: Visit, poison: Task) -> None:
    stan = visit("stan").client
    assert stan.post("/o/elsewhere/admin/background/poison/again/").status_code == 404
    assert "Nothing has failed." in stan.get("/o/elsewhere/admin/background/").content.decode()
    assert Task.objects.filter(id="poison").exists()


def test_what_is_still_tried_is_left_to_the_queue(world: World, olga: Visitor, poison: Task) -> None:
    Task.objects.update(attempt_count=2)
    assert "Is tried again by itself" in olga.get("background/").content.decode()
    answer = olga.client.post("/o/fjord/admin/background/poison/again/", follow=True)
    assert "still being tried" in answer.content.decode()
    with pytest.raises(Conflict):
        run_again(task="poison", by=world.olga, at=world.now)


def test_failures_of_one_thing_are_one_line(world: World, olga: Visitor, poison: Task) -> None:
    given_up(world, poison.args, id="earlier")
    assert olga.get("background/").content.decode().count("Run again") == 1
    newest = Task.objects.order_by("-stopped")[0].id
    run_again(task=newest, by=world.olga, at=world.now)
    assert not Task.objects.exists()


def test_the_action_asks_who_it_is(world: World, poison: Task) -> None:
    with pytest.raises(Forbidden):
        run_again(task="poison", by=world.ana, at=world.now)
    with everyone():
        stan = type(world.olga).objects.get(user__email="stan@elsewhere.example")
    with pytest.raises(Missing):
        run_again(task="poison", by=stan, at=world.now)
    with pytest.raises(Missing):
        run_again(task="nothing", by=world.olga, at=world.now)
