"""A case goes its way: what was done brings what comes next, already offered."""

from handoffs.ledger.verify import faults
from handoffs.models import Offer
from tests.handoffs.flows.playing import begun, does, live, plan, put_in_force, states, step
from tests.world import World


def test_a_case_begins_with_its_first_step_offered(world: World) -> None:
    version = put_in_force(world, plan(step("intake"), step("review", "intake")))
    case = begun(world, version)
    (handoff,) = live(case).values()
    assert (case.reference, case.state) == ("CA-1001", "running")
    assert (handoff.state, handoff.custodian_id, handoff.case_id) == ("offered", world.ana.id, case.id)
    assert handoff.title == "Intake: Northwind"
    assert list(faults(world.organization.id)) == []


def test_completing_offers_the_next_step_in_the_name_of_who_completed(world: World) -> None:
    case = begun(world, put_in_force(world, plan(step("intake"), step("review", "intake", role="sales"))))
    does(world, case, "intake", world.ben)
    review = live(case)["review"]
    assert (review.state, review.custodian_id, review.custodian_team) == (
        "offered",
        world.ben.id,
        world.team("Onboarding"),
    )
    assert Offer.objects.get(handoff=review).to_team == world.team("Sales")
    does(world, case, "review", world.max)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("completed", world.now)
    assert states(case) == {"intake": "done", "review": "done"}


def test_a_join_waits_for_both_branches(world: World) -> None:
    both = plan(step("a"), step("b", role="sales"), step("c", "a", "b", role="support"))
    case = begun(world, put_in_force(world, both))
    does(world, case, "a", world.ben)
    assert set(live(case)) == {"b"}
    does(world, case, "b", world.max)
    assert set(live(case)) == {"c"}
