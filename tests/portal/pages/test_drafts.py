"""A draft keeps itself: what is right is saved while somebody writes, what is wrong waits, what is missing is told."""

from typing import Any

from handoffs import actions
from handoffs.lifecycle import State, Verb
from handoffs.models import Event, Handoff
from tests.portal.pages.conftest import Visit, Visitor
from tests.world import World

KEEP = {"X-Draft": "keep"}


def keeps(visitor: Visitor, address: str, **given: Any) -> Any:
    return visitor.client.post(address, {"priority": "1", **given}, headers=KEEP)


def new(world: World, kit: str = "sales_onboarding") -> str:
    return f"/o/fjord/handoffs/new/?workspace={world.projects.id}&template={world.template(kit).id}"


def test_a_new_one_becomes_a_draft_and_stays_that_one(world: World, visit: Visit) -> None:
    ana = visit("ana")
    assert keeps(ana, new(world)).status_code == 422
    assert not Handoff.objects.exists()
    told = keeps(ana, new(world), title="Northwind", **{"context-contract_value": "48000"}).json()
    assert told["page"] == f"/o/fjord/handoffs/{told['reference']}/"
    assert told["wrong"] == []
    sentences = [lack["sentence"] for lack in told["missing"]]
    assert "Fill in “Start date”." in sentences
    assert not any("Contract value" in sentence for sentence in sentences)
    told = keeps(ana, told["address"], title="Northwind signed", **{"context-start_date": "2026-12-01"}).json()
    handoff = Handoff.objects.get()
    assert (handoff.title, handoff.status) == ("Northwind signed", State.DRAFT)
    assert handoff.context["start_date"] == "2026-12-01"
    assert "Fill in “Start date”." not in [lack["sentence"] for lack in told["missing"]]


def test_what_is_wrong_waits_and_the_rest_is_saved(world: World, visit: Visit) -> None:
    handoff = world.handoff(template=world.template("sales_onboarding"), summary="As it was")
    address = f"/o/fjord/handoffs/{handoff.reference}/edit/"
    given = {"context-contract_value": "much", "context-promises": "A kick-off"}
    told = keeps(visit("ana"), address, title="", summary="As it is now", **given)
    assert told.status_code == 422, "a draft keeps its title"
    answer = keeps(visit("ana"), address, title=handoff.title, summary="As it is now", **given)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["wrong"] == ["Contract value a year must be a number."]
    handoff.refresh_from_db()
    assert (handoff.summary, handoff.context.get("promises")) == ("As it is now", "A kick-off")
    assert "contract_value" not in handoff.context


def test_twice_is_once_and_many_steps_are_one_line(world: World, visit: Visit) -> None:
    handoff = world.handoff()
    address, ana = f"/o/fjord/handoffs/{handoff.reference}/edit/", visit("ana")
    for title in ("A", "An", "Ana's", "Ana's"):
        assert keeps(ana, address, title=title, summary="Words").status_code == 200
    assert Event.objects.of(handoff.pk).filter(verb=Verb.EDIT).count() == 3
    assert ana.read(f"handoffs/{handoff.reference}/").count("Ana edited") == 1
    assert "Ana edited title, summary" in ana.read(f"handoffs/{handoff.reference}/")


def test_who_may_not_is_told_so_and_nothing_is_saved(world: World, visit: Visit) -> None:
    handoff = world.handoff()
    address = f"/o/fjord/handoffs/{handoff.reference}/edit/"
    answer = keeps(visit("max"), address, title="Mine")
    assert answer.status_code == 403
    assert answer.json()["sentence"]
    for name in ("nils", "stan"):
        assert keeps(visit(name), address, title="Mine").status_code == 404
    actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    answer = keeps(visit("ana"), address, title="Too late")
    assert answer.status_code == 409
    handoff.refresh_from_db()
    assert handoff.title == "Signed contract to onboarding"


def test_other_forms_do_not_send_themselves(world: World, visit: Visit) -> None:
    handoff = world.handoff(State.OFFERED)
    ben = visit("ben")
    answer = keeps(ben, f"/o/fjord/handoffs/{handoff.reference}/return/", reason="Half a sen")
    assert answer.headers["Content-Type"].startswith("text/html")
    page = ben.read(f"handoffs/{handoff.reference}/return/")
    assert "data-keeps" not in page
