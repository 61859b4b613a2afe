"""A board of more cases than it shows: it says so, counts them step by step, and leads to the list of all of them."""

import re

import pytest

from handoffs.insight import board
from tests.onboarding import install, intake_done, launched
from tests.portal.pages.conftest import Visit
from tests.world import World


@pytest.fixture
def flow(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """Four cases run, two of them beyond the intake; the board has room for two."""
    monkeypatch.setattr(board, "MOST", 2)
    version = install(world)
    for number in range(4):
        case = launched(world, version, title=f"Client number {number}")
        if number > 1:
            intake_done(world, case)
    return version.flow_id


@pytest.mark.parametrize("show", ["", "table"])
def test_what_is_not_shown_is_counted_and_can_be_reached(show: str, flow: int, world: World, visit: Visit) -> None:
    ana = visit("ana")
    page = ana.read(f"flows/{flow}/board/", show=show)
    assert "4 running cases. The 2 longest under way are shown" in page
    assert f'href="/o/fjord/cases/?state=running&amp;flow={flow}"' in page
    assert "Client number 2" not in page
    assert "0 of 2" in page  # at the papers
    path = re.search(r'href="/o/fjord/(cases/[^"]*step=papers)"', page)
    assert path
    listed = ana.read(path[1].replace("&amp;", "&"))
    assert "Those that are at “Papers” now" in listed
    assert "Client number 2" in listed
    assert "Client number 3" in listed
    assert "Client number 0" not in listed


@pytest.mark.parametrize("show", ["", "table"])
def test_clients_read_as_much_of_theirs_and_nothing_of_ours(show: str, flow: int, visit: Visit) -> None:
    cleo = visit("cleo")
    page = cleo.read(f"flows/{flow}/board/", show=show)
    assert "4 running cases. The 2 longest under way are shown" in page
    for hidden in ("access", "Secret accounts", "step=check"):
        assert hidden not in page
    assert "Client number" not in cleo.read("cases/", step="access")
    assert "Secret accounts" not in cleo.read("cases/", step="access", flow=flow)


def test_a_board_that_shows_everything_does_not_say_so(world: World, visit: Visit) -> None:
    version = install(world)
    launched(world, version)
    page = visit("ana").read(f"flows/{version.flow_id}/board/")
    assert "1 running case</p>" in page
    assert "are shown" not in page


@pytest.mark.parametrize("step", ["%00", "A B", "x" * 41, "~"])
def test_what_is_no_step_filters_nothing(step: str, flow: int, visit: Visit) -> None:
    assert "Client number 0" in visit("ana").read("cases/", step=step)
