"""Offered when they open: until then it stays with its sender and no time runs; then it is offered by itself, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs import actions, jobs
from handoffs.ledger.verify import faults
from handoffs.leftovers import pick_up
from handoffs.lifecycle import State, Verb
from handoffs.models import Clock, Event, Handoff, Notice
from handoffs.refusals import Forbidden, Incomplete, Invalid, NotNow
from tenants.actions import change_role, remove_from_team
from tenants.models import Member, Role
from tenants.scope import everyone
from tests.handoffs.doing import after_hours
from tests.handoffs.worker import nowhere, queued, work_off
from tests.world import World

MINUTE = timedelta(minutes=1)


def planned(world: World, **given: object) -> Handoff:
    """Ana's draft that is to be offered to Ben's team when it opens."""
    handoff = world.handoff(title="For the morning")
    return actions.plan(handoff, by=world.ana, at=after_hours(world), to_team=world.team("Onboarding"), **given)


def morning(world: World, handoff: Handoff) -> None:
    """They have opened, as the worker's own clock sees it."""
    assert handoff.planned_at is not None
    world.now = handoff.planned_at
    Handoff.objects.filter(id=handoff.id).update(planned_at=timezone.now() - MINUTE)
    with nowhere(), everyone():
        pick_up(None, timezone.now())
    work_off()


def verbs(handoff: Handoff) -> list[str]:
    return list(Event.objects.of(handoff.pk).values_list("verb", flat=True))


def fresh(handoff: Handoff) -> Handoff:
    return Handoff.objects.select_related("custodian", "open_offer").get(pk=handoff.pk)


def test_it_stays_with_its_sender_and_no_time_runs(world: World) -> None:
    handoff = planned(world, message="Please look today")
    assert handoff.planned_at is not None
    assert (handoff.planned_at.hour, handoff.planned_at > world.now) == (9, True)
    assert (handoff.status, handoff.custodian, handoff.open_offer) == (State.DRAFT, world.ana, None)
    assert not Clock.objects.filter(handoff=handoff).exists()
    work_off()
    assert not Notice.objects.filter(handoff=handoff).exists(), "nobody is told before"
    with nowhere(), everyone():
        pick_up(None, handoff.planned_at - MINUTE)
    assert "offer_planned" not in [job for job, _ in queued()]


def test_when_they_open_it_is_offered_once(world: World) -> None:
    handoff = planned(world, to_member=world.ben, message="Please look today")
    morning(world, handoff)
    now = fresh(handoff)
    assert now.status is State.OFFERED
    assert now.open_offer is not None
    assert (now.open_offer.to_member, now.open_offer.message) == (world.ben, "Please look today")
    assert (now.planned_at, now.planned_team, now.planned_message) == (None, None, "")
    assert now.custodian == world.ana
    jobs.offer_planned(str(world.organization.id), handoff.id)
    assert verbs(handoff) == ["draft", "plan", "offer"]
    assert Notice.objects.filter(handoff=handoff, member=world.ben).count() == 1
    assert list(faults(world.organization.id)) == []


def test_twice_is_once_and_another_receiver_replaces_the_first(world: World) -> None:
    handoff = planned(world)
    actions.plan(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Onboarding"))
    assert verbs(handoff) == ["draft", "plan"]
    handoff = actions.plan(handoff, by=world.ana, at=world.later(minutes=1), to_team=world.team("Support"))
    assert handoff.planned_team == world.team("Support")
    for _ in range(2):
        handoff = actions.unplan(handoff, by=world.ana, at=world.later(minutes=1))
    assert verbs(handoff) == ["draft", "plan", "plan", "unplan"]
    assert handoff.planned_at is None


def test_who_is_there_is_asked_now(world: World) -> None:
    world.later(hours=2)
    with pytest.raises(Invalid, match="Onboarding is there now") as caught:
        actions.plan(world.handoff(), by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    assert caught.value.code == "open_already"


def test_what_could_not_be_offered_is_not_planned(world: World) -> None:
    handoff = world.handoff(template=world.template("sales_onboarding"))
    with pytest.raises(Incomplete):
        actions.plan(handoff, by=world.ana, at=after_hours(world), to_team=world.team("Onboarding"))
    with pytest.raises(Invalid):
        actions.plan(world.handoff(), by=world.ana, at=world.now, to_team=world.team("Elsewhere"))
    with pytest.raises(Forbidden):
        actions.plan(world.handoff(), by=world.max, at=world.now, to_team=world.team("Onboarding"))
    with pytest.raises(NotNow):
        actions.plan(world.handoff(State.OFFERED), by=world.ana, at=after_hours(world), to_team=world.team("Support"))


def test_what_can_no_longer_be_offered_is_told_to_whoever_answers_for_it(world: World) -> None:
    handoff = planned(world)
    for name in ("ben", "bo", "lea"):
        member = Member.objects.select_related("organization").get(pk=getattr(world, name).pk)
        change_role(member=member, role=Role.VIEWER, by=world.olga, at=world.now)
    morning(world, handoff)
    now = fresh(handoff)
    assert (now.status, now.custodian, now.planned_at) == (State.DRAFT, world.ana, None)
    last = Event.objects.of(handoff.pk).last()
    assert last is not None
    assert (last.verb, last.by) == (Verb.UNPLAN, world.system)
    assert last.facts["why"]
    assert Notice.objects.filter(handoff=handoff, member=world.ana, event=last).exists()


@pytest.mark.parametrize("how", ["offered", "cancelled", "taken over"])
def test_whatever_happens_before_nothing_is_offered_twice(world: World, how: str) -> None:
    handoff = planned(world)
    opens_at = handoff.planned_at
    if how == "offered":
        handoff = actions.offer(handoff, by=world.ana, at=world.later(minutes=5), to_team=world.team("Support"))
    elif how == "cancelled":
        handoff = actions.cancel(handoff, by=world.ana, at=world.later(minutes=5), reason="Not needed")
    else:
        handoff = actions.take_over(handoff, by=world.max, at=world.later(minutes=5), reason="Away sick")
        assert handoff.planned_at == opens_at, "who answers for it now still wants it offered"
        morning(world, handoff)
        assert Event.objects.of(handoff.pk).get(verb=Verb.OFFER).by == world.max
        return
    assert handoff.planned_at is None
    assert verbs(handoff).count("offer") == (how == "offered")


def test_a_team_that_is_left_meanwhile_changes_nothing_for_the_others(world: World) -> None:
    handoff = planned(world)
    remove_from_team(team=world.team("Onboarding"), member=world.bo, by=world.olga, at=world.now)
    morning(world, handoff)
    assert fresh(handoff).status is State.OFFERED
