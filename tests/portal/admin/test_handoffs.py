"""Handoffs in the admin: found, read, and moved on by the verbs that the rulebook allows."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from handoffs import actions
from handoffs.lifecycle import State, Verb, allowed
from handoffs.models import Document, Event, Handoff, Note
from handoffs.parties import parties
from portal.admin.verbs import ACTIONS
from tenants.access import Permission
from tenants.actions import grant
from tenants.models import Member
from tests.portal.admin.conftest import Visit, Visitor
from tests.portal.admin.page import filled
from tests.world import World

LIST = "handoffs/handoff/"


def page(handoff: Handoff) -> str:
    return f"{LIST}{handoff.pk}/change/"


def do(handoff: Handoff, verb: str) -> str:
    return f"{LIST}{handoff.pk}/do/{verb}/"


def listed(answer: Any) -> list[str]:
    return [handoff.reference for handoff in answer.context_data["cl"].result_list]


@pytest.fixture
def mixed(world: World) -> dict[State, Handoff]:
    """A handoff in every state."""
    return {state: world.handoff(at=state, title=f"Contract {state.label}") for state in State}


@pytest.mark.parametrize("name", ["olga", "nils"])
def test_the_list_tells_who_answers_and_whom_it_waits_for(
    world: World, chief: Member, visit: Visit, mixed: dict[State, Handoff], name: str
) -> None:
    text = visit(name).get(LIST).content.decode()
    for words in ("Contract On hold", "Ben, Onboarding", "Projects", "On hold", mixed[State.DRAFT].reference):
        assert words in text


def test_it_is_found_by_reference_title_state_workspace_and_custodian(
    world: World, olga: Visitor, mixed: dict[State, Handoff]
) -> None:
    held = mixed[State.ON_HOLD]
    assert listed(olga.get(LIST, q=held.reference)) == [held.reference]
    assert listed(olga.get(LIST, q=held.reference.lower())) == [held.reference]
    assert listed(olga.get(LIST, q="hold contract")) == [held.reference]
    assert listed(olga.get(LIST, q="HO-99999999")) == []
    assert listed(olga.get(LIST, state__exact="on_hold")) == [held.reference]
    assert len(listed(olga.get(LIST, workspace__id__exact=world.projects.pk))) == len(State)
    assert listed(olga.get(LIST, workspace__id__exact=world.northwind.pk)) == []
    held_by_ben = listed(olga.get(LIST, custodian__id__exact=world.ben.pk))
    assert set(held_by_ben) == {mixed[s].reference for s in (State.ACCEPTED, State.STARTED, State.ON_HOLD)}


def test_its_page_tells_custody_offers_and_what_happened(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.ON_HOLD)
    text = olga.get(page(handoff)).content.decode()
    for words in (
        "Ben, Onboarding",
        "Accepted by Ben",
        "Ana offered this to Onboarding",
        "Ben accepted this from Ana",
        "Ben put this on hold: Waiting for the client",
    ):
        assert words in text


@pytest.mark.parametrize("state", State)
def test_the_buttons_are_what_the_rulebook_allows(world: World, olga: Visitor, state: State) -> None:
    handoff = world.handoff(at=state)
    found = set(re.findall(rf"{LIST}{handoff.pk}/do/(\w+)/", olga.get(page(handoff)).content.decode()))
    held = parties(handoff, world.olga)
    expected = {verb.value for verb in allowed(state, handoff.open_offer is not None, held) if verb in ACTIONS}
    assert found == expected
    assert ("take_over" in found) == handoff.is_live
    assert "accept" not in found


def test_nothing_is_ever_saved_raw(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.STARTED)
    before = Handoff.objects.filter(pk=handoff.pk).values().get()
    olga.post(page(handoff), {"title": "Mine", "state": "completed", "custodian": world.olga.pk, "_save": "1"})
    assert Handoff.objects.filter(pk=handoff.pk).values().get() == before
    assert olga.post(f"{LIST}add/", {"title": "New"}).status_code == 403
    assert olga.post(f"{LIST}{handoff.pk}/delete/").status_code in (302, 404)
    assert Handoff.objects.filter(pk=handoff.pk).exists()
    olga.post(LIST, {"action": "delete_selected", "_selected_action": [handoff.pk], "post": "yes"})
    assert Handoff.objects.filter(pk=handoff.pk).values().get() == before


def test_an_admin_takes_over_with_a_reason(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.STARTED)
    answer = olga.post(do(handoff, "take_over"), {"reason": ""})
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    for _ in range(2):  # twice is once
        answer = olga.post(do(handoff, "take_over"), {"reason": "Ben is ill"})
        assert answer["Location"] == f"/o/fjord/admin/{page(handoff)}"
    handoff.refresh_from_db()
    assert handoff.custodian == world.olga
    taken = Event.objects.of(handoff.pk).filter(verb=Verb.TAKE_OVER)
    assert [(event.by, event.facts["reason"]) for event in taken] == [(world.olga, "Ben is ill")]


def test_what_is_held_can_be_moved_on(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.STARTED)
    olga.post(do(handoff, "take_over"), {"reason": "Ben is ill"})
    form = olga.form(do(handoff, "pass_on"))
    answer = olga.post(do(handoff, "pass_on"), {**form, "receiver": str(world.team("Support").pk)})
    assert answer.status_code == 302
    handoff.refresh_from_db()
    assert handoff.open_offer is not None
    assert handoff.open_offer.to_team == world.team("Support")
    assert olga.post(do(handoff, "withdraw")).status_code == 302
    handoff.refresh_from_db()
    assert handoff.open_offer is None
    assert olga.post(do(handoff, "hold"), {"reason": "Parts", "until": "2030-01-01T10:00"}).status_code == 302
    assert olga.post(do(handoff, "resume")).status_code == 302
    assert olga.post(do(handoff, "complete")).status_code == 302
    handoff.refresh_from_db()
    assert handoff.status is State.COMPLETED


def test_an_admin_who_receives_accepts_as_a_receiver(world: World, olga: Visitor) -> None:
    grant(
        workspace=world.projects, to=world.team("Office"), permissions=[Permission.RECEIVE], by=world.olga, at=world.now
    )
    handoff = world.handoff(at=State.OFFERED, to="Office")
    assert f'action="/o/fjord/admin/{do(handoff, "accept")}"' in olga.get(page(handoff)).content.decode()
    assert olga.post(do(handoff, "accept")).status_code == 302
    handoff.refresh_from_db()
    assert handoff.custodian == world.olga


def test_accepting_for_somebody_else_is_refused(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.OFFERED)
    answer = olga.client.post(olga.home + do(handoff, "accept"), follow=True)
    assert "Only a possible receiver can accept here." in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.custodian == world.ana


def test_a_lost_race_names_the_holder(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.OFFERED)
    form = olga.form(do(handoff, "take_over"))
    actions.cancel(handoff, by=world.ana, at=world.later(minutes=1), reason="Signed elsewhere")
    answer = olga.post(do(handoff, "take_over"), {**form, "reason": "Ana is away"})
    assert answer.status_code == 200
    assert "You cannot take over this now" in answer.content.decode()
    assert filled(answer)["reason"] == ["Ana is away"]


def test_notes_links_and_documents_are_added(world: World, olga: Visitor) -> None:
    handoff = world.handoff(at=State.OFFERED)
    assert olga.post(do(handoff, "note"), {"note": "Looks right", "internal": "on"}).status_code == 302
    note = Note.objects.get(handoff=handoff)
    assert (note.body, note.internal, note.written_by) == ("Looks right", True, world.olga)
    file = SimpleUploadedFile("plan.txt", b"First this, then that")
    assert olga.post(do(handoff, "attach"), {"file": file}).status_code == 302
    assert Document.objects.get(handoff=handoff).name == "plan.txt"
    assert olga.post(do(handoff, "link"), {"url": "javascript:alert(1)"}).status_code == 200
    assert olga.post(do(handoff, "link"), {"url": "https://fjord.example/x"}).status_code == 302


@pytest.mark.parametrize("verb", ["draft", "view", "answer", "tick", "escalate", "recompute", "nonsense"])
def test_other_words_are_no_address(world: World, olga: Visitor, verb: str) -> None:
    handoff = world.handoff(at=State.OFFERED)
    assert olga.get(do(handoff, verb)).status_code == 404
    assert olga.post(do(handoff, verb)).status_code == 404


def test_looking_changes_nothing(world: World, olga: Visitor, mixed: dict[State, Handoff]) -> None:
    before = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    for handoff in mixed.values():
        olga.get(page(handoff))
        for verb in ACTIONS:
            assert olga.get(do(handoff, verb.value)).status_code in (200, 405)
    assert list(Event.objects.order_by("pk").values_list("pk", flat=True)) == before
