"""Working time: the awkward places by name, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoffs.clocks.schedule import Schedule
from handoffs.clocks.working_time import NeverOpens, OutOfRange, add, between, intervals, next_opening
from tests.handoffs.clocks.minute_oracle import WEEKDAYS

OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}
NIGHTS = {day: [["22:00", "06:00"]] for day in WEEKDAYS}
ALWAYS = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
HOUR = timedelta(hours=1)


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def test_berlin_loses_an_hour_in_march_and_gains_one_in_october() -> None:
    always = Schedule.from_fields("Europe/Berlin", ALWAYS)
    days = [
        (at(f"2026-{day}T00:00", "Europe/Berlin"), at(f"2026-{day}T23:00", "Europe/Berlin"))
        for day in ("03-29", "10-25")
    ]
    assert [between(always, *day) for day in days] == [22 * HOUR, 24 * HOUR]
    night = Schedule.from_fields("Europe/Berlin", {"sun": [["01:30", "02:30"]]})
    march, october = at("2026-03-28T12:00"), at("2026-10-24T12:00")
    assert list(intervals(night, march, march + 24 * HOUR)) == [(at("2026-03-29T00:30"), at("2026-03-29T01:00"))]
    assert list(intervals(night, october, october + 24 * HOUR)) == [
        (at("2026-10-24T23:30"), at("2026-10-25T00:30")),  # 01:30 to 02:30, before the clock is set back from 03:00
        (at("2026-10-25T01:00"), at("2026-10-25T01:30")),  # and 02:00 to 02:30 once more
    ]


def test_an_hour_that_berlin_has_twice_is_told_apart() -> None:
    always = Schedule.from_fields("Europe/Berlin", ALWAYS)
    first, second = (at("2026-10-25T02:30", "Europe/Berlin", fold=fold) for fold in (0, 1))
    assert between(always, first, second) == HOUR
    assert add(always, first, HOUR) == second.astimezone(UTC)  # times in the fold never equal those of another zone
    with pytest.raises(ValueError, match="before the start"):
        between(always, second, first)


def test_new_york_office_hours_over_the_change_of_the_clock() -> None:
    office = Schedule.from_fields("America/New_York", OFFICE)
    friday = at("2026-03-06T16:00", "America/New_York")
    assert add(office, friday, 2 * HOUR) == at("2026-03-09T10:00", "America/New_York") == at("2026-03-09T14:00")
    assert add(office, friday, HOUR) == at("2026-03-06T22:00")  # closing time of the same day, not Monday's opening


def test_lord_howe_moves_its_clock_by_half_an_hour() -> None:
    always = Schedule.from_fields("Australia/Lord_Howe", ALWAYS)
    for day, length in (("2026-04-05", 24.5), ("2026-10-04", 23.5)):
        start = at(f"{day}T00:00", "Australia/Lord_Howe")
        end = at(f"{day}T00:00", "Australia/Lord_Howe") + timedelta(days=1)
        assert between(always, start, end) == length * HOUR


def test_kathmandu_is_at_five_hours_and_three_quarters() -> None:
    office = Schedule.from_fields("Asia/Kathmandu", OFFICE)
    assert next_opening(office, at("2026-11-23T00:00")) == at("2026-11-23T03:15")


def test_apia_never_had_the_30th_of_december_2011() -> None:
    office = Schedule.from_fields("Pacific/Apia", {day: [["09:00", "17:00"]] for day in WEEKDAYS})
    thursday = at("2011-12-29T16:00", "Pacific/Apia")
    assert add(office, thursday, 2 * HOUR) == at("2011-12-31T10:00", "Pacific/Apia")
    always = Schedule.from_fields("Pacific/Apia", {"fri": [["00:00", "24:00"]]})
    assert next_opening(always, thursday) == at("2012-01-06T00:00", "Pacific/Apia")


def test_tehran_with_and_without_summer_time() -> None:
    week = {day: [["08:00", "16:00"]] for day in ("sat", "sun", "mon", "tue", "wed")}
    tehran = Schedule.from_fields("Asia/Tehran", week)
    assert next_opening(tehran, at("2022-07-02T00:00")) == at("2022-07-02T03:30")  # +04:30, the last summer time
    assert next_opening(tehran, at("2023-07-01T00:00")) == at("2023-07-01T04:30")  # +03:30


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    nights = Schedule.from_fields(
        "Europe/Berlin", NIGHTS, days=[{"date": "2026-05-01", "name": "May Day", "hours": []}]
    )
    assert list(intervals(nights, at("2026-04-30T12:00"), at("2026-05-03T12:00"))) == [
        (at("2026-04-30T20:00"), at("2026-05-01T04:00")),  # runs on into the day that is closed
        (at("2026-05-02T20:00"), at("2026-05-03T04:00")),
    ]


def test_public_holidays_close_and_own_days_win() -> None:
    open_anyway = [{"date": "2026-12-25", "name": "Hotline", "hours": [["10:00", "12:00"]]}]
    before = at("2026-12-24T17:00", "Europe/Berlin")
    plain, germany, hotline = (
        Schedule.from_fields("Europe/Berlin", OFFICE, country, region, days)
        for country, region, days in (("", "", ()), ("DE", "BE", ()), ("DE", "BE", open_anyway))
    )
    assert next_opening(plain, before) == at("2026-12-25T09:00", "Europe/Berlin")
    assert next_opening(germany, before) == at("2026-12-28T09:00", "Europe/Berlin")  # the 26th is a Saturday
    assert next_opening(hotline, before) == at("2026-12-25T10:00", "Europe/Berlin")


def test_overlapping_intervals_count_once_and_those_that_touch_are_one() -> None:
    schedule = Schedule.from_fields("UTC", {"mon": [["13:00", "15:00"], ["09:00", "12:00"], ["11:00", "13:00"]]})
    monday = at("2026-11-23T00:00")
    assert list(intervals(schedule, monday, monday + 24 * HOUR)) == [(monday + 9 * HOUR, monday + 15 * HOUR)]


def test_a_year_does_not_end_a_shift() -> None:
    nights = Schedule.from_fields("UTC", NIGHTS)
    eve = at("2026-12-31T12:00")
    assert list(intervals(nights, eve, eve + 24 * HOUR)) == [(at("2026-12-31T22:00"), at("2027-01-01T06:00"))]
    assert add(nights, eve, 8 * HOUR) == at("2027-01-01T06:00")
    assert add(nights, eve, 2 * HOUR) == at("2027-01-01T00:00")
    assert add(Schedule.from_fields("UTC", ALWAYS), eve, timedelta(days=2000)) == eve + timedelta(days=2000)


def test_a_year_in_utc_begins_two_local_days_late_in_a_long_shift() -> None:
    honolulu = Schedule.from_fields(
        "Pacific/Honolulu", {"wed": [["22:00", "20:00"]]}
    )  # 30 December 2026, into the 31st
    assert next_opening(honolulu, at("2027-01-01T00:00")) == at("2027-01-01T00:00")
    assert add(honolulu, at("2026-12-31T08:00"), 22 * HOUR) == at("2027-01-01T06:00")


def test_nothing_to_add_is_the_start_itself_even_when_closed() -> None:
    sunday = at("2026-11-22T12:00", "Europe/Berlin")
    assert add(Schedule.from_fields("Europe/Berlin", OFFICE), sunday, timedelta()) == sunday


def test_answers_are_in_utc() -> None:
    office, start = Schedule.from_fields("Europe/Berlin", OFFICE), at("2026-11-23T10:00", "Europe/Berlin")
    answers = [add(office, start, HOUR), next_opening(office, start), *next(intervals(office, start, start + HOUR))]
    assert {answer.tzinfo for answer in answers} == {UTC}


def test_a_schedule_that_does_not_open_again_says_so() -> None:
    empty = Schedule.from_fields("Europe/Berlin", {})
    once = Schedule.from_fields("UTC", {}, days=[{"date": "2026-12-24", "hours": [["09:00", "12:00"]]}])
    start = at("2026-11-23T10:00")
    assert between(empty, start, start + timedelta(days=800)) == timedelta()
    for question in (
        lambda: next_opening(empty, start),
        lambda: add(empty, start, HOUR),
        lambda: add(once, start, 4 * HOUR),
    ):
        with pytest.raises(NeverOpens):
            question()
    assert add(once, start, 3 * HOUR) == at("2026-12-24T12:00")


def test_an_opening_in_the_second_year_is_found() -> None:
    rare = Schedule.from_fields("UTC", {}, days=[{"date": "2028-12-31", "hours": [["09:00", "12:00"]]}])
    assert next_opening(rare, at("2026-01-01T00:00")) == at("2028-12-31T09:00")
    with pytest.raises(NeverOpens):
        next_opening(rare, at("2025-12-31T00:00"))


@pytest.mark.parametrize("moment", [at("1969-12-31T23:59"), at("2200-01-01T00:00"), datetime.max.replace(tzinfo=UTC)])
def test_far_away_years_are_refused(moment: datetime) -> None:
    always = Schedule.from_fields("UTC", ALWAYS)
    for question in (
        lambda: add(always, moment, HOUR),
        lambda: next_opening(always, moment),
        lambda: between(always, moment, moment),
    ):
        with pytest.raises(OutOfRange):
            question()


def test_an_answer_in_a_far_away_year_is_refused() -> None:
    always = Schedule.from_fields("UTC", ALWAYS)
    for working in (timedelta(days=366), timedelta.max):
        with pytest.raises(OutOfRange):
            add(always, at("2199-06-01T00:00"), working)
    with pytest.raises(OutOfRange):
        add(Schedule.from_fields("UTC", OFFICE), at("2199-12-30T00:00"), 24 * HOUR)


def test_naive_times_and_negative_durations_are_refused() -> None:
    always, start = Schedule.from_fields("UTC", ALWAYS), at("2026-11-23T10:00")
    with pytest.raises(ValueError, match="time zone"):
        add(always, start.replace(tzinfo=None), HOUR)
    with pytest.raises(ValueError, match="negative"):
        add(always, start, -HOUR)
    with pytest.raises(ValueError, match="before the start"):
        intervals(always, start, start - HOUR)
