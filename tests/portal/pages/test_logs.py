"""Bringing an event log, page by page: for those who run the organization, with every refusal in words."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from handoffs.logs.models import LogStage
from handoffs.models import EventLog
from tests.handoffs.logs.test_bringing_in import BAD, TABLE
from tests.handoffs.worker import work_off
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World

HERE = "insight/logs/"
CHOSEN = {"case": "0", "activity": "1", "time": "2", "person": "3", "team": "4", "written": "iso", "zone": "UTC"}


def send(visitor: Visitor, content: str | bytes = TABLE, name: str = "tickets.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return visitor.client.post(visitor.home + HERE, {"file": file})


def page_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"]).removeprefix("/o/fjord/")


def columns_of(page: str) -> dict[str, str]:
    """Which column is chosen for what."""
    found = {}
    for name in ("case", "activity", "time", "person", "team", "written"):
        select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
        assert select is not None, name
        chosen = re.search(r'<option value="([^"]*)" selected', select[0])
        found[name] = chosen[1] if chosen else ""
    return found


def test_from_the_file_to_where_work_waited(world: World, visit: Visit) -> None:
    olga = visit("olga")
    assert HERE in olga.read("insight/")
    here = page_of(send(olga))
    page = olga.read(here)
    assert "Queued" in page  # a row of the preview
    assert columns_of(page) == {name: CHOSEN[name] for name in columns_of(page)}
    assert olga.post(f"{here}columns/", **CHOSEN).status_code == 303
    assert "Being read" in olga.read(here)
    work_off()
    page = olga.read(here)
    assert "<dt>Cases</dt><dd>2</dd>" in page
    assert re.search(r'name="done"[^>]* value="Completed"[^>]* checked|value="Completed"[^>]*checked', page)
    assert "leave_out" not in page
    for status in (303, 409):  # the second time it is under way
        assert olga.post(f"{here}bring/", name="As it was", done="Completed", queued="Queued").status_code == status
    assert "0 of 2 cases are in" in olga.read(here)
    work_off()
    page = olga.read(here)
    assert "/o/as-it-was/insight/?weeks=all" in page
    there = Visitor(world.olga.user, "/o/as-it-was/")  # type: ignore[arg-type]
    assert "As it was · imported" in there.read("insight/?weeks=all")
    assert "tickets.csv" in olga.read(HERE)


def test_a_workbook_is_read_as_well(world: World, visit: Visit) -> None:
    book, out = Workbook(), BytesIO()
    for line in TABLE.splitlines():
        book.active.append(line.split(","))
    book.save(out)
    olga = visit("olga")
    here = page_of(send(olga, out.getvalue(), "tickets.xlsx"))
    olga.post(f"{here}columns/", **CHOSEN)
    work_off()
    assert "<dt>Events</dt><dd>6</dd>" in olga.read(here)


def test_rows_not_understood_are_listed_and_have_to_be_left_out(world: World, visit: Visit) -> None:
    olga = visit("olga")
    here = page_of(send(olga, TABLE + BAD))
    olga.post(f"{here}columns/", **CHOSEN)
    work_off()
    page = olga.read(here)
    assert '<th scope="row">8</th><td>4713</td><td>“soon” is no time' in page
    refused = olga.post(f"{here}bring/", name="As it was", done="Completed")
    assert refused.status_code == 409
    assert "Some rows were not understood" in refused.content.decode()
    assert 'value="As it was"' in refused.content.decode()
    assert olga.post(f"{here}bring/", name="As it was", done="Completed", leave_out="on").status_code == 303


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"case": ""}, 422),
        ({"case": "7"}, 422),
        ({"case": "1"}, 422),
        ({"zone": "Mars"}, 422),
        ({"written": "\x00"}, 422),
        ({"time": "-1"}, 422),
    ],
)
def test_columns_that_cannot_be_are_said_at_their_field(
    given: dict[str, str], status: int, world: World, visit: Visit
) -> None:
    olga = visit("olga")
    here = page_of(send(olga))
    answer = olga.post(f"{here}columns/", **CHOSEN | given)
    assert answer.status_code == status
    assert "field-error" in answer.content.decode() or "errorlist" in answer.content.decode()
    assert EventLog.objects.get().stage == LogStage.COLUMNS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"a,b\n", "no row below"),
        (b"\x89PNG\r\n\x1a\n\x00", "neither CSV"),
        (b"<html><a", "begins with &lt;log&gt;"),
        (b"PK\x03\x04zzzz", "damaged"),
    ],
)
def test_what_is_no_log_is_refused_in_words(content: bytes, words: str, world: World, visit: Visit) -> None:
    answer = send(visit("olga"), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not EventLog.objects.exists()


def test_nothing_in_a_file_is_markup(world: World, visit: Visit) -> None:
    olga = visit("olga")
    here = page_of(send(olga, TABLE.replace("Opened", "<b>x</b>").replace("Status", "<i>Status</i>"), "<u>.csv"))
    assert not re.findall(r"<b>x|<i>Status|<u>", olga.read(here))


def test_it_is_for_those_who_run_the_organization(world: World, visit: Visit) -> None:
    olga = visit("olga")
    here = page_of(send(olga))
    for name, status in (("ben", 403), ("vic", 403), ("mo", 403), ("cleo", 404), ("stan", 404)):
        somebody = visit(name)
        assert somebody.get(HERE).status_code == status
        assert somebody.get(here).status_code == status
        assert send(somebody).status_code == status
        for verb in ("columns", "bring", "discard"):
            assert somebody.post(f"{here}{verb}/", **CHOSEN).status_code == status
    assert HERE not in visit("ben").read("insight/")
    assert EventLog.objects.get().stage == LogStage.COLUMNS


def test_wrong_methods_and_addresses(world: World, visit: Visit) -> None:
    olga = visit("olga")
    here = page_of(send(olga))
    assert olga.post(here).status_code == 405
    assert olga.get(f"{here}columns/").status_code == 405
    assert olga.get(f"{HERE}00000000-0000-4000-8000-000000000000/").status_code == 404
    assert olga.get(f"{HERE}nothing/").status_code == 404


def test_it_can_be_discarded(world: World, visit: Visit) -> None:
    olga = visit("olga")
    here = page_of(send(olga))
    assert olga.post(f"{here}discard/").status_code == 303
    assert olga.get(here).status_code == 404
    assert olga.post(f"{here}discard/").status_code == 404


def test_the_queries_are_counted(world: World, visit: Visit) -> None:
    olga = visit("olga")
    here = page_of(send(olga))
    for path, name in ((HERE, "logs_page"), (here, "log_page")):
        olga.get(path)
        with pinned(name):
            olga.get(path)
