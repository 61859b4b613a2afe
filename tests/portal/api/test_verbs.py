"""`POST …/handoffs/<reference>/<verb>`: every verb works, twice changes nothing, and says no in a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from handoffs import actions
from handoffs.lifecycle import BY_ITSELF, State, Verb
from handoffs.models import Event, Handoff
from portal.api.words import DEEDS
from tests.handoffs.doing import asleep
from tests.portal.api.conftest import HOME, Call
from tests.world import World

Words = Callable[[World, Handoff], Any]


def team(name: str) -> Words:
    return lambda world, handoff: {"to_team": world.team(name).pk, "message": "Please"}


def asked(world: World, handoff: Handoff) -> Any:
    """Ben has asked something before it is answered."""
    actions.ask(handoff, by=world.ben, at=world.later(minutes=1), body="Who signs?")
    return {"question": handoff.questions.get().pk, "body": "The managing director"}


def shared(world: World, handoff: Handoff) -> Any:
    """It has been shared before that is taken back."""
    actions.share(handoff, by=world.mo, at=world.later(minutes=1), to=world.nils)
    return {"member": world.nils.pk}


def planned(world: World, handoff: Handoff) -> Any:
    """It was to be offered before that is taken back."""
    actions.plan(handoff, by=world.ana, at=timezone.now(), to_team=asleep(world, "Support"))


# verb → (where it sets out from, who does it, what they say, where it lands)
CASES: dict[Verb, tuple[State, str, Words, State]] = {
    Verb.EDIT: (State.DRAFT, "ana", lambda w, h: {"title": "Mended", "priority": "urgent"}, State.DRAFT),
    Verb.OFFER: (State.DRAFT, "ana", team("Onboarding"), State.OFFERED),
    Verb.PLAN: (State.DRAFT, "ana", lambda w, h: {"to_team": asleep(w, "Support").pk}, State.DRAFT),
    Verb.UNPLAN: (State.RETURNED, "ana", planned, State.RETURNED),
    Verb.PASS_ON: (State.ACCEPTED, "ben", team("Support"), State.ACCEPTED),
    Verb.HAND_BACK: (State.ACCEPTED, "ben", lambda w, h: {"reason": "Not ours after all"}, State.ACCEPTED),
    Verb.REDIRECT: (State.OFFERED, "ana", team("Support"), State.OFFERED),
    Verb.WITHDRAW: (State.OFFERED, "ana", lambda w, h: None, State.DRAFT),
    Verb.VIEW: (State.OFFERED, "ben", lambda w, h: None, State.OFFERED),
    Verb.ASK: (State.OFFERED, "ben", lambda w, h: {"body": "Who signs?"}, State.OFFERED),
    Verb.ANSWER: (State.OFFERED, "ana", asked, State.OFFERED),
    Verb.ACCEPT: (State.OFFERED, "ben", lambda w, h: None, State.ACCEPTED),
    Verb.RETURN: (State.OFFERED, "ben", lambda w, h: {"reason": "No list", "reason_code": "other"}, State.RETURNED),
    Verb.START: (State.ACCEPTED, "ben", lambda w, h: {}, State.STARTED),
    Verb.HOLD: (
        State.STARTED,
        "ben",
        lambda w, h: {"reason": "The client is away", "until": "2031-05-01T09:00:00+02:00"},
        State.ON_HOLD,
    ),
    Verb.RESUME: (State.ON_HOLD, "ben", lambda w, h: None, State.STARTED),
    Verb.COMPLETE: (State.STARTED, "ben", lambda w, h: {"result": {}}, State.COMPLETED),
    Verb.REOPEN: (State.COMPLETED, "ana", lambda w, h: {"reason": "The invoice is wrong"}, State.OFFERED),
    Verb.CANCEL: (State.OFFERED, "ana", lambda w, h: {"reason": "Signed elsewhere"}, State.CANCELLED),
    Verb.TAKE_OVER: (State.STARTED, "lea", lambda w, h: {"reason": "Ben is ill"}, State.STARTED),
    Verb.NOTE: (State.OFFERED, "ben", lambda w, h: {"body": "They prefer mail", "internal": True}, State.OFFERED),
    Verb.TICK: (State.DRAFT, "ana", lambda w, h: {"item": "scope_agreed"}, State.DRAFT),
    Verb.NUDGE: (State.OFFERED, "ana", lambda w, h: None, State.OFFERED),
    Verb.LINK: (State.OFFERED, "ana", lambda w, h: {"url": "https://fjord.example/deal"}, State.OFFERED),
    Verb.SHARE: (State.COMPLETED, "mo", lambda w, h: {"team": w.team("Elsewhere").pk}, State.COMPLETED),
    Verb.UNSHARE: (State.STARTED, "ben", shared, State.STARTED),
}


def ready(world: World, verb: Verb) -> Handoff:
    template = world.template("sales_onboarding") if verb is Verb.TICK else None
    return world.handoff(at=CASES[verb][0], template=template)


def sequence(handoff: Handoff) -> int:
    """How many events the ledger has."""
    return Event.objects.of(handoff.pk).count()


def test_every_verb_of_a_person_has_its_address_and_its_case() -> None:
    assert set(DEEDS) == set(Verb) - BY_ITSELF - {Verb.DRAFT}
    assert set(CASES) == set(DEEDS) - {Verb.ATTACH}
    for verb in set(Verb) - {Verb.DRAFT}:
        assert reverse(f"api:{verb.value}", args=["HO-1001"]) == f"/api/v1/handoffs/HO-1001/{verb}/"
    with pytest.raises(NoReverseMatch):
        reverse("api:draft", args=["HO-1001"])


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("verb", CASES)
def test_it_works_and_the_second_time_changes_nothing(world: World, call: Call, verb: Verb, slash: str) -> None:
    handoff, (_, name, words, lands) = ready(world, verb), CASES[verb]
    said = words(world, handoff)
    before = sequence(handoff)
    actor = call(getattr(world, name))
    first = actor.post(f"handoffs/{handoff.reference}/{verb}{slash}", said)
    assert (first.status_code, first.json().get("state")) == (200, lands), first.json()
    assert sequence(handoff) == before + 1
    second = actor.post(f"handoffs/{handoff.reference}/{verb}{slash}", said)
    assert (second.status_code, but_for_ages(second.json())) == (200, but_for_ages(first.json()))
    assert sequence(handoff) == before + 1


def but_for_ages(told: dict[str, Any]) -> dict[str, Any]:
    """The handoff without how old its promises are, which grows between two answers."""
    clocks = [{name: value for name, value in clock.items() if name != "elapsed_seconds"} for clock in told["clocks"]]
    return {**told, "clocks": clocks}


@pytest.mark.parametrize("verb", CASES)
def test_looking_does_nothing(world: World, call: Call, verb: Verb) -> None:
    handoff = ready(world, verb)
    before = sequence(handoff)
    answer = call(world.olga).get(f"handoffs/{handoff.reference}/{verb}/")
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, "POST", "method_not_allowed")
    assert sequence(handoff) == before


@pytest.mark.parametrize("verb", CASES)
def test_a_viewer_may_look_and_do_nothing(world: World, call: Call, verb: Verb) -> None:
    handoff, (_, _, words, _) = ready(world, verb), CASES[verb]
    said, vic = words(world, handoff), call(world.vic)
    before = sequence(handoff)
    assert vic.get(f"handoffs/{handoff.reference}/").json()["allowed"] == []
    answer = vic.post(f"handoffs/{handoff.reference}/{verb}", said)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert answer.json()["detail"].startswith("Only ")
    assert sequence(handoff) == before


@pytest.mark.parametrize("verb", [*CASES, Verb.ATTACH, *sorted(BY_ITSELF)])
def test_what_one_cannot_see_is_not_there(world: World, call: Call, verb: Verb) -> None:
    handoff = world.handoff(at=State.OFFERED)
    nils = call(world.nils)
    hidden = nils.post(f"handoffs/{handoff.reference}/{verb}", {})
    unknown = nils.post(f"handoffs/HO-999999/{verb}", {})
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content


@pytest.mark.parametrize("verb", [Verb.OFFER, Verb.WITHDRAW, Verb.CANCEL, Verb.START, Verb.COMPLETE])
def test_a_colleague_is_told_whose_it_is_to_do(world: World, call: Call, verb: Verb) -> None:
    handoff, (_, _, words, _) = ready(world, verb), CASES[verb]
    answer = call(world.sue).post(f"handoffs/{handoff.reference}/{verb}", words(world, handoff))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


def test_alarms_are_the_systems(world: World, call: Call) -> None:
    handoff = world.handoff(at=State.OFFERED)
    answer = call(world.olga).client.post(f"{HOME}handoffs/{handoff.reference}/escalate")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert answer.json()["detail"] == "Only the system can escalate here."


def test_who_comes_second_is_told_who_has_it(world: World, call: Call) -> None:
    handoff = world.handoff(at=State.OFFERED)
    assert call(world.bo).post(f"handoffs/{handoff.reference}/accept").status_code == 200
    late = call(world.ben).post(f"handoffs/{handoff.reference}/accept")
    assert late.status_code == 409
    said = late.json()
    assert (said["code"], said["holder"], said["state"]) == ("no_open_offer", "Bo", "accepted")
    assert (
        said["detail"] == "You cannot accept this now. It is accepted and Bo answers for it. No offer is open any more."
    )


def test_what_is_missing_is_listed(world: World, call: Call) -> None:
    handoff = world.handoff(template=world.template("sales_onboarding"))
    answer = call(world.ana).post(
        f"handoffs/{handoff.reference}/offer", {"to_team": world.team("Onboarding").pk, "to_member": None}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete_to_offer")
    assert {"contract", "scope_agreed"} <= {shortfall["key"] for shortfall in answer.json()["missing"]}


def test_a_wrong_value_names_its_field_and_changes_nothing(world: World, call: Call) -> None:
    handoff = world.handoff(template=world.template("sales_onboarding"))
    before = sequence(handoff)
    answer = call(world.ana).post(f"handoffs/{handoff.reference}/edit", {"context": {"contract_value": "many"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_context")
    assert answer.json()["missing"][0]["key"] == "contract_value"
    assert sequence(handoff) == before


def test_a_refusal_undoes_what_was_written_before_it(world: World, call: Call) -> None:
    """A draft takes its number before its title is read: the number of a refused one is not lost."""
    ana, number = call(world.ana), world.handoff().number
    refused = ana.post("handoffs/", {"workspace": world.projects.pk, "title": " "})
    assert (refused.status_code, refused.json()["code"]) == (422, "draft_needs_title")
    made = ana.post("handoffs/", {"workspace": world.projects.pk, "title": "Fine"})
    assert made.json()["reference"] == f"HO-{number + 1}"


def test_nudging_again_too_soon_says_when(world: World, call: Call) -> None:
    handoff = world.handoff(at=State.OFFERED)
    actions.nudge(handoff, by=world.ana, at=world.later(minutes=1))
    handoff = actions.note(handoff, by=world.ana, at=world.later(minutes=5), body="Time goes by")
    Handoff.objects.filter(pk=handoff.pk).update(changed_at="2131-01-01T00:00:00Z")
    answer = call(world.ana).post(f"handoffs/{handoff.reference}/nudge")
    assert answer.status_code == 200  # a century later nobody minds
    Handoff.objects.filter(pk=handoff.pk).update(changed_at="2131-01-01T00:05:00Z")
    answer = call(world.ana).post(f"handoffs/{handoff.reference}/nudge")
    assert (answer.status_code, answer.json()["code"]) == (429, "nudge_too_soon")
    assert int(answer["Retry-After"]) > 0


def test_answering_needs_a_question_of_this_handoff(world: World, call: Call) -> None:
    handoff = world.handoff(at=State.OFFERED)
    answer = call(world.ana).post(f"handoffs/{handoff.reference}/answer", {"question": 1, "body": "Yes"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_question")


class TestAttach:
    def test_a_file_becomes_a_document_and_comes_back_as_attachment(self, world: World, call: Call) -> None:
        handoff, ana = world.handoff(), call(world.ana)
        said = ana.send(
            f"handoffs/{handoff.reference}/attach", file=SimpleUploadedFile("page.html", b"<html><script>1</script>")
        )
        assert said.status_code == 200, said.json()
        document = said.json()["documents"][0]
        assert (document["name"], document["media_type"]) == ("page.html", "text/html")
        answer = ana.get(document["url"].partition(HOME)[2])
        assert answer.getvalue() == b"<html><script>1</script>"
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_the_same_bytes_again_change_nothing(self, world: World, call: Call) -> None:
        handoff, ana = world.handoff(), call(world.ana)
        for _ in range(2):
            said = ana.send(f"handoffs/{handoff.reference}/attach/", file=SimpleUploadedFile("a.txt", b"once"))
            assert said.status_code == 200
        assert [d["version"] for d in said.json()["documents"]] == [1]
        said = ana.send(
            f"handoffs/{handoff.reference}/attach/", file=SimpleUploadedFile("b.txt", b"twice"), name="a.txt"
        )
        assert [d["version"] for d in said.json()["documents"]] == [2, 1]

    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ({}, "invalid"),
            ({"file": b""}, "empty_document"),
            ({"file": b"x", "slot": "nowhere"}, "unknown_slot"),
            ({"file": b"x", "name": "\x00"}, "invalid"),
            ({"file": b"x", "name": "///"}, "attach_needs_name"),
            ({"file": b"x", "internal": "perhaps"}, "invalid"),
            ({"file": b"x", "colour": "blue"}, "invalid"),
        ],
    )
    def test_what_cannot_be_taken(self, world: World, call: Call, parts: dict[str, Any], code: str) -> None:
        handoff = world.handoff()
        if "file" in parts:
            parts = {**parts, "file": SimpleUploadedFile("a.txt", parts["file"])}
        answer = call(world.ana).send(f"handoffs/{handoff.reference}/attach", **parts)
        assert (answer.status_code, answer.json()["code"]) == (422, code)

    def test_json_is_no_file(self, world: World, call: Call) -> None:
        handoff = world.handoff()
        answer = call(world.ana).post(f"handoffs/{handoff.reference}/attach", {"file": "a"})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")

    def test_another_handoffs_document_is_not_here(self, world: World, call: Call) -> None:
        handoff, other, ana = world.handoff(), world.handoff(), call(world.ana)
        said = ana.send(f"handoffs/{handoff.reference}/attach", file=SimpleUploadedFile("a.txt", b"here"))
        uid = said.json()["documents"][0]["id"]
        assert ana.get(f"handoffs/{handoff.reference}/documents/{uid}/").status_code == 200
        assert ana.get(f"handoffs/{other.reference}/documents/{uid}/").status_code == 404
        assert call(world.nils).get(f"handoffs/{handoff.reference}/documents/{uid}/").status_code == 404


def test_what_is_planned_is_told(world: World, call: Call) -> None:
    handoff, ana = world.handoff(), call(world.ana)
    team = asleep(world, "Support")
    told = ana.post(f"handoffs/{handoff.reference}/plan", {"to_team": team.pk, "message": "For the morning"}).json()
    assert told["planned"]["to_team"] == {"id": team.pk, "name": "Support"}
    assert told["planned"]["message"] == "For the morning"
    assert told["state"] == State.DRAFT
    assert ana.post(f"handoffs/{handoff.reference}/unplan").json()["planned"] is None
