"""Calendars in the admin: written in words, kept as data."""

import pytest

from handoffs.lifecycle import State
from handoffs.models import Event
from tenants.models import Calendar, Member
from tests.handoffs.worker import work_off
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


def test_later_hours_are_written_in_words_and_read_in_words(world: World, olga: Visitor) -> None:
    page = f"{LIST}{world.calendar.pk}/change/"
    written = "2027-08-01 closed\nFrom 2027-03-01: Monday to thu 07:00 – 16:00; Fri 07:00-12:00\n2027-09-01 Sun all day"
    assert olga.save(page, versions=written).status_code == 302
    fresh = Calendar.objects.get(pk=world.calendar.pk)
    day, short = [["07:00", "16:00"]], [["07:00", "12:00"]]
    assert fresh.versions == [
        {"from": "2027-03-01", "hours": {"mon": day, "tue": day, "wed": day, "thu": day, "fri": short}},
        {"from": "2027-08-01", "hours": {}},
        {"from": "2027-09-01", "hours": {"sun": [["00:00", "24:00"]]}},
    ]
    assert fresh.revision == 2
    told = olga.get(LIST).content.decode()
    assert "From 1 March 2027: Monday–Thursday 07:00–16:00; Friday 07:00–12:00" in told
    assert "From 1 August 2027: closed" in told
    assert olga.save(page).status_code == 302  # as it stands
    assert Calendar.objects.get(pk=world.calendar.pk).revision == 2


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [
        ("March", "Line 1: write a date"),
        ("2027-03-01 07:00-16:00", "Write days and hours like"),
        ("2027-03-01 Mon 07:00", "Line 1: Write hours like"),
        ("2027-02-01 Mon 07:00-09:00\n2027-03-01 Moonday 07:00-16:00", "Line 2: “Moonday” is not a weekday"),
        ("2027-03-01 Fri-Mon 07:00-16:00", "Friday comes after Monday"),
        ("2027-03-01 Mon 07:00-09:00; Mon-Tue 10:00-11:00", "Monday is given twice"),
        ("2027-03-01 Mon 07:00-09:00\n2027-03-01 closed", "2027-03-01 are given twice"),
        ("2027-02-29 Mon 07:00-09:00", "apply from a date like"),
        ("2027-03-01 closed", "never open again"),
        ("2027-03-01 closed\n2028-03-15 Mon 07:00-09:00", "closed for more than a year"),
    ],
)
def test_later_hours_that_make_no_sense_come_back(world: World, olga: Visitor, versions: str, sentence: str) -> None:
    answer = olga.save(f"{LIST}{world.calendar.pk}/change/", versions=versions)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Calendar.objects.get(pk=world.calendar.pk).versions == []


def test_saving_other_hours_has_running_promises_laid_out_anew(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.OFFERED)
    work_off()
    assert olga.save(f"{LIST}{world.calendar.pk}/change/", hours_0="13:00-21:00").status_code == 302
    assert "recompute" not in Event.objects.filter(handoff=handoff).values_list("verb", flat=True)
    [row] = [row for row in olga.get(LIST).context["cl"].result_list if row.pk == world.calendar.pk]
    assert row.waiting_count == 1
    work_off()
    event = Event.objects.of(handoff.id).last()
    assert event is not None
    assert (event.verb, event.by) == ("recompute", world.system)
