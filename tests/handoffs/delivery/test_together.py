"""Many events told together reach the same people, in the same roles, as each told alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs import actions
from handoffs.actions.share import share
from handoffs.delivery.people import audience, remembering
from handoffs.lifecycle import State
from handoffs.models import Event, Handoff
from tests.world import World


def newest(handoff: Handoff) -> tuple[Event, Handoff]:
    event = Event.objects.select_related("by").get(handoff=handoff, seq=handoff.ledger_seq)
    return event, Handoff.objects.select_related("workspace").get(id=handoff.id)


@pytest.fixture
def pairs(world: World) -> list[tuple[Event, Handoff]]:
    """Different workspaces, custodians and sights, one shared by itself, one with what clients do not hear."""
    made = [world.handoff(State.OFFERED), world.handoff(State.OFFERED, to="Support"), world.handoff(State.STARTED)]
    made += [world.handoff(State.COMPLETED), world.handoff(State.ON_HOLD)]
    client = world.handoff(State.OFFERED, workspace=world.northwind, to="Northwind")
    made.append(actions.accept(client, by=world.cleo, at=world.later(minutes=1)))
    made.append(actions.note(made[-1], by=world.ana, at=world.later(minutes=1), body="They pay late", internal=True))
    shared = world.handoff(State.OFFERED)
    share(shared, by=world.ana, at=world.later(minutes=1), to=world.nils)
    taken = actions.take_over(made[2], by=world.lea, at=world.later(minutes=1), reason="Ben is ill")
    return [newest(handoff) for handoff in [*made, shared, taken]]


def test_the_same_people_in_the_same_roles(pairs: list[tuple[Event, Handoff]]) -> None:
    alone = [audience(event, handoff) for event, handoff in pairs]
    assert sum(bool(told) for told in alone) >= 6
    with remembering(pairs):
        together = [audience(event, handoff) for event, handoff in pairs]
    assert together == alone


def test_more_of_one_kind_cost_no_more_questions(world: World) -> None:
    many = [newest(world.handoff(State.OFFERED)) for _ in range(12)]
    counts = []
    for pairs in (many[:2], many):
        with CaptureQueriesContext(connection) as seen, remembering(pairs):
            assert all(len(audience(event, handoff)) == 3 for event, handoff in pairs)
        counts.append(len(seen))
    assert counts[0] == counts[1]
