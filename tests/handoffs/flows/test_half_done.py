"""The power fails between any two statements of a change: nothing of it is there afterwards."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from handoffs import actions
from handoffs.actions import cases
from handoffs.flows.plan import Pause, Plan, StepKind
from handoffs.models import Case, Turn
from tenants.isolation.catalog import tenant_models
from tenants.models import Organization
from tenants.scope import everyone, scope
from tests.handoffs.apart import database_apart
from tests.handoffs.flows.playing import begun, does, link, live, plan, put_in_force, step
from tests.world import World, build

Change = Callable[[World], object]


class PowerFails(RuntimeError):
    """Injected."""


@pytest.fixture(scope="module")
def firm(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Organization]:
    with django_db_blocker.unblock(), database_apart("halves"):
        yield build("halves")


def three_successors(world: World) -> Change:
    steps = (step("a"), step("b", "a", role="sales"), step("c", "a", role="support"), step("d", "a", role="sales"))
    case = begun(world, in_force(world, plan(*steps, step("e", "b", "c", "d"))))
    held = actions.accept(live(case)["a"], by=world.ben, at=world.later(minutes=1))
    return lambda now: actions.complete(held, by=now.ben, at=world.now)


def a_loop(world: World) -> Change:
    back = step("a", link("b", again_at_most=1))
    looped = plan(back, step("b", "a", role="sales"), step("side", "a", role="support"), step("c", "b", role="support"))
    case = begun(world, in_force(world, looped))
    does(world, case, "a", world.ben)
    held = actions.accept(live(case)["b"], by=world.max, at=world.later(minutes=1))
    return lambda now: actions.complete(held, by=now.max, at=world.now)


def a_return(world: World) -> Change:
    steps = plan(step("a"), step("b", "a", role="sales"), step("c", "a", role="support"))
    case = begun(world, in_force(world, steps))
    does(world, case, "a", world.ben)
    offered = live(case)["b"]
    return lambda now: cases.send_back(offered, by=now.max, at=world.now, to_step="a", reason="No price")


def a_launch(world: World) -> Change:
    version = in_force(world, plan(step("a"), step("b", role="sales")))
    return lambda now: begun(now, version)


def a_wake(world: World) -> Change:
    pause = Pause(lasts=timedelta(hours=1), hours_of="sales")
    waits = plan(step("w", kind=StepKind.WAIT, pause=pause), step("b", "w"), step("c", "w", role="sales"))
    case = begun(world, in_force(world, waits))
    turn = Turn.objects.select_related("case").get(case=case, step="w")
    return lambda now: cases.wake(turn, by=now.system, at=world.now + timedelta(days=3))


def the_end_of_a_launched_case(world: World) -> Change:
    inner = in_force(world, plan(step("x")))
    sub = step("sub", kind=StepKind.CASE, flow="Inner", cast={"onboarding": "onboarding"})
    outer = put_in_force(world, plan(sub, step("z", "sub", role="sales")), name=name(), flows={"sub": inner})
    case = begun(world, outer)
    held = actions.accept(live(Case.objects.get(root=case))["x"], by=world.ben, at=world.later(minutes=1))
    return lambda now: actions.complete(held, by=now.ben, at=world.now)


CHANGES = (three_successors, a_loop, a_return, a_launch, a_wake, the_end_of_a_launched_case)
_names = iter(f"Flow {number}" for number in range(1_000))


def name() -> str:
    return next(_names)


def in_force(world: World, steps: Plan) -> Any:
    return put_in_force(world, steps, name=name())


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.timeout(300)
def test_nothing_is_left_half_done(firm: Organization, change: Callable[[World], Change]) -> None:
    with scope(firm):
        do = change(World(firm))
    before = everything(firm)
    statements = 0
    while fails_after(firm, do, statements):
        assert everything(firm) == before, f"something stayed of what failed after {statements} statements"
        statements += 1
    assert statements > 20
    assert everything(firm) != before


def fails_after(organization: Organization, do: Change, statements: int) -> bool:
    """Does the change, unless it takes more than so many statements: then it breaks off there."""
    left = statements

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left == 0:
            raise PowerFails
        left -= 1
        return execute(sql, params, many, context)

    try:
        with scope(organization):
            world = World(organization)
            assert world.ben.standing
            assert world.max.standing
            with connection.execute_wrapper(count):
                do(world)
    except PowerFails:
        return True
    return False


def everything(organization: Organization) -> dict[str, str]:
    """A mark of every row there is, by table, and of what waits in the queue."""
    tables = [*(model._meta.db_table for model in tenant_models()), "django_q_ormq"]
    marks: dict[str, str] = {}
    with everyone(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t.id), '')) FROM \"{table}\" AS t"
            )
            marks[table] = cursor.fetchone()[0]
    return marks
