"""What a working calendar may say."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tenants.hours import WEEKDAYS, office_hours, validate_days, validate_hours
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
