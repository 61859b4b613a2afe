"""Calendars without the admin: written in words, kept as data; what runs in them is laid out anew."""

import pytest

from handoffs.lifecycle import State
from handoffs.models import Clock
from tenants.models import Calendar
from tests.handoffs.worker import work_off
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

LIST = "settings/calendars/"
SHOP = {
    "name": "Shop",
    "zone": "Europe/Berlin",
    "hours": "Mon-Fri 09:00-12:00, 13:00-17:00\nSat 10:00-14:00",
    "country": "DE",
    "region": "by",
    "days": "2030-12-24 closed Christmas Eve\n2030-12-29 10:00-14:00 Stocktaking",
    "versions": "2031-03-01 Mon–Thu 07:00-16:00",
}


def test_a_calendar_is_written_in_words_and_read_in_words(world: World, visit: Visit) -> None:
    olga = visit("olga")
    assert olga.post(f"{LIST}new/", **SHOP).status_code == 303
    made = Calendar.objects.get(name="Shop")
    assert made.hours["fri"] == [["09:00", "12:00"], ["13:00", "17:00"]]
    assert made.hours["sat"] == [["10:00", "14:00"]]
    assert "sun" not in made.hours
    assert (made.region, len(made.days), made.versions[0]["from"]) == ("BY", 2, "2031-03-01")
    assert "Monday–Friday 09:00–12:00, 13:00–17:00; Saturday 10:00–14:00" in olga.read(LIST)
    form = olga.read(f"{LIST}{made.pk}/")
    for words in ("Mon–Fri 09:00-12:00, 13:00-17:00\nSat 10:00-14:00", "closed Christmas Eve", "Mon–Thu 07:00-16:00"):
        assert words in form
    again = olga.post(f"{LIST}new/", **SHOP)
    assert again.status_code == 409
    assert "already one of this name" in again.content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"hours": ""}, "must be open at some time"),
        ({"hours": "Mon-Fri closed"}, "must be open at some time"),
        ({"hours": "always"}, "Write days and hours like"),
        ({"hours": "Fri-Mon 09:00-17:00"}, "comes after"),
        ({"hours": "Mon 09:00-17:00; Mon 10:00-11:00"}, "given twice"),
        ({"hours": "Mon 09:00-17:00, 10:00-11:00"}, "overlap"),
        ({"hours": "Mon 25:00-26:00"}, "Times are written like"),
        ({"hours": "\x00"}, "Null characters"),
        ({"zone": "Moon/Sea"}, "Select a valid choice"),
        ({"country": "DE", "region": "ZZ"}, "no such region"),
        ({"days": "soon closed"}, "Line 1"),
        ({"versions": "2031-03-01 closed"}, "never open again"),
        ({"name": ""}, "required"),
    ],
)
def test_what_makes_no_sense_comes_back(world: World, visit: Visit, given: dict[str, str], sentence: str) -> None:
    answer = visit("olga").post(f"{LIST}{world.calendar.pk}/change/", **SHOP | given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert "Stocktaking" in text or "days" in given
    assert Calendar.objects.get(pk=world.calendar.pk).revision == 1


def test_promises_that_run_are_laid_out_in_the_new_hours(world: World, visit: Visit) -> None:
    world.handoff(at=State.OFFERED)
    clock, olga = Clock.objects.get(stopped_at=None), visit("olga")
    page = f"{LIST}{world.calendar.pk}/"
    plain = {"name": "Office hours", "zone": "UTC", "hours": "Mon-Fri 14:00-17:00"}
    for _ in range(2):
        assert olga.post(f"{page}change/", **plain).status_code == 303
    assert "1 due time still to be laid out" in olga.read(page)
    work_off()
    assert "still to be laid out" not in olga.read(page)
    assert Clock.objects.get(pk=clock.pk).due_at != clock.due_at
    assert Calendar.objects.get(pk=world.calendar.pk).revision == 2


def test_a_lead_reads_what_their_team_works_by_and_changes_nothing(world: World, visit: Visit) -> None:
    visit("olga").post(f"{LIST}new/", **SHOP)
    lea, page = visit("lea"), f"{LIST}{world.calendar.pk}/"
    assert "Shop" not in lea.read(LIST)
    text = lea.read(page)
    assert "Monday–Friday 09:00–17:00" in text
    assert "<textarea" not in text
    assert lea.post(f"{page}change/", **SHOP).status_code == 403
    assert lea.get(f"{LIST}{Calendar.objects.get(name='Shop').pk}/").status_code == 404


def test_list_and_calendar_take_as_many_queries_as_are_pinned(world: World, visit: Visit) -> None:
    olga = visit("olga")
    olga.read(LIST)
    for name, path in (("calendars_page", LIST), ("calendar_page", f"{LIST}{world.calendar.pk}/")):
        with pinned(name):
            olga.read(path)
