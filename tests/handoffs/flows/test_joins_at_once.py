"""Two branches are completed in the same instant: what they lead to is offered exactly once, and always."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from handoffs import actions
from handoffs.actions.cases import _advance
from handoffs.models import Case, FlowVersion, Handoff, Turn
from tenants.models import Member, Organization
from tenants.scope import scope
from tests.handoffs.apart import database_apart
from tests.handoffs.flows.playing import begun, live, plan, put_in_force, step
from tests.world import World, build

ROUNDS = 150


@pytest.fixture(scope="module")
def firm(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[tuple[Organization, FlowVersion]]:
    with django_db_blocker.unblock(), database_apart("joins"):
        organization = build("joins")
        with scope(organization):
            joined = plan(step("a"), step("b", role="sales"), step("c", "a", "b", role="support"))
            version = put_in_force(World(organization), joined)
        yield organization, version


def meet(organization: Organization, version: FlowVersion, rounds: int) -> list[BaseException]:
    """So many cases whose two branches end at once; what went wrong meanwhile."""
    with scope(organization):
        world = World(organization)
        cases = [begun(world, version) for _ in range(rounds)]
        pairs = [(take(world, case, "a", world.ben), take(world, case, "b", world.max)) for case in cases]
    wrong: list[BaseException] = []
    start = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for side, name in enumerate(("ben", "max")):
            pool.submit(_complete, organization, [pair[side] for pair in pairs], name, start, wrong)
    with scope(organization):
        for case in cases:
            turns = list(Turn.objects.filter(case=case, step="c").select_related("handoff"))
            assert len(turns) == 1, f"{len(turns)} turns of the step after the join"
            assert turns[0].handoff
            assert turns[0].handoff.state == "offered"
            assert Handoff.objects.filter(case=case).count() == 3
    return wrong


def take(world: World, case: Case, step: str, by: Member) -> Handoff:
    return actions.accept(live(case)[step], by=by, at=world.now)


def _complete(
    organization: Organization, handoffs: list[Handoff], name: str, start: threading.Barrier, wrong: list[BaseException]
) -> None:
    try:
        with scope(organization):
            world = World(organization)
            by = getattr(world, name)
            assert by.standing
        for handoff in handoffs:
            start.wait(timeout=30)
            with scope(organization):
                actions.complete(handoff, by=by, at=world.now)
    except BaseException as error:
        wrong.append(error)
        start.abort()
    finally:
        connection.close()


@pytest.mark.timeout(300)
def test_the_step_after_a_join_is_offered_exactly_once(firm: tuple[Organization, FlowVersion]) -> None:
    assert meet(*firm, rounds=ROUNDS) == []


def test_without_the_lock_this_test_fails(
    firm: tuple[Organization, FlowVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(organization_id: Any, case_id: int) -> Case:
        return Case.objects.select_related("flow_version", "workspace", "internal_workspace", "owner__user").get(
            organization_id=organization_id, pk=case_id
        )

    monkeypatch.setattr(_advance, "locked", unlocked)
    # Each branch sees the other as not done: nothing comes after the join, and the case stands still for ever.
    with pytest.raises(AssertionError, match="turns of the step after the join"):
        for _ in range(10):
            meet(*firm, rounds=20)
