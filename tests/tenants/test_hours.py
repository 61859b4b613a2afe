"""What a working calendar may say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from handoffs.clocks.schedule import Schedule
from handoffs.clocks.working_time import next_opening
from tenants.hours import WEEKDAYS, office_hours, validate_days, validate_hours, validate_versions
from tenants.models import Calendar

GOOD = [
    office_hours(),
    {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]},
    {"fri": [["22:00", "06:00"]]},
    {day: [["00:00", "24:00"]] for day in WEEKDAYS},
    {"mon": [["00:00", "06:00"], ["22:00", "24:00"]], "tue": []},
]
BAD = [
    ({}, "never_open"),
    ({"mon": [], "tue": []}, "never_open"),
    ([], "hours_malformed"),
    ({"monday": [["09:00", "17:00"]]}, "hours_malformed"),
    ({"mon": ["09:00", "17:00"]}, "hours_malformed"),
    ({"mon": [["9:00", "17:00"]]}, "hours_malformed"),
    ({"mon": [["09:00", "24:01"]]}, "hours_malformed"),
    ({"mon": [["09:00"]]}, "hours_malformed"),
    ({"mon": [[9, 17]]}, "hours_malformed"),
    ({"mon": [["09:00", "09:00"]]}, "hours_empty"),
    ({"mon": [["24:00", "06:00"]]}, "hours_empty"),
    ({"mon": [["09:00", "13:00"], ["12:00", "17:00"]]}, "hours_overlap"),
    ({"mon": [["22:00", "06:00"], ["23:00", "24:00"]]}, "hours_overlap"),
    ({"mon": None}, "hours_malformed"),
]


@pytest.mark.parametrize("hours", GOOD)
def test_weeks_that_are_fine(hours: Any) -> None:
    validate_hours(hours)


@pytest.mark.parametrize(("hours", "code"), BAD)
def test_weeks_that_are_refused(hours: Any, code: str) -> None:
    with pytest.raises(ValidationError) as fault:
        validate_hours(hours)
    assert fault.value.code == code


def test_special_days() -> None:
    validate_days([{"date": "2026-12-24", "name": "Early", "hours": [["09:00", "12:00"]]}, {"date": "2026-12-31"}])
    for days in (
        {},
        ["2026-12-24"],
        [{"date": "2026-12-32"}],
        [{"date": "24.12.2026"}],
        [{"date": "20261224"}],
        [{"date": "2026-12-24", "open": True}],
        [{"date": "2026-12-24"}, {"date": "2026-12-24"}],
        [{"date": "2026-12-24", "hours": [["12:00", "09:00"], ["11:00", "13:00"]]}],
    ):
        with pytest.raises(ValidationError):
            validate_days(days)


def test_a_calendar_says_which_field_is_wrong() -> None:
    calendar = Calendar(name="C", hours={}, days={}, country="XX", zone="UTC")
    with pytest.raises(ValidationError) as fault:
        calendar.clean()
    assert set(fault.value.message_dict) == {"hours", "days", "country"}
    with pytest.raises(ValidationError) as fault:
        Calendar(name="C", country="DE", region="ZZ").clean()
    assert set(fault.value.message_dict) == {"region"}
    Calendar(name="C", country="DE", region="BY").clean()


MORNINGS = {day: [["08:00", "12:00"]] for day in WEEKDAYS[:5]}


def test_later_hours() -> None:
    validate_versions([{"from": "2027-03-01", "hours": MORNINGS}, {"from": "2027-08-01", "hours": {}}])
    wrong: list[tuple[Any, str]] = [
        ({}, "versions_malformed"),
        (["2027-03-01"], "versions_malformed"),
        ([{"from": "2027-03-01"}], "versions_malformed"),
        ([{"from": "2027-03-01", "hours": MORNINGS, "zone": "UTC"}], "versions_malformed"),
        ([{"from": "2027-3-1", "hours": MORNINGS}], "versions_malformed"),
        ([{"from": 20270301, "hours": MORNINGS}], "versions_malformed"),
        ([{"from": "1969-12-31", "hours": MORNINGS}], "versions_malformed"),
        ([{"from": "2200-01-01", "hours": MORNINGS}], "versions_malformed"),
        ([{"from": "2027-03-01", "hours": MORNINGS}] * 2, "versions_twice"),
        ([{"from": "2027-03-01", "hours": None}], "hours_malformed"),
        ([{"from": "2027-03-01", "hours": {"mon": [["12:00", "12:00"]]}}], "hours_empty"),
        ([{"from": "2027-03-01", "hours": {}}] * 101, "versions_malformed"),
    ]
    for versions, code in wrong:
        with pytest.raises(ValidationError) as fault:
            validate_versions(versions)
        assert fault.value.code == code, versions


def closed(first: date, days: int, step: int = 1) -> list[dict[str, Any]]:
    """Special days on which it is closed."""
    return [{"date": (first + timedelta(days=n)).isoformat(), "hours": []} for n in range(0, days, step)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"versions": [{"from": "2027-03-01", "hours": {}}]}, "never_opens_again"),
        ({"versions": [{"from": "2027-03-01", "hours": {}}, {"from": "2028-02-28", "hours": MORNINGS}]}, None),
        (
            {"versions": [{"from": "2027-03-01", "hours": {}}, {"from": "2028-03-20", "hours": MORNINGS}]},
            "closed_too_long",
        ),
        (  # two closed seasons that follow each other are one
            {
                "versions": [
                    {"from": "2027-03-01", "hours": {}},
                    {"from": "2027-12-01", "hours": {"tue": []}},
                    {"from": "2028-06-01", "hours": MORNINGS},
                ]
            },
            "closed_too_long",
        ),
        ({"days": closed(date(2027, 1, 1), 365)}, None),
        ({"days": closed(date(2027, 1, 1), 380)}, "closed_too_long"),
        ({"hours": {"mon": [["08:00", "12:00"]]}, "days": closed(date(2027, 1, 4), 380, 7)}, "closed_too_long"),
        ({"hours": {"mon": [["08:00", "12:00"]]}, "days": closed(date(2027, 1, 5), 380, 7)}, None),
    ],
)
def test_a_calendar_opens_again_within_a_year(fields: dict[str, Any], code: str | None) -> None:
    calendar = Calendar(**{"name": "Seasons", "zone": "Europe/Berlin", "hours": MORNINGS, **fields})
    if code is None:
        calendar.clean()
        schedule = Schedule.from_fields(
            calendar.zone, calendar.hours, calendar.country, calendar.region, calendar.days, calendar.versions
        )
        for month in range(1, 13):  # whatever is promised becomes due some time
            assert next_opening(schedule, datetime(2027, month, 1, tzinfo=UTC))
        return
    with pytest.raises(ValidationError) as fault:
        calendar.clean()
    [found] = [error for errors in fault.value.error_dict.values() for error in errors]
    assert found.code == code
