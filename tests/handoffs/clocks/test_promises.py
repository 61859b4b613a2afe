"""Times to start and to answer, and what a hold does to them."""

from datetime import timedelta

import pytest

from handoffs import actions
from handoffs.actions.templates import create_template, publish, write
from handoffs.lifecycle import State
from handoffs.models import Clock, ClockKind, Handoff, TemplateVersion
from tests.world import World

HOUR = timedelta(hours=1)


def clock(handoff: Handoff, kind: str) -> Clock:
    return Clock.objects.filter(handoff=handoff, kind=kind).latest("id")


def template(world: World, **times: timedelta) -> TemplateVersion:
    version = create_template(name="Timed", by=world.olga, at=world.now)
    write(version=version, parts=[], by=world.olga, at=world.now, **times)
    return publish(version=version, by=world.olga, at=world.now)


class TestToStart:
    def test_it_begins_with_acceptance_and_ends_with_the_start(self, world: World) -> None:
        handoff = world.handoff(State.OFFERED)
        assert not Clock.objects.filter(handoff=handoff, kind=ClockKind.START).exists()
        handoff = actions.accept(handoff, by=world.ben, at=world.later(minutes=10))
        promised = clock(handoff, "start")
        assert (promised.started_at, promised.target, promised.is_running) == (world.now, 8 * HOUR, True)
        actions.start(handoff, by=world.ben, at=world.later(hours=1))
        assert clock(handoff, "start").stopped_at == world.now

    def test_the_next_holder_has_their_own_whatever_the_one_before_did(self, world: World) -> None:
        """The receiver's time is not shortened by how long the work lay elsewhere."""
        handoff = world.handoff(State.ACCEPTED)
        first = clock(handoff, "start")
        handoff = actions.pass_on(handoff, by=world.ben, at=world.later(hours=6), to_team=world.team("Support"))
        handoff = actions.accept(handoff, by=world.sue, at=world.later(hours=1))
        second = clock(handoff, "start")
        first.refresh_from_db()
        assert first.stopped_at == second.started_at == world.now
        assert second.due_at - second.started_at >= 8 * HOUR

    def test_completed_at_once_it_ends_too(self, world: World) -> None:
        handoff = world.handoff(State.ACCEPTED)
        actions.complete(handoff, by=world.ben, at=world.later(minutes=5))
        assert clock(handoff, "start").stopped_at == world.now

    def test_a_template_says_how_long(self, world: World) -> None:
        handoff = world.handoff(State.ACCEPTED, template=template(world, start_within=2 * HOUR))
        assert clock(handoff, "start").target == 2 * HOUR


class TestToAnswer:
    def test_a_question_starts_it_for_the_asked_side_and_each_has_its_own(self, world: World) -> None:
        handoff = world.handoff(State.OFFERED)
        handoff = actions.ask(handoff, by=world.ben, at=world.later(minutes=5), body="Who signs?")
        handoff = actions.ask(handoff, by=world.bo, at=world.later(minutes=5), body="Which site?")
        first, second = Clock.objects.filter(handoff=handoff, kind="answer").order_by("id")
        assert (first.is_running, second.is_running) == (True, True)
        handoff = actions.answer(
            handoff, by=world.ana, at=world.later(hours=1), question=first.question_id or 0, body="The director"
        )
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.stopped_at, second.stopped_at) == (world.now, None)
        assert clock(handoff, "accept").is_running, "the time to accept goes on meanwhile"

    def test_it_is_counted_in_the_hours_of_who_is_asked(self, world: World) -> None:
        handoff = world.handoff(State.OFFERED)
        asked_of_sales = actions.ask(handoff, by=world.ben, at=world.later(minutes=5), body="Who signs?")
        assert clock(asked_of_sales, "answer").calendar_id == world.team("Sales").calendar_id
        asked_of_onboarding = actions.ask(handoff, by=world.ana, at=world.later(minutes=5), body="When do you begin?")
        assert clock(asked_of_onboarding, "answer").calendar_id == world.team("Onboarding").calendar_id

    def test_an_end_of_the_handoff_ends_it(self, world: World) -> None:
        handoff = world.handoff(State.OFFERED)
        handoff = actions.ask(handoff, by=world.ben, at=world.later(minutes=5), body="Who signs?")
        actions.cancel(handoff, by=world.ana, at=world.later(minutes=5), reason="Signed elsewhere")
        assert clock(handoff, "answer").stopped_at == world.now


@pytest.mark.parametrize("late", [0, 100])
def test_a_pause_ends_at_its_latest_end_however_late_somebody_ends_it(world: World, late: int) -> None:
    """A worker that was down for days gives nobody days more."""
    handoff = world.handoff(State.STARTED, template=template(world, complete_within=40 * HOUR))
    until = world.now + timedelta(days=1)
    handoff = actions.hold(handoff, by=world.ben, at=world.later(minutes=5), reason="Away", until=until)
    world.now = until
    actions.resume(handoff, by=world.system, at=world.later(hours=late))
    paused = clock(handoff, "complete")
    assert paused.pauses[-1]["to"] == until.isoformat()
    handoff.refresh_from_db()
    assert handoff.complete_due_at == paused.due_at


def test_a_hold_before_the_start_pauses_both_and_both_go_on(world: World) -> None:
    handoff = world.handoff(State.ACCEPTED, template=template(world, complete_within=40 * HOUR))
    until = world.now + timedelta(days=2)
    handoff = actions.hold(handoff, by=world.ben, at=world.later(minutes=5), reason="Away", until=until)
    assert [clock(handoff, kind).is_running for kind in ("start", "complete")] == [False, False]
    actions.resume(handoff, by=world.ben, at=world.later(hours=1))
    assert [clock(handoff, kind).is_running for kind in ("start", "complete")] == [True, True]
