"""What a transition costs in statements: constant, and few."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff
from tests.world import World


def counted(action: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("kit", [None, "approval", "sbar"])
def test_accepting_is_one_transaction_of_at_most_ten_statements(world: World, kit: str | None) -> None:
    context = {
        None: {},
        "approval": {"subject": "The offer to Northwind"},
        "sbar": dict.fromkeys(("situation", "background", "assessment", "recommendation"), "As agreed"),
    }[kit]
    handoff = world.handoff(at=State.OFFERED, template=world.template(kit) if kit else None, context=context)
    # Who somebody is is read once per request, before any verb.
    assert world.ben.standing
    statements = counted(lambda: actions.accept(handoff, by=world.ben, at=world.later(minutes=1), facts_read=True))
    assert len(statements) <= 10, statements


def test_a_long_history_costs_nothing(world: World) -> None:
    def once(handoff: Handoff) -> int:
        offered = actions.offer(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
        accept = counted(lambda: actions.accept(offered, by=world.ben, at=world.later(minutes=1)))
        return len(accept)

    fresh, old = world.handoff(), world.handoff()
    for _ in range(15):
        old = actions.offer(old, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
        old = actions.return_(old, by=world.ben, at=world.later(minutes=1), reason="Not yet")
    assert once(fresh) == once(old)
