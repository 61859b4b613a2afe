"""Finding handoffs by words and filters, in pages; views that are kept; several accepted or redirected at once."""

import re

import pytest

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff, SavedView
from portal.pages import find
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World


def listed(who: Visitor, **asked: str) -> list[str]:
    """References in the list, in its order."""
    return re.findall(r'id="row-found-(HO-\d+)"', who.read("handoffs/", **asked))


class TestLooking:
    def test_everything_adds_up(self, world: World, visit: Visit) -> None:
        lamp = world.handoff(at=State.OFFERED, title="Lamp for the harbour", priority=3)
        boat = world.handoff(at=State.STARTED, title="Boat for the harbour")
        ana, ben = visit("ana"), visit("ben")
        assert listed(ana) == [boat.reference, lamp.reference]
        assert listed(ana, q="harb") == [boat.reference, lamp.reference]
        assert listed(ana, q="harb lam") == listed(ana, q="harb", state="offered") == [lamp.reference]
        assert listed(ana, q="harb", priority="urgent") == listed(ana, q=lamp.reference) == [lamp.reference]
        assert listed(ben, box="waiting", q="harb", late="1") == [lamp.reference]
        assert listed(ben, box="held") == listed(ana, box="sent", state="started") == [boat.reference]
        assert listed(ana, workspace=str(world.northwind.pk)) == []
        assert "Nothing found" in ana.read("handoffs/", q="zebra")

    def test_what_cannot_be_asked_is_not_asked(self, world: World, visit: Visit) -> None:
        made = world.handoff()
        ana = visit("ana")
        for asked in (
            {"state": "lost"},
            {"workspace": "99999999999999999999"},
            {"box": "'"},
            {"q": "\0"},
            {"q": "a" * 201},
            {"after": "x~y"},
            {"team": "-1", "priority": "0"},
        ):
            assert listed(ana, **asked) == [made.reference], asked

    @pytest.mark.parametrize("box", ["", "waiting", "held", "sent"])
    def test_pages_go_on_to_the_end(
        self, box: str, world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(find, "SHOWN", 2)
        state = State.STARTED if box == "held" else State.OFFERED
        made = {world.handoff(at=state, title=f"Lamp {nth}").reference for nth in range(5)}
        who, seen, address = visit("ana" if box in ("", "sent") else "ben"), [], f"handoffs/?q=lamp&box={box}"
        while address:
            page = who.read(address)
            seen += re.findall(r'id="row-found-(HO-\d+)"', page)
            older = re.search(r'href="/o/fjord/([^"]+)" rel="next"', page)
            address = older[1].replace("&amp;", "&") if older else ""
        assert len(seen) == 5
        assert set(seen) == made

    def test_a_client_chooses_among_their_own(self, world: World, visit: Visit) -> None:
        world.handoff(at=State.OFFERED, title="Lamp")
        page = visit("carl").read("handoffs/", q="lamp")
        assert "HO-" not in page.replace("HO-number", "")
        assert "Sales" not in page
        assert "Projects" not in page


class TestSavedViews:
    def test_kept_shown_replaced_and_dropped(self, world: World, visit: Visit) -> None:
        ana, ben = visit("ana"), visit("ben")
        for asked in ("q=lamp", "q=boat&state=draft"):
            assert ana.post(f"handoffs/views/?{asked}&junk=1", name=" Lamps ").status_code == 303
        view = SavedView.objects.get()
        assert (view.name, view.asked, view.member) == ("Lamps", "q=boat&state=draft", world.ana)
        assert 'href="/o/fjord/handoffs/?q=boat&amp;state=draft"' in ana.read("handoffs/")
        assert "Lamps" not in ben.read("handoffs/")
        assert ben.post(f"handoffs/views/{view.pk}/drop/").status_code == 404
        assert ana.post(f"handoffs/views/{view.pk}/drop/").status_code == 303
        assert ana.post(f"handoffs/views/{view.pk}/drop/").status_code == 404
        assert not SavedView.objects.exists()

    @pytest.mark.parametrize(
        ("asked", "name", "told"),
        [("q=lamp", "", "Give the view a name"), ("q=lamp", "x" * 61, "up to 60"), ("", "All", "Choose what to look")],
    )
    def test_what_cannot_be_kept_is_told(self, asked: str, name: str, told: str, world: World, visit: Visit) -> None:
        answer = visit("ana").post(f"handoffs/views/?{asked}", name=name)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not SavedView.objects.exists()

    def test_twenty_are_enough(self, world: World, visit: Visit) -> None:
        ana = visit("ana")
        answers = [ana.post("handoffs/views/?q=lamp", name=f"View {nth}").status_code for nth in range(21)]
        assert answers == [303] * 20 + [422]
        assert ana.post("handoffs/views/?q=boat", name="View 3").status_code == 303


class TestTogether:
    def test_each_is_accepted_or_refused_for_itself(self, world: World, visit: Visit) -> None:
        first, lost, third = (world.handoff(at=State.OFFERED, title=f"Lamp {nth}") for nth in range(3))
        actions.withdraw(lost, by=world.ana, at=world.later(minutes=1))
        chosen = [first.reference, lost.reference, third.reference, "HO-9999999", "nonsense"]
        for _ in range(2):
            answer = visit("ben").post("handoffs/together/", verb="accept", handoff=chosen)
            page = answer.content.decode()
            assert answer.status_code == 200
            assert "2 of 5 done. 2 not found here any more." in page
            assert page.count("Not done") == 1
        held = Handoff.objects.filter(custodian=world.ben)
        assert set(held.values_list("id", flat=True)) == {first.id, third.id}

    def test_redirected_to_whom_all_of_them_may_go(self, world: World, visit: Visit) -> None:
        made = [world.handoff(at=State.OFFERED, title=f"Lamp {nth}") for nth in range(2)]
        chosen = [handoff.reference for handoff in made]
        ana = visit("ana")
        asked = ana.post("handoffs/together/", verb="redirect", handoff=chosen)
        assert asked.status_code == 200
        assert "Support (whoever takes it first)" in asked.content.decode()
        nobody = ana.post("handoffs/together/", verb="redirect", handoff=chosen, receiver="", message="Please")
        assert nobody.status_code == 422
        assert "Please" in nobody.content.decode()
        done = ana.post("handoffs/together/", verb="redirect", handoff=chosen, receiver=str(world.team("Support").pk))
        assert "2 of 2 done" in done.content.decode()
        assert {Handoff.objects.get(id=each.id).open_offer.to_team.name for each in made} == {"Support"}  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"verb": "complete", "handoff": ["HO-1001"]}, "accept or to redirect"),
            ({"verb": "accept"}, "at least one"),
            ({"verb": "accept", "handoff": [f"HO-{nth}" for nth in range(51)]}, "at most 50"),
            ({"verb": "accept", "handoff": ["\0", "HO-99999999999999999999"]}, "None of these"),
        ],
    )
    def test_what_cannot_be_done_is_told(self, given: dict[str, object], told: str, world: World, visit: Visit) -> None:
        answer = visit("ben").post("handoffs/together/", **given)
        assert answer.status_code == 422
        assert told in answer.content.decode()

    def test_nobody_takes_what_is_not_theirs(self, world: World, visit: Visit) -> None:
        made = world.handoff(at=State.OFFERED)
        for who, told in (("sam", "0 of 1 done"), ("carl", "None of these"), ("vic", "0 of 1 done")):
            answer = visit(who).post("handoffs/together/", verb="accept", handoff=[made.reference])
            assert told in answer.content.decode()
        assert Handoff.objects.get(id=made.id).status is State.OFFERED
