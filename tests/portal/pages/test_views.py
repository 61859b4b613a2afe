"""The same figures by team, template, flow and workspace, and of one template what to change in it."""

import csv
import re
from io import StringIO

import pytest

from handoffs import actions, keeping
from handoffs.lifecycle import State
from handoffs.models import HandoffTemplate
from tenants.models import Workspace
from tenants.scope import everyone
from tests.asking_for_more import ROOM, offers, template
from tests.pinned import pinned
from tests.portal.pages.conftest import Visit
from tests.world import World

EVER = "?weeks=all"
BY = ("teams", "templates", "flows", "workspaces")


@pytest.fixture
def told(world: World) -> World:
    """Two to Onboarding of which one has a template, one to Support, and one for the client."""
    world.later(hours=2)
    world.handoff(State.COMPLETED)
    world.handoff(State.ACCEPTED, template=template(world))
    world.handoff(State.OFFERED, to="Support")
    theirs = actions.draft(world.northwind, by=world.ana, at=world.now, title="For the client")
    actions.offer(theirs, by=world.ana, at=world.now, to_team=world.team("Northwind"))
    for _ in keeping.catch_up(world.organization.id, world.later(hours=1)):
        pass
    return world


def its_template(world: World) -> int:
    return HandoffTemplate.objects.get(organization=world.organization, name="Move-in").id


def lines(page: str) -> dict[str, int]:
    """What the table lists, and how many were offered of each."""
    page = page.partition("Load now")[0]
    found = re.findall(r'<th scope="row">(?:<a href="[^"]+">)?([^<]+).*?</th><td>(\d+)</td>', page)
    return {words: int(offered) for words, offered in found}


def test_each_view_counts_all_there_is(told: World, visit: Visit) -> None:
    olga = visit("olga")
    assert lines(olga.read(f"insight/by/teams/{EVER}")) == {"Onboarding": 2, "Support": 1, "Northwind": 1}
    assert lines(olga.read(f"insight/by/templates/{EVER}")) == {"Without a template": 3, "Move-in": 1}
    assert lines(olga.read(f"insight/by/flows/{EVER}")) == {"Outside of flows": 4}
    assert lines(olga.read(f"insight/by/workspaces/{EVER}")) == {"Projects": 3, "Northwind": 1}


def test_a_view_is_narrowed_and_leads_on(told: World, visit: Visit) -> None:
    olga = visit("olga")
    only = f"{EVER}&workspace={told.projects.id}"
    assert lines(olga.read(f"insight/by/teams/{only}")) == {"Onboarding": 2, "Support": 1}
    address = re.search(r'<a href="/o/fjord/([^"]+)">Support</a>', olga.read(f"insight/by/teams/{only}"))
    assert address is not None
    page = olga.read(address[1].replace("&amp;", "&"))
    assert "Sales → Support" in page
    assert "Sales → Onboarding</a>" not in page


def test_the_overview_leads_to_every_view(told: World, visit: Visit) -> None:
    page = visit("olga").read(f"insight/{EVER}")
    assert {name for name in BY if f"insight/by/{name}/" in page} == set(BY)
    assert "insight/by/" not in visit("cleo").read(f"insight/{EVER}").replace("insight/by/workspaces/", "")


def test_the_view_of_teams_says_what_is_open(told: World, visit: Visit) -> None:
    page = visit("olga").read(f"insight/by/teams/{EVER}")
    load = page[page.index("Load now") :]
    cells = re.search(r"Support</a>.*?</tr>", load, re.DOTALL)
    assert cells is not None
    assert re.findall(r"<td>([^<]+)</td>", cells[0])[0] == "1"  # the others go by today: see test_pressure
    assert "Load now" not in visit("cleo").read(f"insight/by/workspaces/{EVER}")


@pytest.mark.parametrize("name", BY)
def test_it_is_taken_along(name: str, told: World, visit: Visit) -> None:
    olga = visit("olga")
    plain = olga.get(f"insight/by/{name}/{EVER}&sheet={name}.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(plain)))[1:]
    assert {row[0]: int(row[1]) for row in rows} == lines(olga.read(f"insight/by/{name}/{EVER}"))


def test_a_client_sees_their_workspaces_and_nothing_else(told: World, visit: Visit) -> None:
    cleo = visit("cleo")
    assert lines(cleo.read(f"insight/by/workspaces/{EVER}")) == {"Northwind": 1}
    for path in ("by/teams/", "by/templates/", "by/flows/", f"templates/{its_template(told)}/"):
        assert cleo.get(f"insight/{path}{EVER}").status_code == 404, path


def test_who_may_look_at_less_counts_less(told: World, visit: Visit) -> None:
    assert lines(visit("vic").read(f"insight/by/teams/{EVER}")) == {"Onboarding": 2, "Support": 1}
    assert "Nothing was offered there" in visit("nils").read(f"insight/by/teams/{EVER}")


@pytest.mark.parametrize(
    "path", ["by/people/", "by/%00/", "by/Teams/", "templates/0/", "templates/99999999999999999999/"]
)
def test_what_is_no_view_is_404(path: str, told: World, visit: Visit) -> None:
    assert visit("olga").get("insight/" + path).status_code == 404


def test_a_stranger_finds_no_page_and_nothing_is_sent(told: World, visit: Visit) -> None:
    pages = ["by/teams/", f"templates/{its_template(told)}/"]
    for path in pages:
        assert visit("stan").get("insight/" + path).status_code == 404
        assert visit("olga").post("insight/" + path).status_code == 405


def test_a_template_of_another_organization_is_404(told: World, visit: Visit) -> None:
    with everyone():
        theirs = HandoffTemplate.objects.exclude(organization=told.organization).latest("id")
    assert visit("olga").get(f"insight/templates/{theirs.id}/").status_code == 404


def test_a_template_says_what_to_require(world: World, visit: Visit) -> None:
    version = template(world)
    offers(world, version, [{ROOM}, {ROOM}, {ROOM}, set(), set(), set()], [True, True, True, False, False, False])
    olga = visit("olga")
    page = olga.read(f"insight/templates/{version.template_id}/{EVER}")
    assert "Require “Room number”." in page
    assert "would have stopped 3 of 3 returns and delayed 0 of 3 good handoffs" in page
    assert "Something is missing" in page
    plain = olga.get(f"insight/templates/{version.template_id}/{EVER}&sheet=advice.csv").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(plain)))[1] == ["Field", "Room number", "3", "3", "1.0", "0", "3", "0.0"]
    nobody = visit("nils").read(f"insight/templates/{version.template_id}/{EVER}")
    assert "Room number" not in nobody


def test_what_is_named_like_markup_is_text(told: World, visit: Visit) -> None:
    Workspace.objects.filter(id=told.projects.id).update(name="<b>Projects</b>")
    assert "<b>Projects" not in visit("olga").read(f"insight/by/workspaces/{EVER}")


def test_the_queries_are_counted(told: World, visit: Visit) -> None:
    olga = visit("olga")
    for path, name in (
        (f"insight/by/teams/{EVER}", "insight_view"),
        (f"insight/templates/{its_template(told)}/{EVER}", "insight_template"),
    ):
        olga.get(path)
        with pinned(name):
            olga.get(path)
