"""What insight reads follows what happened: each offer a leg, each lane's week counted, nothing of it twice."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django_q.models import OrmQ

from handoffs import actions, keeping
from handoffs.insight.time import spent
from handoffs.kept.models import LaneTime, Measure
from handoffs.kept.writing import PHASES
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import Handoff, LaneWeek, Leg
from handoffs.schedule import keep_figures
from tests.handoffs.worker import work_off
from tests.world import World

HOUR = timedelta(hours=1)
ZERO = timedelta()


def kept(world: World) -> None:
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass


def only_leg(handoff: Handoff) -> Leg:
    return Leg.objects.get(handoff=handoff)


@pytest.fixture
def busy(world: World) -> World:
    """One handoff in each state, one that came back twice, one that was asked about."""
    for state in State:
        world.handoff(state)
    again = world.handoff(State.RETURNED)
    again = actions.offer(again, by=world.ana, at=world.later(hours=1), to_team=world.team("Onboarding"))
    again = actions.accept(again, by=world.ben, at=world.later(hours=1))
    again = actions.pass_on(again, by=world.ben, at=world.later(hours=1), to_team=world.team("Support"))
    asked = world.handoff(State.OFFERED)
    actions.ask(asked, body="Which site?", by=world.ben, at=world.later(hours=1))
    return world


def test_the_legs_of_a_handoff_are_as_long_as_it_lived(busy: World) -> None:
    kept(busy)
    for handoff in Handoff.objects.filter(first_offered_at__isnull=False):
        sums = Leg.objects.filter(handoff=handoff).aggregate(**{phase: Sum(phase) for phase in PHASES})
        assert sum(sums.values(), ZERO) == spent(handoff, busy.now).total


def test_a_week_of_a_lane_is_the_sum_of_its_legs(busy: World) -> None:
    kept(busy)
    sums = {phase: Sum(phase) for phase in PHASES}
    assert LaneWeek.objects.aggregate(**sums) == Leg.objects.aggregate(**sums)
    assert LaneWeek.objects.aggregate(n=Sum("offered"))["n"] == Leg.objects.count()
    assert LaneWeek.objects.aggregate(n=Sum("questions"))["n"] == 1
    told = list(LaneTime.objects.filter(measure=Measure.ACCEPT, worked=False))
    assert all(len(each.steps) == len(each.ended) == len(each.left) for each in told)
    assert all(each.steps == sorted(set(each.steps)) for each in told)
    assert sum(sum(each.ended) for each in told) == Leg.objects.filter(state=OfferState.ACCEPTED).count()
    assert (
        sum(sum(each.left) for each in told)
        == Leg.objects.exclude(state__in=[OfferState.ACCEPTED, OfferState.OPEN]).count()
    )


def test_a_leg_says_when_it_was_taken_and_left(world: World) -> None:
    world.later(hours=2)  # into the hours
    handoff = world.handoff(State.COMPLETED)
    kept(world)
    leg = only_leg(handoff)
    assert (leg.week, leg.verb, leg.state) == (date(2026, 11, 16), Verb.OFFER, OfferState.ACCEPTED)
    assert (leg.from_team, leg.to_team) == (world.team("Sales"), world.team("Onboarding"))
    assert (leg.giver, leg.receiver) == (world.ana, world.ben)
    assert leg.closed_worked == leg.started_worked == timedelta(minutes=10)
    assert leg.completed_worked == leg.left_worked
    assert leg.is_clean
    assert not leg.stands


def test_what_was_asked_about_or_came_back_is_not_clean(busy: World) -> None:
    kept(busy)
    returned = Leg.objects.filter(handoff__state=State.RETURNED).get()
    assert (returned.is_returned, returned.is_clean) == (True, False)
    second = Leg.objects.filter(state=OfferState.ACCEPTED, seq=2).get()
    assert not second.is_clean
    assert Leg.objects.get(questions=1).is_clean is False


def test_what_goes_back_to_who_gave_it_is_back(world: World) -> None:
    handoff = world.handoff(State.ACCEPTED)
    handoff = actions.hand_back(handoff, by=world.ben, at=world.later(hours=1), reason="Not ours")
    kept(world)
    first, second = Leg.objects.filter(handoff=handoff).order_by("seq")
    assert (first.is_returned, first.is_clean, second.is_back) == (True, False, True)
    assert second.to_team == first.from_team


def test_what_lives_stands_where_it_is(world: World) -> None:
    world.later(hours=2)
    handoff = world.handoff(State.OFFERED)
    world.later(hours=2)
    kept(world)
    leg = only_leg(handoff)
    assert (leg.stands, leg.stands_team, leg.kept_at) == ("offered", world.team("Onboarding"), world.now)
    assert leg.stood_worked is not None
    assert leg.offered_worked is not None
    assert leg.stood_worked - leg.offered_worked == 2 * HOUR


def test_nothing_is_counted_twice(busy: World) -> None:
    kept(busy)
    before = list(LaneWeek.objects.order_by("week", "to_team", "from_team").values_list(*PHASES, "offered"))
    Leg.objects.update(kept_seq=0)
    kept(busy)
    after = list(LaneWeek.objects.order_by("week", "to_team", "from_team").values_list(*PHASES, "offered"))
    assert after == before


def test_the_worker_finds_what_is_behind_and_nothing_else(world: World) -> None:
    handoff = world.handoff(State.OFFERED)
    OrmQ.objects.all().delete()
    assert keep_figures(None, world.now)
    work_off()
    assert only_leg(handoff).state == OfferState.OPEN
    assert not keeping.behind(None, world.organization.id).exists()
    actions.accept(handoff, by=world.ben, at=world.later(minutes=5))
    assert list(keeping.behind(None, world.organization.id)) == [handoff]
    OrmQ.objects.all().delete()
    assert keep_figures(None, world.now)
    work_off()
    assert only_leg(handoff).state == OfferState.ACCEPTED
    assert keep_figures(None, world.now)
    assert not OrmQ.objects.exists()


def test_a_clock_that_is_behind_loses_nothing(world: World) -> None:
    """The worker's clock may be ten minutes behind the one that recorded what happened."""
    world.later(hours=2)
    handoff = world.handoff(State.STARTED)
    for _ in keeping.catch_up(world.organization.id, world.now - 10 * HOUR):
        pass
    leg = only_leg(handoff)
    assert (leg.stands, leg.kept_at) == ("working", world.now)
    assert leg.offered_inside + leg.waiting_inside == timedelta(minutes=20)
