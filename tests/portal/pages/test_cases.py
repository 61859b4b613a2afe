"""Cases on the pages: who has the ball, where the time went, what is known, and what a client never sees."""

import pytest

from handoffs import actions
from tests.onboarding import SECRET, completed, does, install, intake_done, launched, live
from tests.portal.pages.conftest import Visit
from tests.world import World


def test_the_list_says_who_has_the_ball(world: World, visit: Visit) -> None:
    case = launched(world)
    page = visit("ana").read("cases/")
    assert case.title in page
    assert "Onboarding is asked to accept it." in page
    intake_done(world, case)
    assert "Northwind is asked to accept it." in visit("ana").read("cases/")


def test_the_page_tells_a_case(world: World, visit: Visit) -> None:
    case = launched(world)
    intake_done(world, case)
    page = visit("ana").read(f"cases/{case.reference}/")
    for words in (
        "Who has the ball",
        "Ben answers for it meanwhile",
        "Northwind is asked to accept it.",
        "To begin in December",
        "In hands",
        "Between hands",
        "what the steps promise",
        "Ana launched this case",
        "“Papers” and “Secret accounts” come next",
        "Who plays which role",
        live(case, "papers").reference,
    ):
        assert words in page, words
    assert page.count("<svg") > 1


def test_of_several_cases_filters_find_some(world: World, visit: Visit) -> None:
    version = install(world)
    mine = launched(world, version, title="The first of them")
    launched(world, version, title="The second of them")
    intake_done(world, mine)
    ana = visit("ana")
    assert "The second of them" not in ana.read("cases/", ball=world.team("Northwind").pk)
    assert "The first of them" in ana.read("cases/", ball=world.team("Northwind").pk)
    assert "No case is like that" in ana.read("cases/", state="completed")
    assert "The first of them" in ana.read("cases/", flow=version.flow_id, workspace=world.northwind.pk)
    assert "No case is like that" in ana.read("cases/", workspace=world.projects.pk)
    assert "The second of them" in visit("ben").read("cases/", ball="me")
    assert "No case is like that" in visit("max").read("cases/", ball="me")


def test_the_board_shows_each_case_at_its_steps(world: World, visit: Visit) -> None:
    version = install(world)
    first, second = launched(world, version, title="The first"), launched(world, version, title="The second")
    intake_done(world, first)
    for show in ("", "table"):
        page = visit("ana").read(f"flows/{version.flow_id}/board/", show=show)
        assert page.count(first.reference) >= 2
        assert second.reference in page
        assert "Secret accounts" in page


@pytest.fixture
def under_way(world: World) -> str:
    """A case in which everything internal was said once."""
    case = launched(world)
    intake_done(world, case)
    return case.reference


@pytest.mark.parametrize(
    "path", ["cases/", "cases/{reference}/", "flows/{flow}/board/", "flows/{flow}/board/?show=table"]
)
def test_a_client_sees_its_part_and_nothing_of_ours(path: str, world: World, visit: Visit, under_way: str) -> None:
    from handoffs.models import Case

    flow = Case.objects.get(number=int(under_way[3:])).flow_version.flow_id
    page = visit("cleo").read(path.format(reference=under_way, flow=flow))
    for hidden in (SECRET, "Secret accounts", "access", "Support", "Projects", "Margin", "Sam"):
        assert hidden not in page, hidden
    assert "Fjord" in page
    assert "Papers" in page or path == "cases/"


def test_a_client_is_told_both_sides_waiting_time(world: World, visit: Visit, under_way: str) -> None:
    page = visit("cleo").read(f"cases/{under_way}/")
    assert "with Fjord" in page
    assert "with both" in page
    assert "With Fjord" in page
    assert "Fjord is at it." in page


def test_what_a_client_has_no_part_in_is_not_there(world: World, visit: Visit) -> None:
    case = launched(
        world,
        workspace=world.projects,
        internal_workspace=None,
        casting={
            "onboarding": (world.team("Onboarding"), None),
            "support": (world.team("Support"), None),
            "client": (world.team("Sales"), None),
            "sales": (world.team("Sales"), None),
        },
    )
    assert visit("cleo").get(f"cases/{case.reference}/").status_code == 404
    assert case.title not in visit("cleo").read("cases/")
    assert visit("cleo").get(f"flows/{case.flow_version.flow_id}/board/").status_code == 404
    assert visit("ana").get(f"cases/{case.reference}/").status_code == 200


def test_a_completed_case_says_so_and_expects_nothing(world: World, visit: Visit) -> None:
    case = completed(world, launched(world))
    page = visit("ana").read(f"cases/{case.reference}/")
    assert "Expected to be over" not in page
    assert "the case is completed" in page
    assert "Who has the ball" not in page
    assert "Register" in page


def test_a_loop_shows_how_often_a_step_came(world: World, visit: Visit) -> None:
    case = launched(world)
    intake_done(world, case)
    does(world, case, "papers", world.cleo)
    does(world, case, "access", world.sam)
    does(world, case, "check", world.max, result={"decision": "Rejected"})
    page = visit("ana").read(f"cases/{case.reference}/")
    assert "2 times so far" in page
    assert "comes again" in page or "come again" in page


def test_enough_completed_cases_say_when_one_will_be_over(world: World, visit: Visit) -> None:
    version = install(world)
    for _ in range(5):
        completed(world, launched(world, version))
    case = launched(world, version)
    assert "As 5 completed cases of this flow went" in visit("ana").read(f"cases/{case.reference}/")


@pytest.mark.parametrize("junk", ["\x00", "9" * 40, "-1", "~", "\ud800x"])
def test_what_is_no_filter_filters_nothing(junk: str, world: World, visit: Visit) -> None:
    launched(world)
    text = junk.encode("utf-8", "replace").decode()
    assert visit("ana").get("cases/", state=text, flow=text, workspace=text, ball=text, before=text).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "cases/CA-9999999/",
        "cases/CA-99999999999999999999/",
        "cases/%00/",
        "cases/HO-1001/",
        "flows/0/board/",
        "flows/99999999999999999999/board/",
    ],
)
def test_what_is_not_there_is_404(path: str, world: World, visit: Visit) -> None:
    assert visit("ana").get(path).status_code == 404


def test_somebody_without_a_look_at_a_step_sees_that_it_is_under_way(world: World, visit: Visit) -> None:
    case = launched(world)
    intake_done(world, case)
    from tenants.access import Permission
    from tenants.actions import grant

    grant(workspace=world.northwind, to=world.nils, permissions=[Permission.VIEW], by=world.olga, at=world.now)
    page = visit("nils").read(f"cases/{case.reference}/")
    assert "Secret accounts" in page
    assert live(case, "access").reference not in page
    assert SECRET not in page or "Margin" in page  # an internal field of a step that he may see is his to read


def test_looking_changes_nothing(world: World, visit: Visit) -> None:
    case = launched(world)
    ana = visit("ana")
    for _ in range(2):
        assert ana.get(f"cases/{case.reference}/").status_code == 200
    assert ana.post(f"cases/{case.reference}/").status_code == 405
    assert ana.post("cases/").status_code == 405
    assert ana.post(f"flows/{case.flow_version.flow_id}/board/").status_code == 405
    assert actions.accept(live(case, "intake"), by=world.ben, at=world.later(minutes=1)).state == "accepted"


def test_a_handoff_says_which_step_it_is_and_where_its_values_came_from(world: World, visit: Visit) -> None:
    case = launched(world)
    intake = intake_done(world, case)
    page = visit("ana").read(f"handoffs/{live(case, 'papers').reference}/")
    assert "Step 2 of 4, “Papers”" in page
    assert case.reference in page
    assert f">{intake.reference}</a> · Intake, Ben" in page
    assert "Step 2 of 3, “Papers”" in visit("cleo").read(f"handoffs/{live(case, 'papers').reference}/")
