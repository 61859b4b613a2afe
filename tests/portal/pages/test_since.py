"""What changed since a receiver gave it back: told to whoever gets it again, so that nobody reads all of it twice."""

import re

from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs import actions
from handoffs.lifecycle import State
from handoffs.models import Handoff, Priority
from tests.paying import payment
from tests.portal.pages.conftest import Visit
from tests.world import World

CARD = re.compile(r'<section class="card stack" id="since">(.*?)</section>', re.DOTALL)


def again(world: World, handoff: Handoff, to: str = "Onboarding") -> Handoff:
    return actions.offer(handoff, by=world.ana, at=world.later(minutes=5), to_team=world.team(to))


def card(visit: Visit, name: str, handoff: Handoff) -> str:
    found = CARD.search(visit(name).read(f"handoffs/{handoff.reference}/"))
    return found[1] if found else ""


def test_it_is_told_to_whom_it_is_offered_again(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.RETURNED, summary="On Friday")
    assert card(visit, "ana", handoff) == "", "it has not come back to anybody yet"
    edit = {"summary": "On Monday", "priority": Priority.HIGH}
    handoff = actions.edit(handoff, by=world.ana, at=world.later(minutes=5), **edit)
    handoff = actions.edit(handoff, by=world.ana, at=world.later(minutes=5), title="Contract of Northwind")
    file = ContentFile(b"%PDF-1.7\n", name="list.pdf")
    actions.attach(handoff, by=world.ana, at=world.later(minutes=5), file=file, name="list.pdf")
    handoff = again(world, handoff)
    for name in ("ben", "bo", "ana"):
        told = card(visit, name, handoff)
        assert "Since Ben gave it back" in told, name
        for label, after, before in (
            ("Title", "Contract of Northwind", "Signed contract to onboarding"),
            ("Summary", "On Monday", "On Friday"),
            ("Priority", "High", "Normal"),
        ):
            assert re.search(rf"<dt>{label}</dt><dd>{after}<small[^>]*>before: {before}</small></dd>", told), label
        assert "list.pdf" in told
    handoff = actions.accept(handoff, by=world.bo, at=world.later(minutes=5))
    assert "list.pdf" in card(visit, "bo", handoff)
    handoff = actions.complete(handoff, by=world.bo, at=world.later(minutes=5))
    assert card(visit, "bo", handoff) == ""


def test_what_was_changed_and_changed_back_is_nothing(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.RETURNED)
    first = handoff.title
    for title in ("Another", first):
        handoff = actions.edit(handoff, by=world.ana, at=world.later(minutes=5), title=title)
    handoff = again(world, handoff)
    assert "Nothing was changed." in card(visit, "ben", handoff)


def test_a_first_offer_and_one_to_others_tells_nothing(world: World, visit: Visit) -> None:
    assert card(visit, "ben", world.handoff(State.OFFERED)) == ""
    elsewhere = again(world, world.handoff(State.RETURNED), "Support")
    assert card(visit, "sam", elsewhere) == ""


def test_what_was_handed_back_after_acceptance_counts(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.ACCEPTED)
    handoff = actions.hand_back(handoff, by=world.ben, at=world.later(minutes=5), reason="Not ours")
    handoff = actions.accept(handoff, by=world.ana, at=world.later(minutes=5))
    actions.note(handoff, by=world.ana, at=world.later(minutes=5), body="It is yours: see the contract")
    handoff = actions.pass_on(handoff, by=world.ana, at=world.later(minutes=5), to_team=world.team("Onboarding"))
    told = card(visit, "ben", handoff)
    assert "Since Ben gave it back" in told
    assert "Ana" in told


def test_a_long_history_is_looked_back_on(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.RETURNED)
    handoff = actions.edit(handoff, by=world.ana, at=world.later(minutes=5), title="Mended")
    for n in range(40):
        actions.note(handoff, by=world.ana, at=world.later(minutes=1), body=f"Word {n}")
    handoff = again(world, handoff)
    assert "Mended" in card(visit, "ben", handoff)


def test_what_is_to_be_read_back_stays_covered(world: World, visit: Visit) -> None:
    handoff = payment(world)
    handoff = actions.return_(handoff, by=world.ben, at=world.later(minutes=5), reason="How much?")
    handoff = actions.edit(handoff, by=world.ana, at=world.later(minutes=5), context={"amount": "5000", "why": "Tax"})
    handoff = again(world, handoff)
    told = card(visit, "ben", handoff)
    assert "Hidden until you have read it back" in told
    assert "5000" not in told
    assert "4200" not in told
    assert "before: A refund" in told
    assert "5000" in card(visit, "ana", handoff)


def test_a_client_learns_nothing_internal(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED, to="Northwind", workspace=world.northwind)
    handoff = actions.return_(handoff, by=world.cleo, at=world.later(minutes=5), reason="Why?")
    actions.note(handoff, by=world.ana, at=world.later(minutes=5), body="They pay late", internal=True)
    handoff = again(world, handoff, "Northwind")
    assert "Nothing was changed." in card(visit, "cleo", handoff)
    assert "Nothing was changed." not in card(visit, "ana", handoff)


def test_it_costs_no_query_until_the_history_is_long(world: World, visit: Visit) -> None:
    ben = visit("ben")
    counts = []
    for handoff in (world.handoff(State.OFFERED), again(world, world.handoff(State.RETURNED))):
        path = f"handoffs/{handoff.reference}/"
        ben.get(path)
        with CaptureQueriesContext(connection) as seen:
            ben.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]
