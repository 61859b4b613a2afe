"""One handoff's page: what its reader learns first, exactly the verbs they have, and nothing they must not see."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from handoffs import actions
from handoffs.faces import show_faces
from handoffs.lifecycle import State, Verb, allowed
from handoffs.models import DocumentSlot, FieldDefinition, Handoff, Priority
from handoffs.parties import parties
from portal.pages.buttons import IN_PLACE
from portal.pages.sheet import Sheet
from portal.templatetags.prose import markdown
from tests.portal.pages.conftest import Visit
from tests.world import World

PEOPLE = ("ana", "ben", "lea", "max", "mo", "olga", "vic", "sam")


def sheet(handoff: Handoff, world: World, name: str) -> Sheet:
    fresh = show_faces([Handoff.objects.get(pk=handoff.pk)])[0]
    return Sheet(fresh, getattr(world, name), world.now)


@pytest.mark.parametrize("state", State)
def test_the_buttons_are_exactly_what_the_rulebook_allows(world: World, visit: Visit, state: State) -> None:
    handoff = world.handoff(at=state)
    for name in PEOPLE:
        member = getattr(world, name)
        expected = set(allowed(state, handoff.open_offer is not None, parties(handoff, member))) - IN_PLACE
        text = visit(name).read(f"handoffs/{handoff.reference}/")
        shown = {button.verb for button in sheet(handoff, world, name).buttons.all}
        assert shown == expected, name
        for button in sheet(handoff, world, name).buttons.all:
            assert button.text in text
            # A way there, or the reason why there is none just now.
            assert (button.why_not or f'"{button.url}"') in text.replace("/o/fjord", "").replace("&#x27;", "'")


def test_the_first_thing_is_who_answers_for_it_and_since_when(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    text = visit("ben").read(f"handoffs/{handoff.reference}/")
    assert "<strong>Ana</strong> answers for this since" in text
    assert text.index("answers for this") < text.index("Time to accept")
    assert "You can accept" in text
    done = actions.accept(handoff, by=world.ben, at=world.later(minutes=1))
    actions.complete(done, by=world.ben, at=world.later(minutes=1))
    assert "Nobody has to answer for this any more: it was completed" in visit("ben").read(
        f"handoffs/{handoff.reference}/"
    )


def test_the_relay_and_the_path_follow_custody(world: World) -> None:
    handoff = world.handoff(at=State.STARTED)
    relay = sheet(handoff, world, "ana").relay
    assert (relay.giver, relay.receiver, relay.holder) == ("Ana", "Ben", "receiver")
    actions.pass_on(handoff, by=world.ben, at=world.later(minutes=5), to_team=world.team("Support"))
    relay = sheet(handoff, world, "ana").relay
    assert (relay.giver, relay.receiver, relay.holder) == ("Ben", "Support", "giver")
    path = sheet(handoff, world, "ana").trail.legs
    assert [(leg.holder, leg.lasted) for leg in path] == [
        ("Ana", timedelta(minutes=20)),
        ("Ben", timedelta(minutes=15)),
    ]


def test_looking_is_recorded_by_a_post_of_the_receiver_alone(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    look = reverse("verb", args=[handoff.reference, "view"])
    assert look not in visit("ana").read(f"handoffs/{handoff.reference}/")
    assert f'hx-post="/o/fjord{look}"' in visit("ben").read(f"handoffs/{handoff.reference}/")
    handoff.refresh_from_db()
    assert handoff.open_offer
    assert handoff.open_offer.viewed_at is None
    for _ in range(2):
        assert visit("ben").post(f"handoffs/{handoff.reference}/view/").status_code == 204
    handoff.refresh_from_db()
    assert handoff.open_offer
    assert handoff.open_offer.viewed_by == world.ben
    assert f'hx-post="/o/fjord{look}"' not in visit("ben").read(f"handoffs/{handoff.reference}/")
    assert "Seen by Ben" in visit("ana").read(f"handoffs/{handoff.reference}/")


def test_what_is_missing_is_listed_to_its_holder_with_the_way_to_it(world: World, visit: Visit) -> None:
    handoff = world.handoff(template=world.template("sales_onboarding"))
    text = visit("ana").read(f"handoffs/{handoff.reference}/")
    assert f'href="/o/fjord/handoffs/{handoff.reference}/edit/#id_context-billing_contact"' in text
    assert f'href="/o/fjord/handoffs/{handoff.reference}/attach/?slot=contract"' in text
    assert 'href="#checklist"' in text
    assert "Still missing" not in visit("max").read(f"handoffs/{handoff.reference}/")


def test_a_client_never_sees_what_is_internal(world: World, visit: Visit) -> None:
    ana = world.ana
    handoff = world.handoff(
        at=State.OFFERED,
        to="Northwind",
        workspace=world.northwind,
    )
    made = actions.draft(
        world.northwind,
        by=ana,
        at=world.now,
        title="Onboarding",
        template=world.template("sales_onboarding"),
        context={"margin": "Forty per cent", "promises": "A kick-off"},
    )
    for it in (handoff, made):
        actions.note(it, by=ana, at=world.later(minutes=1), body="They always pay late", internal=True)
        actions.link(it, by=ana, at=world.now, url="https://crm.example/secret", label="Secret deal", internal=True)
        file = ContentFile(b"Margins", name="margins.txt")
        actions.attach(it, by=ana, at=world.now, file=file, name="margins.txt", internal=True)
        path = f"handoffs/{it.reference}/"
        for secret in ("They always pay late", "Secret deal", "margins.txt", "Forty per cent"):
            assert secret not in visit("cleo").read(path)
        assert "They always pay late" in visit("ben").read(path)
    assert "Forty per cent" in visit("ben").read(f"handoffs/{made.reference}/")
    assert "A kick-off" in visit("cleo").read(f"handoffs/{made.reference}/")


def test_a_client_does_not_find_what_is_not_in_a_client_workspace(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    assert visit("cleo").get(f"handoffs/{handoff.reference}/").status_code == 404
    assert visit("nils").get(f"handoffs/{handoff.reference}/").status_code == 404


def test_questions_are_answered_in_place_by_the_asked_side(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    actions.ask(handoff, by=world.ben, at=world.later(minutes=1), body="Who signs?")
    question = handoff.questions.get()
    answer = f'action="/o/fjord/handoffs/{handoff.reference}/answer/"'
    assert answer in visit("ana").read(f"handoffs/{handoff.reference}/")
    assert answer not in visit("ben").read(f"handoffs/{handoff.reference}/")
    sent = visit("ana").post(f"handoffs/{handoff.reference}/answer/", question=question.id, answer="Their director")
    assert sent.status_code == 303
    assert "Their director" in visit("ben").read(f"handoffs/{handoff.reference}/")


def test_times_are_told_in_the_readers_zone(world: World, visit: Visit) -> None:
    handoff = world.handoff(at=State.OFFERED)
    ben = world.ben
    ben.zone = "Europe/Tallinn"
    ben.save(update_fields=["zone"])
    assert "Tallinn" in visit("ben").read(f"handoffs/{handoff.reference}/")
    assert "Tallinn" not in visit("ana").read(f"handoffs/{handoff.reference}/")


def test_a_paused_clock_stands_still(world: World) -> None:
    context = {"subject": "A budget"}
    handoff = world.handoff(title="Approve", template=world.template("approval"), context=context)
    handoff = actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"))
    handoff = actions.accept(handoff, by=world.ben, at=world.later(hours=2))
    until = timezone.now() + timedelta(days=400)
    handoff = actions.hold(handoff, by=world.ben, at=world.later(hours=2), reason="Waiting", until=until)
    before = sheet(handoff, world, "ben").promises[0]
    world.later(hours=3)
    after = sheet(handoff, world, "ben").promises[0]
    assert before.left == after.left == timedelta(hours=6)
    assert "stands still" in after.paused


def test_the_timeline_shows_the_newest_and_the_rest_on_demand(world: World, visit: Visit) -> None:
    handoff = world.handoff()
    for n in range(35):
        actions.note(handoff, by=world.ana, at=world.later(minutes=1), body=f"Note {n}")
    path = f"handoffs/{handoff.reference}/"
    short, whole = visit("ana").read(path), visit("ana").read(path, history="all")
    assert "Ana drafted this" not in short
    assert "Show what happened before" in short
    assert "Ana drafted this" in whole


def test_markdown_instructions_cannot_run_anything() -> None:
    html = markdown("**Bold** <script>alert(1)</script> [x](javascript:alert(1)) ![i](https://elsewhere.example/i.png)")
    assert "<strong>Bold</strong>" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_verbs_that_have_nobody_at_the_other_end_say_so(world: World) -> None:
    handoff = world.handoff()
    disabled = {button.verb for button in sheet(handoff, world, "ana").buttons.all if button.why_not}
    assert disabled == {Verb.ASK, Verb.NUDGE}


def test_the_message_the_urgency_and_the_hold_are_told(world: World, visit: Visit) -> None:
    handoff = world.handoff(priority=Priority.URGENT)
    actions.offer(handoff, by=world.ana, at=world.now, to_team=world.team("Onboarding"), message="Before noon, please")
    text = visit("ben").read(f"handoffs/{handoff.reference}/")
    assert "Before noon, please" in text
    assert "Urgent priority" in text
    held = world.handoff(at=State.ON_HOLD)
    assert "Waiting for the client" in visit("ana").read(f"handoffs/{held.reference}/")


def test_a_client_is_not_held_up_by_what_they_cannot_see(world: World, visit: Visit) -> None:
    version = actions.templates.revise(template=world.template("plain").template, by=world.olga, at=world.now)
    here = {"organization": world.organization, "version": version, "required": True, "internal": True}
    FieldDefinition.objects.create(**here, key="risk", label="Risk we see", type="text")
    DocumentSlot.objects.create(**here, key="check", label="Credit check")
    version = actions.templates.publish(version=version, by=world.olga, at=world.now)
    given = {"title": "Access for two", "template": version, "context": {"expected": "Two accounts"}}
    for name, count in (("cleo", 0), ("ana", 2)):
        by = getattr(world, name)
        handoff = actions.draft(world.northwind, by=by, at=world.now, **given)
        assert len(sheet(handoff, world, name).missing) == count
    asked = actions.draft(world.northwind, by=world.cleo, at=world.now, **given)
    receiver = f"{world.team('Onboarding').id}"
    assert visit("cleo").post(f"handoffs/{asked.reference}/offer/", receiver=receiver).status_code == 303
