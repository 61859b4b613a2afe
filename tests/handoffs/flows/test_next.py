"""What comes next: whatever comes of its steps, a case ends, and every step was come to or passed by."""

from hypothesis import given
from hypothesis import strategies as st

from handoffs.flows.check.surely import Sight
from handoffs.flows.next import TurnState
from handoffs.flows.plan import Plan, StepKind
from tests.handoffs.flows.pure_case import Played
from tests.handoffs.flows.some import FACTS, UNHURRIED, plans, results


def play(data: st.DataObject, played: Played) -> Played:
    """Ends live steps in any order until none is left."""
    played.begin()
    for _ in range(2_000):
        if not played.live:
            return played
        step = data.draw(st.sampled_from(sorted(played.live)))
        skipped = played.plan.by_key[step].may_skip and data.draw(st.booleans())
        played.end(step, None if skipped else data.draw(results()))
    raise AssertionError("the case never ends")


@UNHURRIED
@given(plans(), st.data())
def test_every_case_ends_with_each_step_decided(plan: Plan, data: st.DataObject) -> None:
    played = play(data, Played(plan))
    assert played.turns.keys() == plan.by_key.keys()
    for step in plan.steps:
        for link in step.after:
            if link.is_loop:
                assert played.loops.get((link.step, step.key), 0) <= (link.again_at_most or 0)


@UNHURRIED
@given(plans(), st.data())
def test_after_every_step_something_follows_unless_nothing_should(plan: Plan, data: st.DataObject) -> None:
    """Each step that ended and has a way on led somewhere, or to a join that another way had entered before."""
    played = play(data, Played(plan))
    for key, turn in played.turns.items():
        ahead = [step.key for step, _ in plan.forward(key)]
        if ahead and turn.state in (TurnState.DONE, TurnState.SKIPPED):
            assert any(played.turns[step].state is not TurnState.BYPASSED for step in ahead)


@UNHURRIED
@given(plans(), st.data())
def test_what_is_called_sure_is_so_in_every_case(plan: Plan, data: st.DataObject) -> None:
    """The judgement that publishing rests on, against cases that were played."""
    sight = Sight(plan, FACTS)

    def look(played: Played, step: str) -> None:
        for key, side, name in sight.given(step):
            assert name in played.known.get(key, {}).get(side, {}), f"{key}.{side}.{name} is not known at {step}"
        for mark in sight.on_entering[step]:
            if mark[0] == "passed":
                assert played.turns[mark[1]].state in (TurnState.DONE, TurnState.SKIPPED)

    play(data, Played(plan, look))


@UNHURRIED
@given(plans(), st.data())
def test_what_nothing_leads_to_and_what_everything_leads_to_is_found(plan: Plan, data: st.DataObject) -> None:
    """Not only is what is sure so: on a plan without a choice, everything that came before is sure."""
    sight = Sight(plan, FACTS)
    for key in sight.order:
        before = [plan.by_key[other] for other in plan.before(key)]
        free = all(
            link.when is None and not link.otherwise and not link.is_loop and step.waits_for == "all"
            for step in (*before, plan.by_key[key])
            for link in step.after
        )
        if free:
            wanted = {s.key for s in before if s.kind is StepKind.HANDOFF and not s.may_skip}
            assert {path[0] for path in sight.given(key) if path[2] == "decision"} == wanted
