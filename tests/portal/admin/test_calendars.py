"""Calendars in the admin: written in words, kept as data."""

import pytest

from tenants.models import Calendar, Member
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import filled
from tests.world import World

LIST = "tenants/calendar/"


def test_the_list_tells_the_week_in_words(world: World, olga: Visitor) -> None:
    text = olga.get(LIST).content.decode()
    assert "Mon–Fri 09:00-17:00" in text


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_a_calendar_is_made(world: World, chief: Member, visit: Visit, name: str) -> None:
    given = {"hours_0": "08:00-12:00, 13:00 – 16:30", "hours_5": "22:00-06:00", "hours_6": "all day"}
    days = "2026-12-24 closed Christmas Eve\n\n2026-12-31 09:00-12:00 New Year's Eve\n2027-01-02 all day"
    answer = visit(name).save(
        f"{LIST}add/", name="Oslo", zone="Europe/Oslo", country="NO", days=days,
        **dict.fromkeys(["hours_1", "hours_2", "hours_3", "hours_4"], "closed"), **given,
    )  # fmt: skip
    assert answer.status_code == 302
    made = Calendar.objects.get(organization=world.organization, name="Oslo")
    assert made.zone == "Europe/Oslo"
    assert made.country == "NO"
    assert made.hours == {
        "mon": [["08:00", "12:00"], ["13:00", "16:30"]],
        "sat": [["22:00", "06:00"]],
        "sun": [["00:00", "24:00"]],
    }
    assert made.days == [
        {"date": "2026-12-24", "name": "Christmas Eve", "hours": []},
        {"date": "2026-12-31", "name": "New Year's Eve", "hours": [["09:00", "12:00"]]},
        {"date": "2027-01-02", "name": "", "hours": [["00:00", "24:00"]]},
    ]
    form = visit(name).form(f"{LIST}{made.pk}/change/")
    assert form["hours_0"] == ["08:00-12:00, 13:00-16:30"]
    assert form["hours_6"] == ["all day"]
    assert form["days"][0].splitlines() == [line for line in days.splitlines() if line]


def test_hours_change(world: World, olga: Visitor) -> None:
    page = f"{LIST}{world.calendar.pk}/change/"
    assert olga.save(page, hours_4="09:00-15:00").status_code == 302
    fresh = Calendar.objects.get(pk=world.calendar.pk)
    assert fresh.hours["fri"] == [["09:00", "15:00"]]
    assert fresh.hours["mon"] == [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"hours_0": "nine to five"}, "Monday: Write hours like"),
        ({"hours_0": "09:00-25:00"}, "Times are written like 09:00"),
        ({"hours_0": "09:00-12:00, 11:00-13:00"}, "overlap"),
        ({f"hours_{n}": "" for n in range(7)}, "open at some time"),
        ({"days": "Christmas"}, "Line 1: write a date"),
        ({"days": "2026-12-24 closed\n2026-12-24 closed"}, "given twice"),
        ({"days": "2026-02-30 closed"}, "has a date like"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"country": "NO", "region": "BY"}, "no such region"),
        ({"zone": "Europe/Atlantis"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 121}, "at most 120"),
    ],
)
def test_what_makes_no_sense_comes_back(world: World, olga: Visitor, given: dict[str, str], sentence: str) -> None:
    before = Calendar.objects.filter(pk=world.calendar.pk).values().get()
    answer = olga.save(f"{LIST}{world.calendar.pk}/change/", **given)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    for name, words in given.items():
        kept = filled(answer).get(name, [""])[0]
        assert kept.split() == words.split() or name in ("country", "zone")
    assert Calendar.objects.filter(pk=world.calendar.pk).values().get() == before


def test_a_name_is_taken_once(world: World, olga: Visitor) -> None:
    answer = olga.save(f"{LIST}add/", name="Office hours")
    assert "There is already one of this name." in answer.content.decode()
