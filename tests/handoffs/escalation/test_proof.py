"""The proof against a slow, obvious walk: hour by hour, person by person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.escalation import proof
from handoffs.escalation.proof import EVERY, HOUR, HOURS, NOBODY, Kind, Reach, Stretch, hours, is_sound, person, prove

SINCE = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


def some_hours() -> st.SearchStrategy[int]:
    """Runs of hours, as absences and opening hours are, and single ones."""
    run = st.tuples(st.integers(0, HOURS - 1), st.integers(1, 200))
    runs = st.lists(run, max_size=6).map(lambda found: sum_of(((1 << n) - 1) << at for at, n in found))
    return st.one_of(runs, runs.map(lambda held: EVERY ^ held), st.integers(0, EVERY), st.sampled_from([0, EVERY]))


def sum_of(sets: object) -> int:
    found = 0
    for each in sets:  # type: ignore[attr-defined]
        found |= each
    return found & EVERY


def slowly(possible: int, people: list[tuple[int, int]]) -> list[Stretch]:
    """What there is to find, by asking everybody in each hour."""

    def has(held: int, hour: int) -> bool:
        return bool(held >> hour & 1)

    state: list[Kind | None] = []
    for hour in range(HOURS):
        here = [(out, works) for out, works in people if not has(out, hour)]
        at_work = [works for _, works in here if has(works, hour)]
        state.append(Kind.FAULT if not here else None if at_work else Kind.REMARK)
    found = []
    hour = 0
    while hour < HOURS:
        end = hour
        while end < HOURS and state[end] is state[hour]:
            end += 1
        inside = [each for each in range(hour, end) if has(possible, each)]
        if state[hour] is not None and inside:
            first, beyond = inside[0], inside[-1] + 1
            reads = [
                each
                for each in range(beyond, HOURS)
                if state[hour] is Kind.REMARK and any(has(works & ~out, each) for out, works in people)
            ]
            found.append(Stretch(state[hour], first, beyond, reads[0] if reads else None))  # type: ignore[arg-type]
        hour = end
    return found


@given(some_hours(), st.lists(st.tuples(some_hours(), some_hours()), max_size=4))
def test_it_finds_what_the_slow_walk_finds(possible: int, people: list[tuple[int, int]]) -> None:
    reaches = {id: person(out, works) for id, (out, works) in enumerate(people)}
    found = proof.prove_rung(possible, list(reaches), reaches)
    assert found == slowly(possible, people)
    assert is_sound(possible, proof.together(reaches.values())) == (not found)


@given(st.lists(st.tuples(st.integers(-3000, 60_000), st.integers(1, 20_000)), max_size=5))
def test_an_hour_counts_when_any_part_of_it_does(minutes: list[tuple[int, int]]) -> None:
    stretches = [(SINCE + timedelta(minutes=a), SINCE + timedelta(minutes=a + n)) for a, n in minutes]
    held = hours(stretches, SINCE)
    for hour in range(HOURS):
        begins, ends = SINCE + hour * HOUR, SINCE + (hour + 1) * HOUR
        assert held >> hour & 1 == any(start < ends and end > begins for start, end in stretches)
    assert held <= EVERY


@given(st.lists(st.tuples(some_hours(), some_hours()), max_size=5), st.randoms(use_true_random=False))
def test_who_comes_first_makes_no_difference(people: list[tuple[int, int]], random: object) -> None:
    reaches = [person(out, works) for out, works in people]
    shuffled = list(reaches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert proof.together(reaches) == proof.together([*shuffled, *reaches, NOBODY])


@pytest.mark.parametrize(
    ("possible", "told", "found"),
    [
        (0, NOBODY, []),
        (EVERY, Reach(0, EVERY), []),
        (EVERY, NOBODY, [Stretch(Kind.FAULT, 0, HOURS)]),
        # Nine to eleven is possible on two days, and nothing changes in between: one stretch.
        (0b11 << 9 | 0b11 << 33, NOBODY, [Stretch(Kind.FAULT, 9, 35)]),
        # Somebody is there in the night between them: two.
        (
            0b11 << 9 | 0b11 << 33,
            Reach(EVERY ^ 0b1 << 20, 0b1 << 20),
            [Stretch(Kind.FAULT, 9, 11), Stretch(Kind.FAULT, 33, 35)],
        ),
        (0b1 << 20, Reach(0, 0b1 << 33), [Stretch(Kind.REMARK, 20, 21, 33)]),
        (0b1 << 40, Reach(0, 0b1 << 33), [Stretch(Kind.REMARK, 40, 41, None)]),
    ],
)
def test_by_example(possible: int, told: Reach, found: list[Stretch]) -> None:
    assert prove(possible, told) == found
