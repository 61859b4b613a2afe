"""The list and its boxes, one handoff, a new draft, what happened."""

from urllib.parse import quote, urlsplit

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff
from tenants.access import Permission
from tenants.actions import add_to_team, open_workspace, revoke
from tests.portal.api.conftest import HOME, Call, Caller
from tests.world import World


def references(caller: Caller, path: str) -> list[str]:
    """Every reference of a list, over all its pages."""
    found, address = [], path
    while address:
        page = caller.get(address).json()
        found += [row["reference"] for row in page["results"]]
        address = page["next"] and page["next"].partition(HOME)[2]
    return found


class TestBoxes:
    def test_what_waits_is_shown_to_the_receivers_until_one_accepts(self, world: World, call: Call) -> None:
        handoff = world.handoff(at=State.OFFERED)
        assert references(call(world.ben), "handoffs/?box=waiting") == [handoff.reference]
        assert references(call(world.ana), "handoffs/?box=waiting") == []
        assert references(call(world.ana), "handoffs/?box=sent") == [handoff.reference]
        assert references(call(world.ana), "handoffs/?box=held") == [handoff.reference]
        call(world.bo).post(f"handoffs/{handoff.reference}/accept")
        assert references(call(world.ben), "handoffs/?box=waiting") == []
        assert references(call(world.bo), "handoffs/?box=held") == [handoff.reference]

    @pytest.mark.parametrize("narrowing", ["", "&state=offered"])
    def test_the_most_urgent_first_over_all_pages_and_teams(self, world: World, call: Call, narrowing: str) -> None:
        add_to_team(team=world.team("Support"), member=world.ben, by=world.olga, at=world.now)
        made = [world.handoff(at=State.OFFERED, to=("Onboarding", "Support")[i % 2]) for i in range(7)]
        ben = call(world.ben)
        in_order = sorted(made, key=lambda h: (h.open_offer.due_at, h.open_offer_id))  # type: ignore[union-attr]
        for limit in (1, 3, 7, 100):
            path = f"handoffs/?box=waiting&limit={limit}{narrowing}"
            assert references(ben, path) == [handoff.reference for handoff in in_order]

    def test_one_reserved_for_somebody_else_does_not_wait_for_me(self, world: World, call: Call) -> None:
        handoff = world.handoff()
        actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"), to_member=world.bo)
        for narrowing in ("", "&priority=normal"):
            assert references(call(world.ben), f"handoffs/?box=waiting{narrowing}") == []
            assert references(call(world.bo), f"handoffs/?box=waiting{narrowing}") == [handoff.reference]

    def test_what_one_lost_sight_of_is_not_shown(self, world: World, call: Call) -> None:
        world.handoff(at=State.OFFERED)
        revoke(
            workspace=world.projects,
            to=world.team("Onboarding"),
            permissions=list(Permission),
            by=world.olga,
            at=world.now,
        )
        assert references(call(world.ben), "handoffs/?box=waiting") == []

    def test_nor_what_one_sent_from_there(self, world: World, call: Call) -> None:
        handoff = world.handoff(at=State.ACCEPTED)
        assert references(call(world.ana), "handoffs/?box=sent") == [handoff.reference]
        revoke(
            workspace=world.projects, to=world.team("Sales"), permissions=list(Permission), by=world.olga, at=world.now
        )
        assert references(call(world.ana), "handoffs/?box=sent") == []

    def test_held_and_sent_and_all_go_on_over_pages(self, world: World, call: Call) -> None:
        made = [world.handoff(at=(State.DRAFT, State.OFFERED)[i % 2]) for i in range(5)]
        ana, newest = call(world.ana), [h.reference for h in reversed(made)]
        assert references(ana, "handoffs/?limit=2") == newest
        assert references(ana, "handoffs/?box=sent&limit=1") == [h.reference for h in reversed(made[1::2])]
        assert references(ana, "handoffs/?box=held&limit=2") == newest[::-1]

    def test_held_with_and_without_a_due_time(self, world: World, call: Call) -> None:
        due = [
            world.handoff(
                at=State.ACCEPTED,
                template=world.template("sbar"),
                context=dict.fromkeys(("situation", "background", "assessment", "recommendation"), "x"),
            )
            for _ in range(2)
        ]
        Handoff.objects.filter(pk=due[0].pk).update(complete_due_at=world.later(hours=9))
        Handoff.objects.filter(pk=due[1].pk).update(complete_due_at=world.later(hours=-4))
        never = [world.handoff(at=State.ACCEPTED) for _ in range(3)]
        expected = [due[1].reference, due[0].reference, *(h.reference for h in never)]
        for limit in (1, 2, 5):
            assert references(call(world.ben), f"handoffs/?box=held&limit={limit}") == expected


class TestFilters:
    def test_each_narrows(self, world: World, call: Call) -> None:
        draft = world.handoff(title="Contract of Acme")
        offered = world.handoff(at=State.OFFERED, title="Delivery for Acme", priority=3)
        with_template = world.handoff(template=world.template("plain"), title="contract in small letters")
        ana, everything = call(world.ana), {draft.reference, offered.reference, with_template.reference}
        expected = {
            "state=draft": {draft.reference, with_template.reference},
            "state=draft&state=offered": everything,
            "priority=urgent": {offered.reference},
            f"workspace={world.projects.pk}": everything,
            f"workspace={world.northwind.pk}": set(),
            f"template={world.template('plain').template_id}": {with_template.reference},
            "q=Contract": {draft.reference, with_template.reference},
            f"team={world.team('Onboarding').pk}": {offered.reference},
            "late=true": {offered.reference},
            f"q={offered.reference.lower()}": {offered.reference},
            "q=Acme": {draft.reference, offered.reference},
            "q=delivery acme": {offered.reference},
            "q=cme": set(),
            f"updated_since={quote(offered.changed_at.isoformat())}": {offered.reference, with_template.reference},
            "updated_since=2131-01-01T00:00:00Z": set(),
            "box=held&state=draft&q=Contract+of": {draft.reference},
        }
        for query, found in expected.items():
            assert set(references(ana, f"handoffs/?{query}")) == found, query

    def test_a_percent_sign_is_no_wildcard(self, world: World, call: Call) -> None:
        world.handoff(title="Anything")
        assert references(call(world.ana), "handoffs/?q=%25") == []


class TestOneHandoff:
    def test_everything_that_travels(self, world: World, call: Call) -> None:
        handoff = world.handoff(
            template=world.template("sales_onboarding"), context={"contract_value": "48000"}, at=State.DRAFT
        )
        handoff = actions.note(handoff, by=world.ana, at=world.later(minutes=1), body="Call them first")
        handoff = actions.link(handoff, by=world.ana, at=world.later(minutes=1), url="https://fjord.example/deal")
        handoff = actions.tick(handoff, by=world.ana, at=world.later(minutes=1), item="scope_agreed")
        said = call(world.ana).get(f"handoffs/{handoff.reference}/").json()
        assert said["context"] == {"contract_value": "48000"}
        assert [note["body"] for note in said["notes"]] == ["Call them first"]
        assert [link["url"] for link in said["links"]] == ["https://fjord.example/deal"]
        assert [i["key"] for i in said["checklist"] if i["ticked_by"] == {"id": world.ana.pk, "name": "Ana"}] == [
            "scope_agreed"
        ]
        assert (said["template"]["name"], said["template"]["version"]) == ("Sales to onboarding", 1)
        assert said["custodian"] == said["custody"][0]["holder"] == {"id": world.ana.pk, "name": "Ana"}
        assert said["allowed"][:2] == ["edit", "offer"]

    def test_transfers_custody_and_clocks(self, world: World, call: Call) -> None:
        handoff = world.handoff(at=State.ACCEPTED)
        said = call(world.ben).get(f"handoffs/{handoff.reference}").json()
        assert [(offer["state"], offer["giver"]["name"]) for offer in said["offers"]] == [("accepted", "Ana")]
        assert [interval["holder"]["name"] for interval in said["custody"]] == ["Ana", "Ben"]
        assert said["custody"][0]["ended_at"] == said["custody"][1]["started_at"]
        clock = said["clocks"][0]
        assert (clock["kind"], clock["target_seconds"], clock["is_late"]) == ("accept", 4 * 3600, False)
        assert said["open_offer"] is None

    def test_unknown_hidden_and_malformed_references_are_the_same_404(self, world: World, call: Call) -> None:
        handoff, nils = world.handoff(), call(world.nils)
        found = {
            nils.get(f"handoffs/{reference}/").content
            for reference in (
                handoff.reference,
                "HO-999999",
                "HO-0",
                "HO-1e9",
                "1001",
                "HO-%00",
                "HO-" + "9" * 400,
                "ho",
            )
        }
        assert len(found) == 1
        assert nils.get(f"handoffs/{handoff.reference}/").status_code == 404

    def test_a_reference_is_found_in_any_case(self, world: World, call: Call) -> None:
        handoff = world.handoff()
        assert call(world.ana).get(f"handoffs/{handoff.reference.lower()}/").json()["reference"] == handoff.reference

    def test_asking_again_for_the_same_costs_no_transfer(self, world: World, call: Call) -> None:
        handoff, ana = world.handoff(), call(world.ana)
        for path in (f"handoffs/{handoff.reference}/", "handoffs/?box=held"):
            first = ana.get(path)
            again = ana.get(path, **{"if-none-match": first["ETag"]})
            assert (again.status_code, again.content) == (304, b"")
            actions.edit(handoff, by=world.ana, at=world.later(minutes=1), title=f"Mended {path}")
            assert ana.get(path, **{"if-none-match": first["ETag"]}).status_code == 200


class TestEvents:
    def test_what_happened_in_order_over_pages(self, world: World, call: Call) -> None:
        handoff = world.handoff(at=State.STARTED)
        ben = call(world.ben)
        first = ben.get(f"handoffs/{handoff.reference}/events/?limit=3").json()
        assert [event["sentence"] for event in first["results"]] == [
            "Ana drafted this",
            "Ana offered this to Onboarding",
            "Ben accepted this from Ana",
        ]
        assert urlsplit(first["next"]).path == f"{HOME}handoffs/{handoff.reference}/events/"
        rest = ben.get(first["next"].partition(HOME)[2]).json()
        assert [event["verb"] for event in rest["results"]] == ["start"]
        assert rest["next"] is None

    def test_not_for_those_who_cannot_see_it(self, world: World, call: Call) -> None:
        assert call(world.nils).get(f"handoffs/{world.handoff().reference}/events/").status_code == 404


class TestDraft:
    def test_a_new_handoff_is_held_by_its_author(self, world: World, call: Call) -> None:
        version = world.template("sales_onboarding")
        made = call(world.ana).post(
            "handoffs/",
            {
                "workspace": world.projects.pk,
                "title": "Signed contract",
                "priority": "high",
                "template": version.template_id,
                "context": {"contract_value": 48000},
                "from_team": world.team("Sales").pk,
            },
        )
        assert made.status_code == 201, made.json()
        said = made.json()
        assert made["Location"] == f"{HOME}handoffs/{said['reference']}/"
        assert (said["state"], said["priority"], said["custodian"]["name"]) == ("draft", "high", "Ana")
        # Numbers travel as text, so that no digit is lost.
        assert said["context"] == {"contract_value": "48000"}
        assert len(said["checklist"]) == len(world.template("sales_onboarding").items.all())

    @pytest.mark.parametrize("name", ["vic", "mo"])
    def test_who_may_only_look_or_may_not_even(self, world: World, call: Call, name: str) -> None:
        expected = {"vic": (403, "not_yours"), "mo": (201, None)}[name]
        made = call(getattr(world, name)).post("handoffs/", {"workspace": world.projects.pk, "title": "Mine"})
        assert (made.status_code, made.json().get("code")) == expected

    def test_a_workspace_one_cannot_see_is_told_like_one_that_is_not_there(self, world: World, call: Call) -> None:
        secret = open_workspace(name="Secret", by=world.olga, at=world.now)
        ana = call(world.ana)
        hidden = ana.post("handoffs/", {"workspace": secret.pk, "title": "Mine"})
        unknown = ana.post("handoffs/", {"workspace": 10**12, "title": "Mine"})
        assert hidden.status_code == unknown.status_code == 422
        assert hidden.json()["fields"] == unknown.json()["fields"] == {"workspace": ["There is no such workspace."]}

    def test_a_team_that_is_not_mine_does_not_send(self, world: World, call: Call) -> None:
        made = call(world.ana).post(
            "handoffs/", {"workspace": world.projects.pk, "title": "Mine", "from_team": world.team("Support").pk}
        )
        assert (made.status_code, list(made.json()["fields"])) == (422, ["from_team"])
