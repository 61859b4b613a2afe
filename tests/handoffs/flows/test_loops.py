"""Loops: taken as often as they may be, and only to where the case has been."""

from handoffs.flows.plan import WaitsFor
from tests.handoffs.flows.playing import link, plan, step
from tests.handoffs.flows.pure_case import Played


def test_a_loop_is_taken_as_often_as_it_may_be() -> None:
    looped = plan(step("a", link("b", again_at_most=2)), step("b", "a"), step("end", "b"))
    played = Played(looped).begin()
    for now, then in (*(("a", "b"), ("b", "a")) * 2, ("a", "b"), ("b", "end")):
        played.end(now, {})
        assert played.live == [then]


def test_nothing_leads_back_to_where_the_case_has_not_been() -> None:
    """The quick step waits for any of two; the slow one, to which it leads back, has not been come to."""
    quick = step("quick", link("a"), link("slow"), waits_for=WaitsFor.ANY)
    slow = step("slow", link("b"), link("quick", again_at_most=1))
    played = Played(plan(step("a"), step("b"), slow, quick, step("end", "quick"))).begin()
    played.end("a", {})
    played.end("quick", {})
    assert sorted(played.live) == ["b", "end"]
