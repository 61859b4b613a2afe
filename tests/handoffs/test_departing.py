"""Nobody leaves with work in hand."""

import pytest

from handoffs import actions
from handoffs.departing import burden, depart
from handoffs.lifecycle import State
from handoffs.models import Custody, Offer
from tenants.models import Member
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.scope import everyone
from tests.world import World


def test_the_burden_counts_what_is_held_and_what_is_reserved(world: World) -> None:
    assert burden(world.ben) == (0, 0)
    world.handoff(at=State.STARTED)
    made = actions.draft(world.projects, by=world.ana, at=world.now, title="For Ben")
    actions.offer(made, by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.ben)
    assert burden(world.ben) == (1, 1)


def test_everything_moves_by_an_event_and_then_the_member_is_gone(world: World) -> None:
    held = [world.handoff(at=State.STARTED), world.handoff(at=State.ON_HOLD)]
    depart(member=world.ben, successor=world.bo, by=world.olga, at=world.later(hours=1))
    for handoff in held:
        handoff.refresh_from_db()
        assert handoff.custodian == world.bo
        row = Custody.objects.get(handoff=handoff, ended_at=None)
        assert (row.holder, row.verb) == (world.bo, "take_over")
    left = Member.objects.get(pk=world.ben.pk)
    assert left.left_at == world.now
    # Twice is once.
    assert depart(member=left, by=world.olga, at=world.later(hours=1)).left_at == left.left_at


def test_without_a_successor_nothing_changes(world: World) -> None:
    handoff = world.handoff(at=State.STARTED)
    with pytest.raises(Conflict, match="say who takes over") as refusal:
        depart(member=world.ben, by=world.olga, at=world.now)
    assert refusal.value.code == "still_holds"
    handoff.refresh_from_db()
    assert handoff.custodian == world.ben


def test_a_refusal_at_the_end_takes_everything_back(world: World) -> None:
    handoff = world.handoff(at=State.STARTED)
    actions.take_over(handoff, by=world.lea, at=world.now, reason="To show it")
    with pytest.raises(Conflict, match="somebody else must lead first"):
        depart(member=world.lea, successor=world.bo, by=world.olga, at=world.later(hours=1))
    handoff.refresh_from_db()
    assert handoff.custodian == world.lea


def test_an_offer_to_one_alone_goes_to_the_team(world: World) -> None:
    made = actions.draft(world.projects, by=world.ana, at=world.now, title="For Ben")
    actions.offer(made, by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.ben)
    depart(member=world.ben, by=world.olga, at=world.later(hours=1))
    assert Offer.objects.open().get(handoff=made).to_member is None


def test_the_successor_is_somebody_else_from_here(world: World) -> None:
    with everyone():
        stan = Member.objects.get(name="Stan")
    for successor in (world.ben, stan):
        with pytest.raises(Invalid):
            depart(member=world.ben, successor=successor, by=world.olga, at=world.now)


def test_who_may_not_make_people_leave_moves_nothing(world: World) -> None:
    handoff = world.handoff(at=State.STARTED)
    with pytest.raises(Forbidden):
        depart(member=world.ben, successor=world.bo, by=world.ana, at=world.later(hours=1))
    handoff.refresh_from_db()
    assert handoff.custodian == world.ben
