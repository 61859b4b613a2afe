"""While the worker waits for a mail server that hangs, people accept as fast as ever: committed rows, real threads."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections
from django_q.models import OrmQ

from handoffs import actions, jobs
from handoffs.delivery import rests
from handoffs.lifecycle import State
from handoffs.models import Event, Handoff, Message
from tenants.models import Organization
from tenants.scope import scope
from tests.handoffs.apart import database_apart
from tests.handoffs.delivery.mail_server import mail_server
from tests.world import World, build


@pytest.fixture(scope="module")
def organization(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Organization]:
    with django_db_blocker.unblock(), database_apart("hanging"):
        yield build("hanging")


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    rests.forget()
    yield
    rests.forget()


def offered(organization: Organization) -> Handoff:
    with scope(organization):
        return World(organization, now=datetime.now(UTC)).handoff(State.OFFERED)


def accept(organization: Organization, handoff: Handoff) -> float:
    """How long Ben waits for his acceptance."""
    with scope(organization):
        ben = World(organization).ben
        assert ben.standing
    began = time.monotonic()
    with scope(organization):
        actions.accept(handoff, by=ben, at=datetime.now(UTC))
    return time.monotonic() - began


def test_acceptance_is_as_fast_while_the_mail_server_hangs(organization: Organization) -> None:
    before, first, second = offered(organization), offered(organization), offered(organization)
    usual = accept(organization, before)
    with scope(organization):
        offer = Event.objects.filter(handoff=first).latest("seq")
    jobs.deliver(str(organization.id), offer.id)
    with scope(organization):
        ids = list(Message.objects.filter(event=offer).values_list("id", flat=True))
        OrmQ.objects.all().delete()
    with mail_server(timeout=4) as server:
        server.hangs = True

        def send() -> None:
            try:
                jobs.send(str(organization.id), ids[0])
            finally:
                connections.close_all()

        waiting = threading.Thread(target=send)
        waiting.start()
        time.sleep(1)
        assert waiting.is_alive(), "it waits for the server"
        # Of the very handoff whose mail hangs, and of another.
        took = [accept(organization, first), accept(organization, second)]
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and state = 'idle in transaction' and pid <> pg_backend_pid()"
            )
            assert cursor.fetchone() == (0,), "no transaction is open for the length of a hang"
        assert waiting.is_alive(), "it still waits"
        waiting.join(timeout=10)
    assert max(took) < max(usual * 5, 0.25)
    with scope(organization):
        assert Message.objects.get(id=ids[0]).attempts == 1
