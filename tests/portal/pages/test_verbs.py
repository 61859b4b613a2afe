"""Every verb from its button: done, done twice, refused with the sentence in its place and the input kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from handoffs import actions
from handoffs.actions.templates import create_template, publish, write
from handoffs.lifecycle import State, Verb
from handoffs.models import ChecklistDefinition, Event, Handoff
from portal.forms.receivers import hours_in_words
from portal.pages.verbs import ACTIONS, DONE
from tenants.hours import WEEKDAYS
from tenants.models import Calendar
from tests.handoffs.doing import asleep
from tests.portal.pages.conftest import Visit
from tests.world import World

LATER = timezone.now() + timedelta(days=30)


def words(verb: Verb, world: World, handoff: Handoff) -> dict[str, Any]:
    """What somebody fills in for this verb."""
    support = f"{world.team('Support').id}"
    question = handoff.questions.first()
    return {
        Verb.EDIT: {"title": "Another title", "summary": "", "priority": "2"},
        Verb.OFFER: {"receiver": f"{world.team('Onboarding').id}", "message": "Please"},
        Verb.PLAN: {"receiver": support, "message": ""},
        Verb.PASS_ON: {"receiver": support, "message": ""},
        Verb.HAND_BACK: {"reason_code": "no_capacity", "reason": "Too much at once"},
        Verb.REDIRECT: {"receiver": support, "message": ""},
        Verb.ASK: {"question": "Who signs?"},
        Verb.ANSWER: {"question": question.id if question else 0, "answer": "Their director"},
        Verb.RETURN: {"reason_code": "missing_information", "reason": "Who signs?"},
        Verb.HOLD: {"reason": "Waiting for them", "until": LATER.strftime("%Y-%m-%dT%H:%M")},
        Verb.REOPEN: {"reason": "The access list is wrong"},
        Verb.CANCEL: {"reason": "Signed with somebody else"},
        Verb.TAKE_OVER: {"reason": "Ben is ill"},
        Verb.NOTE: {"note": "They called"},
        Verb.ATTACH: {"file": SimpleUploadedFile("list.txt", b"One\nTwo\n")},
        Verb.LINK: {"url": "https://crm.example/1", "label": "The deal"},
        Verb.TICK: {"item": "pager_tested", "done": "1"},
        Verb.SHARE: {"to": f"member-{world.nils.id}"},
        Verb.UNSHARE: {"to": f"member-{world.nils.id}"},
    }.get(verb, {})


# Who does each verb, from which state.
DOINGS = {
    Verb.EDIT: ("ana", State.DRAFT),
    Verb.OFFER: ("ana", State.DRAFT),
    Verb.PLAN: ("ana", State.DRAFT),
    Verb.UNPLAN: ("ana", State.RETURNED),
    Verb.PASS_ON: ("ben", State.STARTED),
    Verb.HAND_BACK: ("ben", State.STARTED),
    Verb.REDIRECT: ("ana", State.OFFERED),
    Verb.WITHDRAW: ("ana", State.OFFERED),
    Verb.VIEW: ("ben", State.OFFERED),
    Verb.ASK: ("ben", State.OFFERED),
    Verb.ANSWER: ("ana", State.OFFERED),
    Verb.ACCEPT: ("ben", State.OFFERED),
    Verb.RETURN: ("ben", State.OFFERED),
    Verb.START: ("ben", State.ACCEPTED),
    Verb.HOLD: ("ben", State.STARTED),
    Verb.RESUME: ("ben", State.ON_HOLD),
    Verb.COMPLETE: ("ben", State.STARTED),
    Verb.REOPEN: ("ana", State.COMPLETED),
    Verb.CANCEL: ("ana", State.OFFERED),
    Verb.TAKE_OVER: ("lea", State.STARTED),
    Verb.NOTE: ("ben", State.OFFERED),
    Verb.ATTACH: ("ben", State.OFFERED),
    Verb.NUDGE: ("ana", State.OFFERED),
    Verb.LINK: ("ben", State.OFFERED),
    Verb.TICK: ("ana", State.DRAFT),
    Verb.SHARE: ("ben", State.STARTED),
    Verb.UNSHARE: ("ben", State.STARTED),
}


def prepared(verb: Verb, world: World) -> Handoff:
    """A handoff on which the verb may happen."""
    if verb is Verb.TICK:
        return world.handoff(template=world.template("on_call"))
    handoff = world.handoff(at=DOINGS[verb][1])
    if verb is Verb.ANSWER:
        actions.ask(handoff, by=world.ben, at=world.later(minutes=1), body="Who signs?")
    if verb in (Verb.PLAN, Verb.UNPLAN):
        asleep(world, "Support")
    if verb is Verb.UNPLAN:
        actions.plan(handoff, by=world.ana, at=timezone.now(), to_team=world.team("Support"))
    if verb is Verb.UNSHARE:
        actions.share(handoff, by=world.ben, at=world.later(minutes=1), to=world.nils)
    return handoff


def test_every_verb_of_a_page_is_tried_here() -> None:
    assert set(DOINGS) == set(ACTIONS) == set(DONE)


@pytest.mark.parametrize("verb", DOINGS)
def test_done_and_done_twice(verb: Verb, world: World, visit: Visit) -> None:
    handoff = prepared(verb, world)
    person = visit(DOINGS[verb][0])
    path = f"handoffs/{handoff.reference}/{verb}/"
    form = person.get(path)
    assert form.status_code == (200 if words(verb, world, handoff) and verb is not Verb.TICK else 405)
    before = Event.objects.of(handoff.id).filter(verb=verb).count()
    for _ in range(2):
        answer = person.post(path, **words(verb, world, handoff))
        assert answer.status_code == (204 if verb is Verb.VIEW else 303), answer.content.decode()
    assert Event.objects.of(handoff.id).filter(verb=verb).count() == before + 1
    if verb is not Verb.VIEW:
        assert person.client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("verb", DOINGS)
def test_a_viewer_is_told_that_it_is_not_theirs(verb: Verb, world: World, visit: Visit) -> None:
    handoff = prepared(verb, world)
    answer = visit("vic").post(f"handoffs/{handoff.reference}/{verb}/", **words(verb, world, handoff))
    assert answer.status_code == 403
    assert "here." in answer.content.decode()
    handoff.refresh_from_db()
    assert Event.objects.of(handoff.id).filter(verb=verb, by=world.vic).count() == 0


@pytest.mark.parametrize("verb", DOINGS)
def test_a_stranger_finds_nothing_to_do(verb: Verb, world: World, visit: Visit) -> None:
    handoff = prepared(verb, world)
    answer = visit("stan").post(f"handoffs/{handoff.reference}/{verb}/", **words(verb, world, handoff))
    assert answer.status_code == 404


WORDY = [
    verb for verb in DOINGS if verb not in (Verb.WITHDRAW, Verb.VIEW, Verb.ACCEPT, Verb.START, Verb.RESUME, Verb.UNPLAN)
]


@pytest.mark.parametrize("verb", [v for v in WORDY if v not in (Verb.COMPLETE, Verb.NUDGE)])
def test_nothing_filled_in_is_said_at_the_fields(verb: Verb, world: World, visit: Visit) -> None:
    handoff = prepared(verb, world)
    answer = visit(DOINGS[verb][0]).post(f"handoffs/{handoff.reference}/{verb}/")
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


@pytest.mark.parametrize("verb", [v for v in WORDY if v not in (Verb.COMPLETE, Verb.NUDGE)])
@pytest.mark.parametrize("junk", ["\x00", "9" * 400, "x" * 30_000, "-1"], ids=["NUL", "digits", "long", "negative"])
def test_junk_is_never_an_error_of_ours(verb: Verb, junk: str, world: World, visit: Visit) -> None:
    handoff = prepared(verb, world)
    given = {name: junk for name in words(verb, world, handoff) if name != "file"}
    if verb is Verb.ATTACH:
        given |= {"file": SimpleUploadedFile("x\x00/../../y.txt", junk.encode()), "slot": junk}
    answer = visit(DOINGS[verb][0]).post(f"handoffs/{handoff.reference}/{verb}/", **given)
    assert answer.status_code in (204, 303, 409, 422)


def test_a_lost_race_names_the_present_holder(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    actions.accept(handoff, by=world.bo, at=world.later(minutes=1))
    answer = visit("ben").post(f"handoffs/{handoff.reference}/accept/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert "Bo answers for it" in text
    assert "<strong>Bo</strong> answers for this since" in text


def test_input_is_kept_when_the_moment_has_passed(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    actions.accept(handoff, by=world.bo, at=world.later(minutes=1))
    given = {"reason_code": "not_ready", "reason": "The list of accounts is from last year"}
    answer = visit("ben").post(f"handoffs/{handoff.reference}/return/", **given)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Bo answers for it" in text
    assert "The list of accounts is from last year" in text
    assert '<option value="not_ready" selected>' in text


def test_a_form_that_cannot_be_used_now_says_so_before_it_is_filled_in(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.ACCEPTED)
    answer = visit("ana").get(f"handoffs/{handoff.reference}/return/")
    assert answer.status_code == 409
    assert "No offer is open any more." in answer.content.decode()


def test_a_refused_offer_lists_what_is_missing(world: World, visit: Visit) -> None:
    handoff = world.handoff(template=world.template("sales_onboarding"))
    given = {"receiver": f"{world.team('Onboarding').id}", "message": "Please look today"}
    answer = visit("ana").post(f"handoffs/{handoff.reference}/offer/", **given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count("Fill in “Billing contact”.") == 1, "told once, in the list"
    assert "things are still missing.</strong>" in text
    assert "Please look today" in text
    handoff.refresh_from_db()
    assert handoff.state == State.DRAFT


def test_what_the_handoff_lists_already_is_not_told_twice(world: World, visit: Visit) -> None:
    by: dict[str, Any] = {"by": world.olga, "at": world.now}
    keys = ChecklistDefinition(key="keys", label="Keys handed over", side="receiver", required=True)
    version = publish(version=write(version=create_template(name="Keys", **by), parts=[keys], **by), **by)
    handoff = world.handoff(at=State.STARTED, template=version)
    answer = visit("ben").post(f"handoffs/{handoff.reference}/complete/")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "<strong>One thing is still missing.</strong>" in text
    assert '<a href="#missing">See what is missing</a>' in text
    assert text.count("Tick “Keys handed over”.") == 1


def test_a_hold_in_the_past_is_refused_at_its_field(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.STARTED)
    given = {"reason": "Waiting", "until": "2020-01-01T09:00"}
    answer = visit("ben").post(f"handoffs/{handoff.reference}/hold/", **given)
    assert answer.status_code == 422
    assert "A hold needs an end in the future." in answer.context["form"].errors["until"]


def test_the_hold_ends_in_the_readers_zone(world: World, visit: Visit) -> None:
    ben = world.ben
    ben.zone = "Asia/Tokyo"
    ben.save(update_fields=["zone"])
    handoff = world.handoff(at=State.STARTED)
    visit("ben").post(f"handoffs/{handoff.reference}/hold/", reason="Waiting", until="2030-01-10T09:00")
    handoff.refresh_from_db()
    assert handoff.held_until
    assert handoff.held_until.isoformat() == "2030-01-10T00:00:00+00:00"


def test_nudging_again_at_once_is_429(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    actions.nudge(handoff, by=world.ana, at=timezone.now() - timedelta(minutes=5))
    answer = visit("ana").post(f"handoffs/{handoff.reference}/nudge/")
    assert answer.status_code == 429
    assert "You can nudge again at" in answer.content.decode()


def test_only_those_who_may_receive_are_offered_as_receivers(world: World, visit: Visit) -> None:
    handoff = world.handoff()
    choices = visit("ana").get(f"handoffs/{handoff.reference}/offer/").context["form"].fields["receiver"].choices
    groups = {label: [name.rpartition(", ")[0] for _, name in lines] for label, lines in choices[1:]}
    assert set(groups) == {"Office", "Onboarding", "Sales", "Support"}
    assert groups["Onboarding"] == ["Onboarding (whoever takes it first)", "Ben", "Bo", "Lea"]
    assert "Ana" not in groups["Sales"]
    assert groups["Office"] == ["Mo", "Olga"]
    elsewhere = f"{world.team('Elsewhere').id}"
    answer = visit("ana").post(f"handoffs/{handoff.reference}/offer/", receiver=elsewhere)
    assert answer.status_code == 422


def test_each_receiver_is_named_with_when_they_are_there() -> None:
    hours = Calendar(name="Office hours", zone="Europe/Berlin")
    friday_noon, friday_night = datetime(2026, 1, 9, 11, tzinfo=UTC), datetime(2026, 1, 9, 20, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert hours_in_words(hours, friday_noon) == "open until 17:00"
        assert hours_in_words(hours, friday_night) == "opens Mon 09:00"
    hours.hours = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
    assert hours_in_words(hours, friday_night) == "always open"


def test_everyone_offered_as_a_receiver_can_be_offered_to(world: World, visit: Visit) -> None:
    form = visit("ana").get(f"handoffs/{world.handoff().reference}/offer/").context["form"]
    keys = [key for _, lines in form.fields["receiver"].choices[1:] for key, _ in lines]
    for key in keys:
        handoff = world.handoff()
        answer = visit("ana").post(f"handoffs/{handoff.reference}/offer/", receiver=key)
        assert answer.status_code == 303, (key, answer.content.decode())


def test_a_client_cannot_keep_anything_internal(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED, to="Northwind", workspace=world.northwind)
    cleo = visit("cleo")
    assert "internal" not in cleo.get(f"handoffs/{handoff.reference}/note/").context["form"].fields
    assert cleo.post(f"handoffs/{handoff.reference}/note/", note="Hello", internal="on").status_code == 303
    assert not handoff.notes.get().internal


def test_the_result_is_asked_for_in_the_form_of_completing(world: World, visit: Visit) -> None:
    handoff = world.handoff(title="Approve", template=world.template("approval"), context={"subject": "A budget"})
    handoff = actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    actions.accept(handoff, by=world.ben, at=world.later(minutes=5))
    path, ben = f"handoffs/{handoff.reference}/complete/", visit("ben")
    answer = ben.post(path, **{"result-decision": "Approved"})
    assert answer.status_code == 422
    assert "This field is required." in answer.context["form"].errors["result-grounds"]
    answer = ben.post(path, **{"result-decision": "Approved", "result-grounds": "It fits"})
    assert answer.status_code == 303
    handoff.refresh_from_db()
    assert handoff.result == {"decision": "Approved", "grounds": "It fits"}


def test_htmx_gets_the_same_page(world: World, visit: Visit) -> None:
    handoff = world.handoff(template=world.template("on_call"))
    ana = visit("ana")
    address = f"/o/fjord/handoffs/{handoff.reference}/tick/"
    answer = ana.client.post(
        address, {"item": "pager_tested", "done": "1"}, headers={"HX-Request": "true"}, follow=True
    )
    assert answer.redirect_chain == [(f"/o/fjord/handoffs/{handoff.reference}/#checklist", 303)]
    assert 'aria-checked="true"' in answer.content.decode()


@pytest.mark.parametrize("question", ["", "0", "9" * 30, "\x00", "None"])
def test_the_form_of_an_answer_tells_the_question(question: str, world: World, visit: Visit) -> None:
    handoff = prepared(Verb.ANSWER, world)
    path, ana = f"handoffs/{handoff.reference}/answer/", visit("ana")
    assert "Who signs?" in ana.read(path, question=handoff.questions.get().id)
    assert "Who signs?" in ana.post(path, question=handoff.questions.get().id).content.decode()
    assert "Who signs?" not in ana.read(path, question=question)
