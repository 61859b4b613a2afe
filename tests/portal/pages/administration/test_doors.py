"""Whom each page of administration is open to."""

import pytest

from tests.portal.pages.conftest import Visit
from tests.world import World

# Where, and who of the cast is let in; Olga owns the organization, and everybody else is told why not.
OPEN = {
    "members/": {"lea", "sam", "max", "nils"},
    "members/{ben}/": {"lea"},
    "members/{ben}/leave/": set(),
    "teams/": {"lea", "sam", "max", "nils"},
    "teams/new/": set(),
    "teams/{team}/": {"lea"},
    "workspaces/": {"mo"},
    "workspaces/new/": set(),
    "workspaces/{workspace}/": {"mo"},
    "calendars/": {"lea", "sam", "max", "nils"},
    "calendars/new/": set(),
    "calendars/{calendar}/": {"lea", "sam"},
    "organization/": set(),
}
ACTS = {
    "members/{ben}/place/",
    "members/{ben}/teams/",
    "members/{ben}/teams/leave/",
    "members/{ben}/absences/",
    "members/{ben}/absences/cancel/",
    "teams/{team}/change/",
    "teams/{team}/members/",
    "teams/{team}/members/remove/",
    "teams/{team}/lead/",
    "workspaces/{workspace}/change/",
    "workspaces/{workspace}/let-in/",
    "workspaces/{workspace}/grants/",
    "calendars/{calendar}/change/",
    "organization/logo/",
    "organization/logo/remove/",
}


@pytest.fixture
def names(world: World) -> dict[str, object]:
    places = {"workspace": world.projects.pk, "calendar": world.calendar.pk}
    return {"ben": world.ben.pk, "team": world.team("Onboarding").pk, **places}


def test_each_page_is_open_to_its_people(names: dict[str, object], visit: Visit) -> None:
    for path, people in OPEN.items():
        address = "settings/" + path.format(**names)
        for who in ("olga", *people):
            assert visit(who).get(address).status_code == 200, (who, path)
        for who in {"ana", "vic", "mo", "cleo", "lea", "sam"} - people:
            answer = visit(who).get(address)
            assert answer.status_code in (403, 404), (who, path)


@pytest.mark.parametrize("who", ["ana", "vic", "cleo"])
def test_others_are_told_why_not_and_see_no_way(who: str, names: dict[str, object], visit: Visit) -> None:
    visitor = visit(who)
    for path in (*OPEN, *ACTS):
        answer = visitor.post("settings/" + path.format(**names), name="x", role="owner", team="1", member="1")
        assert answer.status_code == 403, path
        assert "owners and admins" in answer.content.decode()
    assert "settings/members" not in visitor.read("settings/")


def test_a_stranger_finds_nothing(names: dict[str, object], visit: Visit) -> None:
    stan = visit("stan")
    for path in (*OPEN, *ACTS):
        assert stan.get("settings/" + path.format(**names)).status_code == 404
    stan.home = "/o/elsewhere/"
    for path in (*OPEN, *ACTS):
        if "{" in path:
            assert stan.get("settings/" + path.format(**names)).status_code == 404, path
        if path in ACTS and "{" in path:
            assert stan.post("settings/" + path.format(**names)).status_code == 404, path


def test_a_wrong_method_is_405(names: dict[str, object], visit: Visit) -> None:
    olga = visit("olga")
    for path in (*OPEN, *ACTS):
        assert olga.client.delete("/o/fjord/settings/" + path.format(**names)).status_code == 405
    for path in ("members/", "members/{ben}/", "teams/", "teams/{team}/", "workspaces/", "calendars/"):
        assert olga.post("settings/" + path.format(**names)).status_code == 405
