"""Workspaces, teams, members, templates, oneself."""

from jsonschema import Draft202012Validator

from handoffs.lifecycle import State
from tenants.actions import open_workspace
from tests.portal.api.conftest import HOME, Call
from tests.world import World


def test_workspaces_say_what_one_may_do_there(world: World, call: Call) -> None:
    open_workspace(name="Secret", by=world.olga, at=world.now)

    def may(name: str) -> dict[str, list[str]]:
        return {row["name"]: row["may"] for row in call(getattr(world, name)).get("workspaces/").json()["results"]}

    assert may("ana") == {"Projects": ["view", "send", "receive"], "Northwind": ["view", "send", "receive"]}
    assert may("vic") == {"Projects": ["view"]}
    assert may("mo") == {"Our work": ["view", "send", "receive"], "Projects": ["view", "send", "receive", "manage"]}
    assert may("nils") == {}
    assert {"Secret", "Projects"} <= may("olga").keys()


def test_teams_and_members(world: World, call: Call) -> None:
    ben = call(world.ben)
    teams = {row["name"]: row for row in ben.get("teams/").json()["results"]}
    assert (teams["Onboarding"]["lead"]["name"], teams["Onboarding"]["is_mine"]) == ("Lea", True)
    assert teams["Sales"]["is_mine"] is False
    people = {row["name"]: row for row in ben.get("members/?limit=100").json()["results"]}
    assert people["Ana"]["email"] == "ana@fjord.example"
    assert [team["name"] for team in people["Ana"]["teams"]] == ["Sales"]
    assert "Handrail" not in people


def test_lists_go_on_over_pages(world: World, call: Call) -> None:
    ben, found, address = call(world.ben), [], "members/?limit=5"
    while address:
        page = ben.get(address).json()
        assert len(page["results"]) <= 5
        found += [row["id"] for row in page["results"]]
        address = page["next"] and page["next"].partition(HOME)[2]
    assert found == sorted(set(found))
    assert len(found) == len(ben.get("members/?limit=100").json()["results"])


def test_me_counts_what_waits(world: World, call: Call) -> None:
    world.handoff(at=State.OFFERED)
    me = call(world.ben).get("me/").json()
    assert (me["waiting"], me["unread_notices"], me["member"]["role"]) == (1, 0, "member")


def test_a_template_says_what_it_wants_as_json_schema(world: World, call: Call) -> None:
    ana = call(world.ana)
    templates = {row["name"]: row for row in ana.get("templates/").json()["results"]}
    wanted = templates["Sales to onboarding"]
    schema = Draft202012Validator(wanted["context_schema"])
    schema.check_schema(wanted["context_schema"])
    assert {"contract_value", "start_date"} <= wanted["context_schema"]["properties"].keys()
    assert schema.is_valid(
        {
            "contract_value": "48000",
            "start_date": "2026-12-01",
            "billing_contact": "ap@northwind.example",
            "promises": "A kick-off",
        }
    )
    assert not schema.is_valid({"contract_value": []})
    assert "contract" in {slot["key"] for slot in wanted["documents"]}
    one = ana.get(f"templates/{wanted['id']}/versions/{wanted['version']}/")
    assert one.json() == wanted
    assert ana.get(f"templates/{wanted['id']}/versions/99/").status_code == 404
    assert ana.get(f"templates/{10**30}/versions/1/").status_code == 404
