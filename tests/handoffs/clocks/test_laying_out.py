"""A clock's instants from its start and pauses alone: the same as pausing and resuming step by step."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.clocks.laying_out import laid_out
from handoffs.clocks.working_time import add, between
from tests.handoffs.clocks.test_working_time_laws import a_schedule, durations, moments, seeds

HOUR = timedelta(hours=1)
gaps = st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(days=4)), st.timedeltas(timedelta(), timedelta(days=4))))


@given(seeds, moments, durations, gaps, st.booleans())
@settings(deadline=None)
def test_it_is_what_pausing_and_resuming_step_by_step_comes_to(
    seed: int, start: datetime, working: timedelta, steps: list[tuple[timedelta, timedelta]], still: bool
) -> None:
    schedule, at = a_schedule(seed), start
    due, pauses = add(schedule, start, working), []
    for number, (runs, rests) in enumerate(steps):
        begins = at + runs
        at = begins + rests
        if still and number == len(steps) - 1:  # the last pause has not ended
            pauses.append({"from": begins.isoformat(), "to": None})
            break
        pauses.append({"from": begins.isoformat(), "to": at.isoformat()})
        if due > begins:
            due = add(schedule, at, between(schedule, begins, due))
    assert laid_out(schedule, start, pauses, working) == due


@given(seeds, moments, durations)
@settings(deadline=None)
def test_a_pause_that_lasts_changes_nothing_yet(seed: int, start: datetime, working: timedelta) -> None:
    pauses: list[dict[str, Any]] = [{"from": (start + HOUR).isoformat(), "to": None}]
    schedule = a_schedule(seed)
    assert laid_out(schedule, start, pauses, working) == add(schedule, start, working)


def test_a_day_on_hold_moves_the_due_time_by_its_working_hours() -> None:
    from tests.handoffs.clocks.test_working_time import OFFICE, Schedule

    office = Schedule.from_fields("UTC", OFFICE)
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    pauses = [{"from": (monday + HOUR).isoformat(), "to": (monday + 25 * HOUR).isoformat()}]
    assert laid_out(office, monday, pauses, 4 * HOUR) == monday + 24 * HOUR + 5 * HOUR
