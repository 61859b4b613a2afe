"""Hours that make no sense are refused in words, and a day tells why it is not as usual."""

import pickle
from datetime import date

import pytest

from handoffs.clocks.schedule import Day, Schedule
from tests.handoffs.clocks.minute_oracle import WEEKDAYS

OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"zone": "Europe/Bärlin"}, "“Europe/Bärlin” is not a time zone"),
        ({"zone": "Europe"}, "not a time zone"),
        ({"zone": "../../etc/passwd"}, "not a time zone"),
        ({"zone": None}, "not a time zone"),
        ({"hours": []}, "by weekday"),
        ({"hours": {"monday": []}}, "“monday” is not a weekday"),
        ({"hours": {"mon": "09:00"}}, "Monday: the hours must be a list"),
        ({"hours": {"tue": [["09:00"]]}}, "Tuesday: an interval needs a start and an end"),
        ({"hours": {"wed": [["9:00", "17:00"]]}}, "Wednesday: “9:00” is not a time of day"),
        ({"hours": {"thu": [["09:00", "24:01"]]}}, "Thursday: “24:01”"),
        ({"hours": {"fri": [["09:00", None]]}}, "Friday: “None”"),
        ({"hours": {"sat": [["24:00", "06:00"]]}}, "Saturday: an interval cannot start at 24:00"),
        ({"region": "BE"}, "region needs a country"),
        ({"country": "XX"}, "the country “XX”"),
        ({"country": "DE", "region": "ZZ"}, "the region “ZZ” of “DE”"),
        ({"days": {}}, "days must be a list"),
        ({"days": [{"hours": []}]}, "needs a date"),
        ({"days": [{"date": "24.12.2026"}]}, "“24.12.2026” is not a date"),
        ({"days": [{"date": 5}]}, "“5” is not a date"),
        ({"days": [{"date": "2026-12-24", "hours": [["x", "y"]]}]}, "2026-12-24: “x”"),
        ({"days": [{"date": "2026-12-24"}, {"date": "2026-12-24"}]}, "appears twice"),
        ({"versions": {}}, "Later hours must be a list"),
        ({"versions": [{"hours": {}}]}, "need a date to apply from"),
        ({"versions": [{"from": "March", "hours": {}}]}, "“March” is not a date"),
        ({"versions": [{"from": "2027-03-01", "hours": []}]}, "by weekday"),
        ({"versions": [{"from": "2027-03-01", "hours": {}}] * 2}, "each date once"),
    ],
)
def test_fields_that_make_no_sense_are_refused_in_words(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Schedule.from_fields(**{"zone": "UTC", "hours": OFFICE, **fields})


def test_a_day_that_is_not_as_usual_says_why() -> None:
    days = [{"date": "2026-12-24", "name": "Inventory", "hours": [["09:00", "24:00"]]}]
    schedule = Schedule.from_fields("Europe/Berlin", OFFICE, "DE", "BE", days)
    assert schedule.exception_on(date(2026, 12, 24)) == Day(date(2026, 12, 24), ((540, 1440),), "Inventory")
    assert schedule.exception_on(date(2026, 12, 25)) == Day(date(2026, 12, 25), (), "Christmas Day")
    assert schedule.exception_on(date(2026, 12, 28)) is None
    assert schedule.intervals_on(date(2026, 12, 28)) == ((540, 720), (780, 1020))


def test_other_hours_apply_from_their_date_on() -> None:
    evenings = {"sun": [["22:00", "06:00"]], "mon": [["18:00", "22:00"]]}
    march = {"from": "2027-03-01", "hours": {"mon": [["07:00", "16:00"]]}}  # a Monday
    schedule = Schedule.from_fields("UTC", evenings, versions=[{"from": "2028-01-03", "hours": {}}, march])
    assert schedule.intervals_on(date(2027, 2, 22)) == ((1080, 1320),)
    assert schedule.intervals_on(date(2027, 2, 28)) == ((1320, 360),)  # runs on into the first day of the new hours
    assert schedule.intervals_on(date(2027, 3, 1)) == ((420, 960),)
    assert schedule.intervals_on(date(2027, 3, 7)) == ()
    assert schedule.intervals_on(date(2028, 1, 3)) == ()


def test_schedules_with_the_same_fields_are_one_key() -> None:
    one, other = (Schedule.from_fields("UTC", OFFICE, days=[{"date": "2026-12-24"}]) for _ in range(2))
    assert len({one, other, pickle.loads(pickle.dumps(one))}) == 1
    assert one != Schedule.from_fields("UTC", OFFICE, days=[{"date": "2026-12-25"}])
