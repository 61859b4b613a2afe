"""Flows and cases over the API: what each may see of them, launching once, and what a client is never told."""

from typing import Any

import pytest

from handoffs.insight.case_list import case_of
from handoffs.insight.case_story import story_of
from handoffs.insight.cases import SeenCase
from handoffs.models import Case
from tests.onboarding import INTAKE, ROLES, SECRET, completed, install, intake_done, launched, live
from tests.portal.api.conftest import Call
from tests.world import World


def words(world: World, flow: int, **more: Any) -> dict[str, Any]:
    return {
        "flow": flow,
        "workspace": world.northwind.id,
        "internal_workspace": world.projects.id,
        "title": "Northwind comes on board",
        "casting": {role: {"team": world.team(team).id} for role, team in ROLES.items()},
        "given": {"intake": {"wish": "To begin in December"}},
        **more,
    }


def test_flows_say_what_launching_a_case_takes(world: World, call: Call) -> None:
    version = install(world)
    ana = call(world.ana)
    (row,) = ana.get("flows/").json()["results"]
    assert (row["id"], row["name"]) == (version.flow_id, "Taking on a client")
    told = ana.get(f"flows/{version.flow_id}/").json()
    assert told["needs_internal_workspace"]
    assert [step["key"] for step in told["document"]["steps"]] == ["intake", "papers", "access", "check", "over"]
    assert set(told["launch_schema"]["properties"]["casting"]["properties"]) == set(ROLES)
    assert told["launch_schema"]["properties"]["given"]["properties"]["intake"]["required"] == ["wish"]
    assert ana.get("flow_schema/").json()["$schema"].startswith("https://json-schema.org/")
    assert ana.get("flows/999999/").status_code == 404


def test_a_case_is_launched_once_under_its_key(world: World, call: Call) -> None:
    version = install(world)
    ana = call(world.ana)
    asked = words(world, version.flow_id, due_at="2026-12-01T12:00:00Z")
    first = ana.post("cases/", asked, **{"Idempotency-Key": '"one"'})
    assert first.status_code == 201, first.json()
    assert first["Location"].endswith(f"/cases/{first.json()['reference']}/")
    assert ana.post("cases/", asked, **{"Idempotency-Key": '"one"'}).json() == first.json()
    assert Case.objects.count() == 1
    assert ana.post("cases/", asked).json()["reference"] != first.json()["reference"]


def test_a_case_tells_its_steps_its_time_and_what_is_known(world: World, call: Call) -> None:
    case = launched(world)
    intake_done(world, case)
    told = call(world.ana).get(f"cases/{case.reference}/").json()
    assert {step["key"]: step["state"] for step in told["steps"]} == {
        "intake": "done",
        "papers": "live",
        "access": "live",
        "check": "to_come",
        "over": "to_come",
    }
    assert [(ball["step"], ball["who"], ball["doing"]) for ball in told["balls"]] == [
        ("papers", "Northwind", "accept"),
        ("access", "Support", "accept"),
    ]
    amount = next(known for known in told["known"] if known["field"] == "amount")
    assert (amount["value"], amount["who"], amount["went_to"]) == ("48000", "Ben", ["Papers", "Secret accounts"])
    assert told["expected"]["source"] == "targets"
    assert {(part["share"], part["side"]) for part in told["time"]} >= {("between_hands", "both"), ("in_hands", "ours")}


def test_a_handoff_says_which_step_it_is_and_where_its_values_came_from(world: World, call: Call) -> None:
    case = launched(world)
    intake_done(world, case)
    papers = live(case, "papers")
    step = call(world.ana).get(f"handoffs/{papers.reference}/").json()["step"]
    assert (step["case"], step["step"], step["number"], step["steps"]) == (case.reference, "papers", 2, 4)
    assert step["origins"]["amount"]["who"] == "Ben"
    assert step["origins"]["amount"]["side"] == "result"
    assert call(world.cleo).get(f"handoffs/{papers.reference}/").json()["step"]["steps"] == 3
    assert call(world.ana).get(f"handoffs/{world.handoff().reference}/").json()["step"] is None


def test_completing_gives_what_the_next_step_asks(world: World, call: Call) -> None:
    case = launched(world)
    ben, intake = call(world.ben), live(case, "intake")
    ben.post(f"handoffs/{intake.reference}/accept")
    answer = ben.post(
        f"handoffs/{intake.reference}/complete", {"result": INTAKE, "given": {"access": {"remark": "With care"}}}
    )
    assert answer.status_code == 200
    assert live(case, "access").context["remark"] == "With care"
    assert ben.post(f"handoffs/{intake.reference}/complete", {"given": {"access": 7}}).status_code == 422


def test_the_timeline_is_one(world: World, call: Call) -> None:
    case = launched(world)
    intake_done(world, case)
    told = call(world.ana).get(f"cases/{case.reference}/timeline/").json()["results"]
    assert told[0]["sentence"].startswith("Ana launched this case")
    assert {moment["label"] for moment in told} >= {"Intake", "Papers", "Secret accounts"}
    for wrong in (
        "limit=0",
        "limit=501",
        "cursor=%00",
        "cursor=WyJ0aW1lbGluZSJd",
        "cursor=WyJldmVudHMiLDFd",
        "colour=blue",
    ):
        assert call(world.ana).get(f"cases/{case.reference}/timeline/?{wrong}").status_code == 422, wrong


@pytest.mark.parametrize("name", ["ana", "cleo"])
def test_the_timeline_goes_on_page_by_page_and_leaves_nothing_out(name: str, world: World, call: Call) -> None:
    case = launched(world)
    completed(world, case)
    caller, first = call(getattr(world, name)), f"cases/{case.reference}/timeline/"
    whole = caller.get(f"{first}?limit=100").json()
    assert whole["next"] is None
    assert len(whole["results"]) > 7
    assert [each["at"] for each in whole["results"]] == sorted(each["at"] for each in whole["results"])
    for limit in (1, 2, 3):
        paged, path = [], f"{first}?limit={limit}"
        while path:
            told = caller.get(path).json()
            assert len(told["results"]) == limit or told["next"] is None
            paged += told["results"]
            path = (told["next"] or "").partition("/api/v1/")[2]
        assert paged == whole["results"]
    seen = SeenCase(case_of(getattr(world, name), case.reference), getattr(world, name), world.later(hours=9))  # type: ignore[arg-type]
    assert [each["sentence"] for each in whole["results"]] == [each.sentence for each in story_of(seen, None)]


def test_the_list_has_filters_and_pages(world: World, call: Call) -> None:
    version = install(world)
    for title in ("First", "Second", "Third"):
        launched(world, version, title=title)
    completed(world, launched(world, version, title="Done"))
    ana = call(world.ana)
    page = ana.get("cases/?limit=2&state=running").json()
    assert [row["title"] for row in page["results"]] == ["Third", "Second"]
    rest = ana.get(page["next"].partition("/api/v1/")[2]).json()
    assert [row["title"] for row in rest["results"]] == ["First"]
    assert rest["next"] is None
    assert [row["title"] for row in ana.get("cases/?q=Sec").json()["results"]] == ["Second"]
    assert [row["title"] for row in ana.get("cases/?state=completed").json()["results"]] == ["Done"]
    assert [row["title"] for row in ana.get("cases/?step=intake").json()["results"]] == ["Third", "Second", "First"]
    assert ana.get("cases/?step=check").json()["results"] == []
    assert ana.get("cases/?step=%00").status_code == 422
    assert ana.get(f"cases/?team={world.team('Sales').id}").json()["results"] == []
    assert len(call(world.ben).get("cases/?ball=me").json()["results"]) == 3


@pytest.mark.parametrize("path", ["cases/", "cases/{reference}/", "cases/{reference}/timeline/", "handoffs/{papers}/"])
def test_a_client_is_told_nothing_of_ours(path: str, world: World, call: Call) -> None:
    case = launched(world)
    intake_done(world, case)
    answer = call(world.cleo).get(path.format(reference=case.reference, papers=live(case, "papers").reference))
    text = answer.content.decode()
    assert answer.status_code == 200
    for hidden in (SECRET, "Secret accounts", "access", "Support", "Projects", "margin", "Sam"):
        assert hidden not in text, hidden


def test_a_client_cannot_ask_where_a_case_is_with_us(world: World, call: Call) -> None:
    intake_done(world, launched(world))
    assert len(call(world.ana).get("cases/?step=access").json()["results"]) == 1
    assert call(world.cleo).get("cases/?step=access").json()["results"] == []
    assert len(call(world.cleo).get("cases/?step=papers").json()["results"]) == 1


def test_clients_viewers_and_strangers_launch_nothing(world: World, call: Call) -> None:
    version = install(world)
    flow = version.flow_id
    assert call(world.cleo).get("flows/").json()["results"] == []
    assert call(world.cleo).get(f"flows/{flow}/").status_code == 404
    refused = call(world.cleo).post("cases/", words(world, flow))
    assert (refused.status_code, refused.json()["code"]) == (403, "clients_do_not_launch")
    assert call(world.vic).post("cases/", words(world, flow)).status_code in (403, 422)
    assert call(world.nils).post("cases/", words(world, flow)).status_code == 422
    case = launched(world, version)
    for path in (f"cases/{case.reference}/", f"cases/{case.reference}/timeline/"):
        assert call(world.nils).get(path).status_code == 404
        assert call(world.ana).post(path, {}).status_code == 405
    assert call(world.nils).get("cases/").json()["results"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": ""}, 422),
        ({"title": 7}, 422),
        ({"casting": {"intake": 7}}, 422),
        ({"casting": {"nobody": {"team": 1}}}, 422),
        ({"casting": {}}, 422),
        ({"given": {}}, 422),
        ({"given": {"intake": {"nothing": 1}}}, 422),
        ({"given": {"intake": 1}}, 422),
        ({"internal_workspace": None}, 422),
        ({"flow": 999_999}, 422),
        ({"due_at": "tomorrow"}, 422),
        ({"surprise": 1}, 422),
    ],
)
def test_what_is_wrong_is_told(wrong: dict[str, Any], code: int, world: World, call: Call) -> None:
    answer = call(world.ana).post("cases/", words(world, install(world).flow_id) | wrong)
    assert answer.status_code == code, answer.json()
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "path", ["cases/CA-999999/", "cases/%00/", "cases/HO-1001/timeline/", "cases/CA-99999999999999/"]
)
def test_what_is_not_there_is_404(path: str, world: World, call: Call) -> None:
    assert call(world.ana).get(path).status_code == 404
