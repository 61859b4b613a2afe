"""Why a promise is due when it is: the lines add up to it, whatever the hours and pauses."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.clocks.explaining import SHOWN, Why, explained
from handoffs.clocks.laying_out import laid_out
from handoffs.clocks.schedule import Schedule
from tests.handoffs.clocks.test_working_time_laws import a_schedule, moments, seeds

HOUR = timedelta(hours=1)
OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
pauses = st.lists(
    st.tuples(st.timedeltas(timedelta(), timedelta(days=4)), st.timedeltas(timedelta(), timedelta(days=4)))
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def paused(start: datetime, gaps: list[tuple[timedelta, timedelta]]) -> list[dict[str, str | None]]:
    """Pauses one after the other: each begins some time after the last one ended, and lasts some time."""
    found, instant = [], start
    for after, lasts in gaps:
        begins = instant + after
        instant = begins + lasts
        found.append({"from": begins.isoformat(), "to": instant.isoformat(), "reason": "Waiting"})
    return found


@settings(max_examples=150, deadline=None)
@given(seeds, moments, st.timedeltas(timedelta(), timedelta(days=10)), pauses)
def test_what_counts_adds_up_to_the_promise_and_ends_when_it_is_due(
    seed: int, start: datetime, target: timedelta, gaps: list[tuple[timedelta, timedelta]]
) -> None:
    schedule = a_schedule(seed)
    due = laid_out(schedule, start, held := paused(start, gaps), target)
    held = [pause for pause in held if datetime.fromisoformat(str(pause["from"])) < due]
    lines = explained(schedule, start, held, target, due)
    assert sum((line.counted for line in lines), timedelta()) == target
    counting = [line for line in lines if line.why in (Why.COUNTED, Why.FOLDED)]
    assert all(before.ends_at <= after.starts_at for before, after in itertools.pairwise(counting))
    if target:
        assert counting[-1].ends_at == due
    assert len(lines) <= 2 * SHOWN + 1


def test_a_weekend_a_holiday_and_a_hold_are_named() -> None:
    """Eight hours from Wednesday afternoon, over a holiday, with half a day on hold."""
    schedule = Schedule.from_fields(
        "UTC", OFFICE, days=[{"date": "2026-11-19", "name": "Day of Repentance", "hours": []}]
    )
    held = [{"from": "2026-11-20T10:00:00+00:00", "to": "2026-11-20T13:00:00+00:00", "reason": "The client travels"}]
    start = at("2026-11-18T15:00")
    due = laid_out(schedule, start, held, 8 * HOUR)
    assert due == at("2026-11-23T10:00")
    lines = explained(schedule, start, held, 8 * HOUR, due)
    assert [(line.why, line.words, line.counted, line.total) for line in lines] == [
        (Why.COUNTED, "", 2 * HOUR, 2 * HOUR),
        (Why.CLOSED, "Day of Repentance", 0 * HOUR, 2 * HOUR),
        (Why.COUNTED, "", 1 * HOUR, 3 * HOUR),
        (Why.PAUSED, "The client travels", 0 * HOUR, 3 * HOUR),
        (Why.COUNTED, "", 4 * HOUR, 7 * HOUR),
        (Why.COUNTED, "", 1 * HOUR, 8 * HOUR),
    ]


def test_while_it_is_paused_the_pause_is_the_last_word() -> None:
    schedule = Schedule.from_fields("UTC", OFFICE)
    held = [{"from": "2026-11-18T16:00:00+00:00", "to": None, "until": "2026-11-25T09:00:00+00:00", "reason": "Ill"}]
    lines = explained(schedule, at("2026-11-18T15:00"), held, 8 * HOUR, at("2026-11-19T16:00"))
    assert [(line.why, line.counted) for line in lines] == [(Why.COUNTED, HOUR), (Why.PAUSED, 0 * HOUR)]
    assert lines[-1].ends_at == at("2026-11-25T09:00")
