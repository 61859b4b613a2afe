"""The same six questions to every screen: works, for a colleague, a viewer, a stranger, by a wrong method, twice."""

import pytest
from django.test import Client

from handoffs.lifecycle import State
from tests.onboarding import launched
from tests.portal.pages.conftest import Visit
from tests.world import World

# Screens that show something: address, and what its reader finds there.
SCREENS = {
    "": "Inbox",
    "held/": "In my hands",
    "sent/": "Sent",
    "handoffs/": "Find handoffs",
    "handoffs/new/": "New handoff",
    "handoffs/{reference}/": "Signed contract to onboarding",
    "handoffs/{reference}/note/": "Add note",
    "handoffs/{reference}/forecast/": "When will it be taken?",
    "cases/": "Cases",
    "cases/new/": "New case",
    "cases/{case}/": "Northwind comes on board",
    "flows/{flow}/board/": "Taking on a client",
    "workspaces/{workspace}/": "Projects",
    "insight/": "Where work waits",
    "insight/lanes/{lane}/": "Sales → Onboarding",
    "notifications/": "Notifications",
    "settings/": "Settings",
    "settings/delivery/": "How you are told",
    "settings/absences/": "New absence",
    "settings/you/": "Your name here",
}
# Addresses that only act.
ACTIONS = (
    "handoffs/views/",
    "handoffs/views/1/drop/",
    "handoffs/together/",
    "notifications/read/",
    "settings/tokens/1/revoke/",
    "settings/chat/1/close/",
    "handoffs/{reference}/messages/1/again/",
    "settings/absences/1/cancel/",
    "handoffs/{reference}/accept/",
)
# Where Vic, who only looks, is refused: he may see the handoff, so it is no secret that there is such a page.
# The case lies in a workspace that he does not see.
NOT_FOR_VIEWERS = {"handoffs/{reference}/note/": 403, "cases/{case}/": 404}


@pytest.fixture
def names(world: World) -> dict[str, object]:
    handoff = world.handoff(at=State.OFFERED)
    case = launched(world)
    flow = case.flow_version.flow_id
    lane = f"{world.team('Sales').id}-{world.team('Onboarding').id}"
    names = {"reference": handoff.reference, "workspace": world.projects.id, "case": case.reference, "flow": flow}
    return {**names, "lane": lane}


def test_works_for_its_people_and_twice(names: dict[str, object], visit: Visit) -> None:
    ana = visit("ana")
    for path, words in [*SCREENS.items()] * 2:
        assert words in ana.read(path.format(**names)), path


def test_works_for_a_colleague(names: dict[str, object], visit: Visit) -> None:
    ben = visit("ben")
    assert {path: ben.get(path.format(**names)).status_code for path in SCREENS} == dict.fromkeys(SCREENS, 200)


def test_a_viewer_looks_and_does_nothing(names: dict[str, object], visit: Visit) -> None:
    vic, wanted = visit("vic"), dict.fromkeys(SCREENS, 200) | NOT_FOR_VIEWERS
    assert {path: vic.get(path.format(**names)).status_code for path in SCREENS} == wanted


def test_a_stranger_finds_nothing(names: dict[str, object], visit: Visit) -> None:
    stan, paths = visit("stan"), [*SCREENS, *ACTIONS]
    assert {path: stan.get(path.format(**names)).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert {path: stan.post(path.format(**names)).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_nobody_is_sent_to_sign_in(names: dict[str, object]) -> None:
    nobody = Client()
    for path in (*SCREENS, *ACTIONS):
        answer = nobody.get("/o/fjord/" + path.format(**names))
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


def test_a_wrong_method_is_405(names: dict[str, object], visit: Visit) -> None:
    ana = visit("ana")
    for path in SCREENS:
        address = "/o/fjord/" + path.format(**names)
        assert ana.client.delete(address).status_code == 405, path
        assert ana.client.put(address).status_code == 405, path


def test_what_only_acts_is_not_to_be_looked_at(names: dict[str, object], visit: Visit) -> None:
    ben = visit("ben")
    assert {path: ben.get(path.format(**names)).status_code for path in ACTIONS} == dict.fromkeys(ACTIONS, 405)


def test_a_screen_that_only_shows_is_not_to_be_posted_to(names: dict[str, object], visit: Visit) -> None:
    ana = visit("ana")
    for path in ("", "held/", "sent/", "workspaces/{workspace}/", "notifications/", "handoffs/{reference}/"):
        assert ana.post(path.format(**names)).status_code == 405, path


def test_outside_of_an_organization_there_is_nothing(world: World, visit: Visit) -> None:
    ana = visit("ana")
    for path in (
        "held/",
        "sent/",
        "handoffs/new/",
        "handoffs/HO-1001/",
        "workspaces/1/",
        "notifications/",
        "settings/",
    ):
        assert ana.client.get(f"/{path}").status_code == 404, path


@pytest.mark.parametrize(
    "path",
    [
        "handoffs/HO-999999999/",
        "handoffs/HO-99999999999999999999/",
        "handoffs/%00/",
        "handoffs/nonsense/",
        "handoffs/HO-1001/explode/",
        "handoffs/HO-1001/draft/",
        "handoffs/HO-1001/escalate/",
        "handoffs/HO-1001/recompute/",
        "workspaces/99999999999999999999999/",
        "workspaces/0/",
    ],
)
def test_what_is_not_there_is_404(path: str, world: World, visit: Visit) -> None:
    assert visit("ana").get(path).status_code == 404


@pytest.mark.parametrize("junk", ["\x00", "9" * 40, "-1", "~", "2026-13-45T00:00~7", "2026-01-01T00:00~7", "\ud800x"])
def test_a_place_that_is_none_is_the_first_page(junk: str, names: dict[str, object], visit: Visit) -> None:
    ana, text = visit("ana"), junk.encode("utf-8", "replace").decode()
    for path in ("", "held/", "sent/", "notifications/", "workspaces/{workspace}/"):
        answer = ana.get(path.format(**names), after=text, before=text, state=text)
        assert answer.status_code == 200, path
