"""A transition that follows another on the same object reads less, and never believes what is no longer so."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from handoffs import actions
from handoffs.actions._transfer import close_offer
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import Handoff
from handoffs.passage import passage
from handoffs.refusals import NotNow
from tests.world import World

JOINED = 'FROM "tenants_workspace" AS its'


def joined_reads(queries: CaptureQueriesContext) -> int:
    asked = [query["sql"] or "" for query in queries]
    return sum('FROM "handoffs_handoff" AS one' in sql and JOINED in sql for sql in asked)


def test_what_was_just_returned_is_not_joined_again(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        handoff = actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
        handoff = actions.start(handoff, by=world.ben, at=world.later(minutes=1))
    assert joined_reads(queries) == 0
    assert (handoff.status, handoff.custodian) == (State.STARTED, world.ben)


def test_what_has_only_its_own_row_is_read_whole(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    with CaptureQueriesContext(connection) as queries:
        actions.accept(Handoff.objects.get(pk=handoff.pk), by=world.ben, at=world.later(minutes=1))
    assert joined_reads(queries) == 1


def test_what_somebody_else_changed_meanwhile_is_read_anew(world: World) -> None:
    handoff = world.handoff(at=State.OFFERED)
    elsewhere = Handoff.objects.get(pk=handoff.pk)
    actions.redirect(elsewhere, by=world.ana, at=world.later(minutes=1), to_team=world.team("Support"))
    accepted = actions.accept(handoff, by=world.sam, at=world.later(minutes=1))
    assert (accepted.custodian, accepted.custodian_team) == (world.sam, world.team("Support"))
    with pytest.raises(NotNow, match="Sam answers for it"):
        actions.accept(handoff, by=world.ben, at=world.later(minutes=1))


def test_a_transition_that_fails_half_way_leaves_what_the_caller_holds(world: World) -> None:
    """The caller shows the handoff again, or tries something else with it."""
    handoff = world.handoff(at=State.OFFERED)
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: SIM117
        with passage(handoff, Verb.WITHDRAW, by=world.ana, at=world.later(minutes=1)) as step:
            step.is_repeat(False)
            assert close_offer(step, OfferState.WITHDRAWN).state == OfferState.WITHDRAWN
            raise ZeroDivisionError
    assert handoff.open_offer is not None
    assert handoff.open_offer.state == OfferState.OPEN
    assert actions.accept(handoff, by=world.ben, at=world.later(minutes=1)).custodian == world.ben
