"""While a flow is played, others go on: on another connection nothing waits for a lock of the play."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from handoffs import actions
from handoffs.actions.cases import launch
from handoffs.actions.flows import create_flow, publish_flow, write_flow
from handoffs.escalation import sweep
from handoffs.models import FlowVersion, Handoff
from handoffs.sandbox import Script, course, play
from tenants.models import Organization
from tenants.presence import all_stay
from tenants.scope import everyone, scope
from tests.handoffs.apart import database_apart
from tests.portal.pages.flows import REVIEW, review
from tests.world import MONDAY, World, build


@pytest.fixture(scope="module")
def firm(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Organization]:
    """Committed rows in a database apart: two connections cannot see each other's open transactions."""
    with django_db_blocker.unblock(), database_apart("sandbox"):
        yield build("sandbox")


def others(firm: Organization, draft: FlowVersion, faults: list[BaseException]) -> None:
    """What colleagues do meanwhile; a statement that has to wait for a second fails."""
    try:
        with scope(firm):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
            world = World(firm)
            actions.draft(world.projects, by=world.ana, at=world.now, title="Meanwhile")
            version = FlowVersion.objects.get(flow__name="In use", published_at__isnull=False)
            launch(version, by=world.olga, at=world.now, workspace=world.projects, title="Meanwhile")
            write_flow(version=draft, document={**REVIEW, "steps": REVIEW["steps"][:1]}, by=world.olga, at=world.now)
            create_flow(name="Meanwhile", by=world.olga, at=world.now)
            all_stay([world.ben, world.lea])
        with everyone():
            sweep.fire(MONDAY)
    except BaseException as fault:
        faults.append(fault)
    finally:
        connection.close()


def test_nobody_waits_for_a_play(
    firm: Organization, monkeypatch: pytest.MonkeyPatch, django_db_blocker: pytest.FixtureRequest
) -> None:
    faults: list[BaseException] = []
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with scope(firm):
            world = World(firm)
            draft = review(world)
            publish_flow(version=review(world, "In use"), by=world.olga, at=world.now)
        former, asked = course.results, []

        def meanwhile(*given: Any) -> Any:
            if not asked:
                asked.append(True)
                thread = threading.Thread(target=others, args=(firm, draft, faults))
                thread.start()
                thread.join(30)
                assert not thread.is_alive()
            return former(*given)

        monkeypatch.setattr(course, "results", meanwhile)
        with scope(firm):
            found = play(draft, by=world.olga, at=MONDAY, workspace=world.projects, script=Script())
        with scope(firm):
            titles = list(Handoff.objects.order_by("id").values_list("number", "title"))
    assert asked
    assert faults == []
    assert found.is_over
    assert titles == [(1001, "Meanwhile"), (1002, "Check it: Meanwhile")]
