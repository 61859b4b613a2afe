"""A case under way is changed: sent back, skipped, recast, lengthened, moved, ended; each by an event in its ledger."""

from datetime import timedelta

import pytest

from handoffs import actions
from handoffs.actions.cases import (
    add_step,
    cancel_case,
    entrust,
    move_cases,
    reassign,
    send_back,
    skip,
    wake,
)
from handoffs.flows.document import written
from handoffs.flows.plan import DoneOn, Pause, StepKind
from handoffs.flows.rules import sentence
from handoffs.flows.verify import case_faults
from handoffs.ledger.verify import faults
from handoffs.models import Case, CaseEvent, Event, FlowVersion, Handoff, Offer, Turn
from handoffs.relief import look_after, relieve_case
from tenants.refusals import Refusal
from tests.handoffs.flows.playing import begun, cast, does, link, live, plan, put_in_force, states, step
from tests.world import World


def refused(code: str, call) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.code == code, caught.value
    return caught.value


def in_row(world: World, *, may_skip: bool = False) -> Case:
    steps = plan(step("a"), step("b", "a", role="sales", may_skip=may_skip), step("c", "b", role="support"))
    return begun(world, put_in_force(world, steps))


def whole(world: World) -> None:
    assert list(faults(world.organization.id)) == []
    assert list(case_faults(world.organization.id)) == []
    live_turns = Turn.objects.filter(state="live", handoff__isnull=False)
    assert set(live_turns.values_list("handoff_id", flat=True)) == set(
        Handoff.objects.live().filter(case__isnull=False).values_list("id", flat=True)
    )


def verbs(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("verb", flat=True))


def test_a_receiver_sends_it_back_to_the_first_step(world: World) -> None:
    case = in_row(world)
    does(world, case, "a", world.ben)
    does(world, case, "b", world.max)
    third = live(case)["c"]
    again = send_back(third, by=world.sam, at=world.later(minutes=1), to_step="a", reason="No access list")
    assert (again.state, again.custodian, again.open_offer.to_member) == ("offered", world.ana, world.ben)
    assert states(case) == {"a": "live"}
    third.refresh_from_db()
    assert third.state == "cancelled"
    assert Event.objects.filter(handoff=third, verb="return", by=world.sam).count() == 1
    whole(world)
    # Sent twice it is a success that changes nothing.
    assert send_back(third, by=world.sam, at=world.later(minutes=1), to_step="a", reason="Again").pk == again.pk
    assert verbs(case)[-2:] == ["advance", "send_back"]
    does(world, case, "a", world.ben)
    assert live(case)["b"].state == "offered"
    does(world, case, "b", world.max)
    does(world, case, "c", world.sam)
    case.refresh_from_db()
    assert case.state == "completed"
    assert Turn.objects.filter(case=case, step="b").count() == 2
    whole(world)


def test_who_holds_it_in_hand_sends_it_back_too(world: World) -> None:
    case = in_row(world)
    does(world, case, "a", world.ben)
    held = actions.accept(live(case)["b"], by=world.max, at=world.later(minutes=1))
    send_back(held, by=world.max, at=world.later(minutes=1), to_step="a", reason="No price")
    assert Event.objects.filter(handoff=held, verb="hand_back").count() == 1
    does(world, case, "a", world.ben)
    refused("not_yours", lambda: send_back(live(case)["b"], by=world.sue, at=world.now, to_step="a", reason="No"))
    whole(world)


@pytest.mark.parametrize("to_step", ["b", "c", "nowhere"])
def test_only_earlier_steps_that_were_done_take_it_back(world: World, to_step: str) -> None:
    case = in_row(world)
    does(world, case, "a", world.ben)
    second = live(case)["b"]
    refused("not_an_earlier_step", lambda: send_back(second, by=world.max, at=world.now, to_step=to_step, reason="No"))
    second.refresh_from_db()
    assert second.state == "offered"


def test_reopening_undoes_what_came_after_and_the_case_runs_again(world: World) -> None:
    case = in_row(world)
    first = does(world, case, "a", world.ben)
    second = does(world, case, "b", world.max)
    does(world, case, "c", world.sam)
    actions.reopen(first, by=world.ana, at=world.later(minutes=1), reason="It was the wrong client")
    case.refresh_from_db()
    assert (case.state, states(case)) == ("running", {"a": "live"})
    refused("superseded_step", lambda: actions.reopen(second, by=world.ben, at=world.now, reason="No"))
    whole(world)


def test_a_single_step_is_not_cancelled(world: World) -> None:
    case = in_row(world)
    refused("part_of_case", lambda: actions.cancel(live(case)["a"], by=world.ana, at=world.now, reason="No"))


def test_skipping_goes_on_as_if_it_were_done(world: World) -> None:
    case = in_row(world, may_skip=True)
    does(world, case, "a", world.ben)
    second = live(case)["b"]
    refused("not_yours", lambda: skip(case, step="b", by=world.max, at=world.now, reason="No"))
    refused("step_not_live", lambda: skip(case, step="c", by=world.ana, at=world.now, reason="No"))
    skip(case, step="b", by=world.mo, at=world.later(minutes=1), reason="Known client")
    skip(case, step="b", by=world.mo, at=world.later(minutes=1), reason="Known client")
    assert states(case) == {"a": "done", "b": "skipped", "c": "live"}
    second.refresh_from_db()
    assert second.state == "cancelled"
    assert live(case)["c"].custodian == world.mo
    assert sentence(CaseEvent.objects.get(case=case, verb="skip")) == "Mo skipped “B”: Known client"
    whole(world)


def test_what_the_flow_does_not_let_skip_is_not_skipped(world: World) -> None:
    case = in_row(world)
    refused("may_not_skip", lambda: skip(case, step="a", by=world.ana, at=world.now, reason="No"))


def test_cancelling_ends_everything(world: World) -> None:
    both = plan(step("a"), step("b", role="sales"), step("c", "a", "b", role="support"))
    case = begun(world, put_in_force(world, both))
    refused("not_yours", lambda: cancel_case(case, by=world.ben, at=world.now, reason="No"))
    cancel_case(case, by=world.ana, at=world.later(minutes=1), reason="Signed elsewhere")
    cancel_case(case, by=world.ana, at=world.later(minutes=1), reason="Signed elsewhere")
    case.refresh_from_db()
    assert (case.state, states(case), live(case)) == ("cancelled", {"a": "cancelled", "b": "cancelled"}, {})
    assert verbs(case) == ["launch", "cancel"]
    refused("not_in_this_state", lambda: skip(case, step="a", by=world.ana, at=world.now, reason="No"))
    whole(world)


def test_a_recast_role_has_its_offers_redirected_and_keeps_what_is_in_hand(world: World) -> None:
    both = plan(step("a"), step("b"), step("c", "a", "b", role="support"))
    case = begun(world, put_in_force(world, both))
    held = actions.accept(live(case)["a"], by=world.ben, at=world.later(minutes=1))
    moved = {"role": "onboarding", "team": world.team("Support"), "reason": "Onboarding is busy"}
    reassign(case, **moved, by=world.ana, at=world.later(minutes=1))
    reassign(case, **moved, by=world.ana, at=world.later(minutes=1))
    assert Offer.objects.open().get(handoff=live(case)["b"]).to_team == world.team("Support")
    assert live(case)["a"].custodian == world.ben
    assert CaseEvent.objects.filter(case=case, verb="reassign").get().facts["kept"] == [held.reference]
    reassign(case, **moved, member=world.sue, take_over=True, by=world.ana, at=world.later(minutes=1))
    assert live(case)["a"].custodian == world.sue
    elsewhere = {**moved, "team": world.team("Elsewhere")}
    refused("role_cannot_receive", lambda: reassign(case, **elsewhere, by=world.ana, at=world.now))
    whole(world)


def test_a_step_is_added_before_what_waits(world: World) -> None:
    case = in_row(world)
    extra = step("legal", "a", role="support")
    add_step(case, step=extra, before=["c"], by=world.ana, at=world.later(minutes=1), reason="New client")
    does(world, case, "a", world.ben)
    assert set(live(case)) == {"b", "legal"}
    does(world, case, "b", world.max)
    assert set(live(case)) == {"legal"}
    late = step("late", "a", role="support")
    refused(
        "step_was_entered",
        lambda: add_step(case, step=late, before=["b"], by=world.ana, at=world.now, reason="Late"),
    )
    add_step(case, step=late, by=world.ana, at=world.later(minutes=1), reason="Late")
    assert set(live(case)) == {"legal", "late"}
    does(world, case, "legal", world.sam)
    assert set(live(case)) == {"c", "late"}
    whole(world)


def test_a_wait_is_over_once(world: World) -> None:
    pause = Pause(lasts=timedelta(hours=2), hours_of="onboarding")
    waiting = plan(step("a"), step("w", "a", kind=StepKind.WAIT, pause=pause), step("b", "w", role="sales"))
    case = begun(world, put_in_force(world, waiting))
    does(world, case, "a", world.ben)
    turn = Turn.objects.select_related("case").get(case=case, step="w")
    assert turn.wakes_at == world.now.replace(hour=11, minute=0)  # two hours after they open
    assert not wake(turn, by=world.system, at=world.now)
    at = world.later(hours=3)
    assert wake(turn, by=world.system, at=at)
    assert not wake(turn, by=world.system, at=at)
    assert (live(case)["b"].custodian, live(case)["b"].state) == (world.ben, "offered")
    assert verbs(case)[-1] == "wake"
    whole(world)


def test_an_acknowledgment_is_done_when_it_is_accepted(world: World) -> None:
    told = plan(step("a", done_on=DoneOn.ACCEPT), step("b", "a", role="sales"))
    case = begun(world, put_in_force(world, told))
    done = actions.accept(live(case)["a"], by=world.ben, at=world.later(minutes=1))
    assert done.state == "completed"
    assert set(live(case)) == {"b"}
    assert actions.accept(done, by=world.ben, at=world.later(minutes=1)).state == "completed"
    whole(world)


def test_a_loop_cancels_what_is_live_after_it(world: World) -> None:
    back = step("a", link("b", again_at_most=1))
    looped = plan(back, step("b", "a", role="sales"), step("side", "a", role="support"), step("c", "b", role="support"))
    case = begun(world, put_in_force(world, looped))
    does(world, case, "a", world.ben)
    side = live(case)["side"]
    does(world, case, "b", world.max)
    side.refresh_from_db()
    assert (side.state, states(case)) == ("cancelled", {"a": "live"})
    assert Turn.objects.get(case=case, step="a", undone_at=None).number == 2
    does(world, case, "a", world.ben)
    does(world, case, "b", world.max)
    assert states(case) == {"a": "done", "b": "done", "side": "live", "c": "live"}
    whole(world)


def launching(world: World) -> Case:
    inner = put_in_force(world, plan(step("x"), step("y", "x", role="sales")), name="Inner")
    outer = plan(
        step("a"),
        step("sub", "a", kind=StepKind.CASE, flow="Inner", cast={"onboarding": "onboarding", "sales": "sales"}),
        step("z", "sub", role="support"),
    )
    return begun(world, put_in_force(world, outer, flows={"sub": inner}))


def test_a_step_launches_another_case_and_is_done_when_that_is(world: World) -> None:
    case = launching(world)
    first = does(world, case, "a", world.ben)
    child = Case.objects.get(root=case)
    does(world, child, "x", world.bo)
    last = does(world, child, "y", world.max)
    assert states(case) == {"a": "done", "sub": "done", "z": "live"}
    child.refresh_from_db()
    assert child.state == "completed"
    actions.reopen(last, by=world.bo, at=world.later(minutes=1), reason="Not done")
    assert states(case) == {"a": "done", "sub": "live"}
    does(world, child, "y", world.max)
    actions.reopen(first, by=world.ana, at=world.later(minutes=1), reason="Wrong client")
    assert states(case) == {"a": "live"}
    whole(world)


def test_a_launched_case_that_is_cancelled_can_be_skipped_above(world: World) -> None:
    case = launching(world)
    does(world, case, "a", world.ben)
    child = Case.objects.get(root=case)
    cancel_case(child, by=world.ana, at=world.later(minutes=1), reason="Not needed")
    case.refresh_from_db()
    assert (case.state, states(case)) == ("running", {"a": "done", "sub": "cancelled"})
    skip(case, step="sub", by=world.ana, at=world.later(minutes=1), reason="Not needed")
    assert set(live(case)) == {"z"}
    whole(world)


def test_cancelling_the_case_above_cancels_what_it_launched(world: World) -> None:
    case = launching(world)
    does(world, case, "a", world.ben)
    cancel_case(case, by=world.ana, at=world.later(minutes=1), reason="Not needed")
    assert set(Case.objects.values_list("state", flat=True)) == {"cancelled"}
    whole(world)


def test_cases_move_to_a_version_that_only_adds_what_is_to_come(world: World) -> None:
    case = in_row(world)
    does(world, case, "a", world.ben)
    old = case.flow_version
    steps = (step("a"), step("b", "a", role="sales"), step("c", "b", role="support"))

    def version(number: int, *added) -> FlowVersion:
        return FlowVersion.objects.create(
            organization=world.organization,
            flow=old.flow,
            number=number,
            document=written(plan(*steps, *added)),
            created_at=world.now,
            published_at=world.now,
        )

    good = version(2, step("d", "c"))
    (answer,) = move_cases(old.flow, to=good, by=world.olga, at=world.now, dry_run=True)
    assert answer.is_safe
    steps = (step("a"), step("new", "a"), step("b", "new", role="sales"), step("c", "b", role="support"))
    (bad,) = move_cases(old.flow, to=version(3), by=world.olga, at=world.now, dry_run=True)
    assert bad.why_not == ["“New” is new and would come before “B”, which the case has come to already."]
    (moved,) = move_cases(old.flow, to=good, by=world.olga, at=world.later(minutes=1))
    assert moved.is_safe
    assert move_cases(old.flow, to=good, by=world.olga, at=world.later(minutes=1)) == []
    does(world, case, "b", world.max)
    does(world, case, "c", world.sam)
    assert set(live(case)) == {"d"}
    whole(world)


def test_the_owner_who_leaves_is_followed_by_somebody_able(world: World) -> None:
    case = in_row(world)
    entrust(case, to=world.max, by=world.ana, at=world.later(minutes=1), reason="Holiday")
    case.refresh_from_db()
    assert case.owner == world.max
    refused("cannot_own", lambda: entrust(case, to=world.nils, by=world.max, at=world.now, reason="No"))
    world.max.user.is_active = False
    world.max.user.save()
    look_after(world.organization.id, world.now)
    relieve_case(world.organization.id, case.id, world.now)
    relieve_case(world.organization.id, case.id, world.now)
    case.refresh_from_db()
    assert (case.owner, verbs(case)) == (world.mo, ["launch", "reassign", "reassign"])


def test_who_alone_could_receive_the_next_step_is_given_it_by_the_owner(world: World) -> None:
    casting = cast(world) | {"sales": (world.team("Onboarding"), world.ben)}
    case = begun(world, put_in_force(world, plan(step("a"), step("b", "a", role="sales"))), casting=casting)
    does(world, case, "a", world.ben)
    second = live(case)["b"]
    assert (second.custodian, Offer.objects.get(handoff=second).to_member) == (world.ana, world.ben)
    does(world, case, "b", world.ben)


def test_where_nobody_could_take_the_next_step_this_one_is_not_done(world: World) -> None:
    casting = cast(world) | {"sales": (world.team("Sales"), world.max)}
    steps = plan(step("a"), step("b", "a", role="sales"))
    case = begun(world, put_in_force(world, steps), casting=casting, owner=world.mo)
    for name in ("max", "ana"):
        user = getattr(world, name).user
        user.is_active = False
        user.save()
    refusal = refused("next_step_has_nobody", lambda: does(world, case, "a", world.ben))
    assert refusal.details == {"step": "B", "role": "Sales", "team": "Sales", "member": "Max"}
    assert states(case) == {"a": "live"}
