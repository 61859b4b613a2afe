"""What people write is read back as it was written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.durations import read_time, write_time
from portal.forms import words

MINUTES = st.integers(0, 24 * 60 - 1)
TIMES = st.integers(1, 10_000 * 3600).map(lambda seconds: timedelta(seconds=seconds))
INTERVALS = st.lists(
    st.tuples(MINUTES, MINUTES).map(lambda pair: [f"{m // 60:02}:{m % 60:02}" for m in pair]), max_size=4
)
NAMES = st.text(st.characters(categories=["L", "N"], include_characters=" '"), max_size=30).map(
    lambda name: " ".join(name.split())
)


@given(TIMES)
def test_a_time_is_read_as_it_is_written(time: timedelta) -> None:
    assert read_time(write_time(time)) == time


@given(st.one_of(st.integers(0, 99_999).map(lambda share: Decimal(share) / 1000), TIMES, TIMES.map(lambda t: -t)))
def test_a_rungs_moment_is_read_as_it_is_written(when: Decimal | timedelta) -> None:
    share, offset = (when, None) if isinstance(when, Decimal) else (None, when)
    assert words.read_when(words.write_when(share, offset)) == when


@given(INTERVALS)
def test_hours_are_read_as_they_are_written(intervals: list[list[str]]) -> None:
    assert words.read_intervals(words.write_intervals(intervals)) == intervals


@given(st.lists(st.tuples(st.dates(), NAMES, INTERVALS), max_size=5))
def test_special_days_are_read_as_they_are_written(days: list[tuple[date, str, list[list[str]]]]) -> None:
    # A name that begins like hours would be read as hours: people write none such.
    written = [
        {"date": day.isoformat(), "name": name if not name[:1].isdigit() else f"Day {name}", "hours": hours}
        for day, name, hours in days
    ]
    assert words.read_days(words.write_days(written)) == written


@given(st.text(max_size=60))
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    for read in (read_time, words.read_when, words.read_intervals, words.read_days):
        try:
            read(text)
        except ValueError as error:
            assert str(error).endswith((".", "closed."))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9:00-17:00", [["09:00", "17:00"]]),
        ("09:00 – 12:00,13:00 to 17:00", [["09:00", "12:00"], ["13:00", "17:00"]]),
        ("22:00-06:00", [["22:00", "06:00"]]),
        ("All day", [["00:00", "24:00"]]),
        ("closed", []),
        ("", []),
    ],
)
def test_hours_as_people_write_them(text: str, hours: list[list[str]]) -> None:
    assert words.read_intervals(text) == hours


def test_a_week_in_one_line() -> None:
    office = [["09:00", "17:00"]]
    week = {"mon": office, "tue": office, "wed": office, "fri": [["09:00", "12:00"]], "sun": [["00:00", "24:00"]]}
    assert words.write_week(week) == "Mon–Wed 09:00-17:00; Fri 09:00-12:00; Sun all day"
