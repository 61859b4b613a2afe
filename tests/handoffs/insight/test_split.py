"""Conservation of time: whatever happened to a handoff, every second of it lies in exactly one cell."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs import actions
from handoffs.clocks.schedule import Schedule
from handoffs.insight.split import Asked, Held, History, Phase, Stood, split
from handoffs.insight.time import Spent, spent
from handoffs.lifecycle import State
from handoffs.models import Handoff
from tests.handoffs.clocks.test_working_time_laws import a_schedule
from tests.world import World

START = datetime(2026, 3, 20, tzinfo=UTC)  # a change of the clock lies within
HOUR = timedelta(hours=1)
LIVE = [state for state in State if state not in (State.COMPLETED, State.CANCELLED)]
instants = st.timedeltas(timedelta(), timedelta(days=20)).map(lambda after: START + after)
teams = st.sampled_from([None, 1, 2, 3])


@st.composite
def histories(draw: Callable[[Any], Any]) -> History:
    """Any custody without gaps, perhaps ended; any offers, questions and states across it."""
    ends = sorted(draw(st.lists(instants, min_size=1, max_size=6)))
    starts = [START, *ends]
    last = draw(st.booleans())
    spans = [*zip(starts, ends, strict=False), *([] if last else [(ends[-1], None)])]
    custody = [Held(first, end, draw(st.integers(1, 3)), draw(teams)) for first, end in spans]

    def asked(least: int) -> list[Asked]:
        pairs = draw(st.lists(st.tuples(instants, instants, st.booleans(), teams), min_size=least, max_size=5))
        return [Asked(min(a, b), max(a, b) if over else None, team) for a, b, over, team in pairs]

    since = sorted(draw(st.lists(instants, max_size=8)))
    states = [
        Stood(at, state, draw(instants) if state is State.ON_HOLD else None, State.STARTED)
        for at in since
        for state in [draw(st.sampled_from(LIVE))]
    ]
    return History(custody, states, asked(1), asked(0))


@settings(max_examples=300, deadline=None)
@given(histories(), instants, st.integers(0, 10**6))
def test_every_instant_lies_in_exactly_one_slice(history: History, until: datetime, seed: int) -> None:
    slices = split(history, until, {team: a_schedule(seed + team) for team in (1, 2)})
    began = history.first_offer
    assert began is not None
    lived = sum(
        (max(timedelta(), min(held.ends_at or until, until) - max(held.starts_at, began)) for held in history.custody),
        timedelta(),
    )
    assert sum((each.inside + each.outside for each in slices), timedelta()) == lived
    assert all(each.inside >= timedelta() and each.outside >= timedelta() for each in slices)
    assert all(before.ends_at <= after.starts_at for before, after in itertools.pairwise(slices))
    for each in slices:
        assert any(
            held.holder == each.holder and held.starts_at <= each.starts_at and each.ends_at <= (held.ends_at or until)
            for held in history.custody
        ) or _is_joined(history, each.starts_at, each.holder)


def _is_joined(history: History, starts_at: datetime, holder: int) -> bool:
    """Two custodies in a row of one holder make one slice."""
    return any(held.holder == holder and held.starts_at <= starts_at for held in history.custody)


def test_hours_are_those_of_the_side_it_waits_for() -> None:
    day = Schedule.from_fields("UTC", {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]})
    monday = datetime(2026, 11, 16, 15, tzinfo=UTC)
    history = History(
        custody=[Held(monday, None, holder=1, team=1)],
        states=[Stood(monday, State.OFFERED)],
        offers=[Asked(monday, None, team=2)],
    )
    (waits,) = split(history, monday + 24 * HOUR, {2: day})
    assert (waits.phase, waits.team, waits.inside, waits.outside) == (Phase.OFFERED, 2, 8 * HOUR, 16 * HOUR)


def phases(handoff: Handoff, until: datetime) -> list[tuple[str, str, timedelta]]:
    found: Spent = spent(handoff, until)
    return [(found.names[each.holder], each.phase.value, each.lasted) for each in found.slices]


def test_a_life_from_offer_to_completion(world: World) -> None:
    began = world.now
    handoff = world.handoff(State.OFFERED)
    offered_at = handoff.first_offered_at
    assert offered_at is not None
    handoff = actions.ask(handoff, by=world.ben, at=world.later(hours=1), body="Who signs?")
    question = handoff.questions.get()
    handoff = actions.answer(handoff, by=world.ana, at=world.later(hours=2), question=question.id, body="The director")
    handoff = actions.accept(handoff, by=world.ben, at=world.later(hours=1))
    handoff = actions.start(handoff, by=world.ben, at=world.later(hours=3))
    until = world.now + 5 * HOUR
    handoff = actions.hold(handoff, by=world.ben, at=world.later(hours=1), reason="Away", until=until)
    # Nobody was there to end the hold in time: it counts until it was to end.
    handoff = actions.resume(handoff, by=world.system, at=world.later(hours=30))
    handoff = actions.complete(handoff, by=world.ben, at=world.later(hours=1))
    assert began <= offered_at
    assert phases(handoff, world.later(days=30)) == [
        ("Ana", "offered", HOUR),
        ("Ana", "questioned", 2 * HOUR),
        ("Ana", "offered", HOUR),
        ("Ben", "waiting", 3 * HOUR),
        ("Ben", "working", HOUR),
        ("Ben", "on_hold", 4 * HOUR),
        ("Ben", "working", 27 * HOUR),
    ]
    assert handoff.closed_at is not None
    assert spent(handoff, world.now).total == handoff.closed_at - offered_at


@pytest.mark.parametrize("delay", [1, 40])
def test_the_receivers_figures_do_not_know_how_late_the_sender_was(world: World, delay: int) -> None:
    """Mended for an hour or for days: what the receiver's side took stays what it was."""
    handoff = world.handoff(State.OFFERED)
    handoff = actions.return_(handoff, by=world.ben, at=world.later(hours=1), reason="The access list is missing")
    again = world.later(hours=delay)
    handoff = actions.offer(handoff, by=world.ana, at=again, to_team=world.team("Onboarding"))
    handoff = actions.accept(handoff, by=world.ben, at=world.later(hours=1))
    by_phase = spent(handoff, world.later(hours=2)).phases()
    assert by_phase[Phase.OFFERED] == 2 * HOUR
    assert by_phase[Phase.WAITING] == 2 * HOUR
    assert by_phase[Phase.MENDING] == delay * HOUR
