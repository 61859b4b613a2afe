"""Every table of insight is taken along, as CSV and as a workbook: the same rows, and no word runs as a program."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from handoffs import actions, keeping
from handoffs.lifecycle import State
from tenants.models import Team
from tests.portal.pages.conftest import Visit
from tests.world import World

EVER = "?weeks=all"
OVERVIEW, LANE = ("lanes", "split", "weeks"), ("times", "medians", "weeks", "returns", "open")


@pytest.fixture
def lane(world: World) -> str:
    """Sales → Onboarding, in which one was returned, one was done and one is open."""
    world.handoff(at=State.COMPLETED)
    returned = world.handoff(State.OFFERED)
    actions.return_(returned, by=world.ben, at=world.later(hours=1), reason="Ours no more")
    world.handoff(at=State.OFFERED, title="=HYPERLINK(0)")
    for _ in keeping.catch_up(world.organization.id, world.now):
        pass
    return f"insight/lanes/{world.team('Sales').id}-{world.team('Onboarding').id}/"


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def rows_of_workbook(content: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]


def test_each_is_offered_where_it_is_shown(lane: str, visit: Visit) -> None:
    olga = visit("olga")
    for path, names in ((f"insight/{EVER}", OVERVIEW), (lane + EVER, LANE)):
        offered = set(re.findall(r"sheet=(\w+)\.(?:csv|xlsx)", olga.read(path)))
        assert offered >= set(names) - {"medians"}  # of too few weeks none are drawn


@pytest.mark.parametrize("name", OVERVIEW)
def test_the_overview_says_the_same_in_both(name: str, lane: str, visit: Visit) -> None:
    said_alike(f"insight/{EVER}&sheet={name}", visit)


@pytest.mark.parametrize("name", LANE)
def test_a_lane_says_the_same_in_both(name: str, lane: str, visit: Visit) -> None:
    said_alike(f"{lane}{EVER}&sheet={name}", visit)


def said_alike(address: str, visit: Visit) -> None:
    olga = visit("olga")
    plain, book = olga.get(address + ".csv"), olga.get(address + ".xlsx")
    assert book["Content-Disposition"].endswith('.xlsx"')
    ours, theirs = rows_of_csv(plain.content), rows_of_workbook(book.content)
    assert ours[0] == theirs[0]
    assert len(theirs) > 1 or "=medians" in address  # half of that week's offers were not accepted
    for left, right in zip(ours, theirs, strict=True):
        # Between the two answers time went on for what still waits.
        assert [_said(cell) for cell in left] == [pytest.approx(_said(cell), abs=0.02) for cell in right]


def _said(cell: Any) -> float | str:
    """A number by its value, a day by its date, words without the mark that keeps a formula from running."""
    text = "" if cell is None else str(cell)
    text = text.removesuffix(" 00:00:00").removeprefix("'")
    return float(text) if re.fullmatch(r"-?[\d.]+", text) else text


def test_no_word_of_a_workbook_is_a_formula(lane: str, world: World, visit: Visit) -> None:
    Team.objects.filter(id=world.team("Sales").id).update(name="=1+1")
    for address in (f"insight/{EVER}&sheet=lanes.xlsx", f"{lane}{EVER}&sheet=open.xlsx"):
        content = visit("olga").get(address).content
        cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
        assert any(str(cell.value).startswith("=") for cell in cells)
        assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize("name", ["lanes", "lanes.pdf", "lanes.", ".csv", "x.csv", "%00.csv", "lanes.csv.exe"])
def test_any_other_name_shows_the_page(name: str, lane: str, visit: Visit) -> None:
    assert "Where work waits" in visit("olga").read(f"insight/{EVER}&sheet={name}")


def test_a_stranger_takes_nothing_along(lane: str, visit: Visit) -> None:
    assert visit("stan").get(f"insight/{EVER}&sheet=lanes.xlsx").status_code == 404
