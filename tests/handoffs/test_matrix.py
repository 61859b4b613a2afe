"""Every verb × every situation × every person: the product answers as the plain model does, and nothing is left out."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from handoffs.lifecycle import Party, State, Verb
from handoffs.models import Handoff
from handoffs.refusals import Refusal
from tenants.models import Role
from tests.handoffs.doing import Stage, alarms_go_off, attempt, stage
from tests.handoffs.plain_model import CAST, TABLE, PlainHandoff, Words
from tests.world import World

Walk = list[tuple[str, str]]
TIME: tuple[str, str] = ("alarm", "time")  # a promise is broken, and the sweep sees it
OFFERED: Walk = [("offer", "ana")]
ACCEPTED: Walk = [*OFFERED, ("accept", "ben")]
STARTED: Walk = [*ACCEPTED, ("start", "ben")]
ON_HOLD: Walk = [*STARTED, ("hold", "ben")]
COMPLETED: Walk = [*STARTED, ("complete", "ben")]
WALKS: dict[str, Walk] = {
    "draft": [],
    "draft, late and withdrawn": [*OFFERED, ("ask", "ben"), TIME, ("withdraw", "ana"), ("edit", "ana")],
    "draft, taken over": [("take_over", "max")],
    "offered": OFFERED,
    "offered, seen, asked, late": [*OFFERED, ("view", "bo"), ("ask", "ben"), ("tick", "ana"), TIME],
    "returned, late and told of it": [*OFFERED, TIME, ("escalate", "system"), ("ask", "bo"), ("return", "bo")],
    "returned, taken over": [*OFFERED, ("return", "bo"), ("take_over", "max")],
    "accepted": [*ACCEPTED, ("ask", "ben"), ("tick", "ana")],
    "accepted, passed on": [*ACCEPTED, ("pass_on", "ben"), ("ask", "ben"), TIME],
    "accepted, handed back": [*ACCEPTED, ("hand_back", "ben"), TIME, ("escalate", "system")],
    "accepted, pass-on returned": [*ACCEPTED, ("pass_on", "ben"), ("return", "sue"), TIME],
    "started": [*STARTED, ("ask", "ben"), ("answer", "ana"), TIME],
    "started, passed on": [*STARTED, ("pass_on", "ben")],
    "on hold": [*ACCEPTED, ("ask", "ben"), TIME, ("hold", "ben")],
    "on hold, passed on": [*ON_HOLD, ("pass_on", "ben")],
    "resumed": [*ON_HOLD, ("resume", "ben"), TIME],
    "taken over": [*STARTED, ("ask", "ben"), ("take_over", "lea")],
    "completed": [*STARTED, ("ask", "ben"), ("answer", "ana"), ("tick", "ben"), TIME, ("complete", "ben")],
    "reopened": [*COMPLETED, ("reopen", "ana")],
    "reopened, returned": [*COMPLETED, ("reopen", "ana"), ("return", "ben")],
    "cancelled": [*OFFERED, ("ask", "ben"), TIME, ("cancel", "ana")],
}
# The same work in the workspace that is shared with a client: there the client's people hold it and hand it on.
SHARED: dict[str, Walk] = {
    "a client's: offered, asked, late": [*OFFERED, ("ask", "carl"), TIME],
    "a client's: accepted": [*OFFERED, ("accept", "carl"), ("ask", "carl"), TIME],
    "a client's: passed on": [*OFFERED, ("accept", "carl"), ("start", "carl"), ("pass_on", "carl"), ("ask", "carl")],
}
SITUATIONS = WALKS | SHARED
# Who adds nothing in one workspace that another does not show: a second client, a second stranger.
IDLE = {"Projects": {"carl"}, "Northwind": {"bo", "sam", "sue", "vic", "stan"}}
# Work that is passed on goes to another team, so that the two sides have different people.
WORDS = {
    "offer": Words(to=("Onboarding", None)),
    "pass_on": Words(to=("Support", None)),
    "redirect": Words(to=("Support", "sue")),
}
SHARED_WORDS = {
    "offer": Words(to=("Northwind", None)),
    "pass_on": Words(to=("Onboarding", None)),
    "redirect": Words(to=("Sales", "max")),
    "tick": Words(item="billed"),
}


class Undo(Exception):
    """Takes one attempt back."""


@pytest.fixture
def cast(world: World) -> Stage:
    return stage(world)


def words(situation: str, verb: str) -> Words:
    return (SHARED_WORDS if situation in SHARED else WORDS).get(verb, Words())


def place(situation: str) -> str:
    return "Northwind" if situation in SHARED else "Projects"


def there(situation: str) -> list[str]:
    """The part of the cast that tries everything in this situation."""
    return [who for who in CAST if who not in IDLE[place(situation)]]


def played(situation: str) -> PlainHandoff:
    """The plain model at the end of the walk."""
    plain = PlainHandoff(place(situation))
    for verb, who in SITUATIONS[situation]:
        _play(plain, verb, who, words(situation, verb))
    return plain


@pytest.mark.parametrize("situation", SITUATIONS)
def test_who_may_do_what(cast: Stage, situation: str) -> None:
    plain, handoff = played(situation), _walked(cast, situation)
    differences = []
    for verb in TABLE:
        for who in there(situation):
            needed = words(situation, verb)
            expected, answered = plain.answer(verb, who, needed), _answer(cast, handoff, verb, who, needed)
            if expected != answered:
                differences.append(f"{who} {verb}: {answered}, but the design says {expected}")
    assert not differences


def test_no_verb_state_or_party_is_missing() -> None:
    assert set(TABLE) == set(Verb)
    assert {played(situation).state for situation in SITUATIONS} == set(State)
    parties = {party for _, _, entitled in TABLE.values() for party in entitled}
    assert parties - {"sender before acceptance"} == {party.name.lower().replace("_", " ") for party in Party}


def test_no_role_is_missing(cast: Stage) -> None:
    """In each state, people of every role try every verb."""
    tried: dict[str, set[str]] = {state: set() for state in State}
    for situation in SITUATIONS:
        people = [who for who in there(situation) if who not in ("stan", "system")]
        tried[played(situation).state] |= {getattr(cast, who).role for who in people}
    assert all(roles == set(Role) for roles in tried.values()), tried


def test_whatever_the_design_allows_is_done_somewhere() -> None:
    """From each of its states, and by each of its parties alone: a verb that is only ever refused shows nothing."""
    states, parties = set(), set()
    # These need more than a situation: a sharing to take back (test_sharing), hours that have changed (test_hours).
    table = {verb: row for verb, row in TABLE.items() if verb not in {"unshare", "unplan", "recompute"}}
    for situation in SITUATIONS:
        plain = played(situation)
        for verb, (_, _, entitled) in table.items():
            for who in there(situation):
                if plain.answer(verb, who, words(situation, verb)) == "done":
                    states.add((verb, plain.state))
                    parties.add((verb, *(entitled & plain.parties(who))))
    # Before an offer and after its return none is open, and no clock runs.
    needs_offer = {verb for verb, (_, offer, _) in table.items() if offer} | {"escalate"}
    never = {(verb, state) for verb in needs_offer for state in ("draft", "returned")}
    assert {(verb, state) for verb, (allowed, _, _) in table.items() for state in allowed} - never <= states
    # The system holds nothing itself: it takes over only for somebody else.
    entitled_to = {(verb, party) for verb, (_, _, entitled) in table.items() for party in entitled}
    assert entitled_to - {("take_over", "system")} <= parties


def _play(plain: PlainHandoff, verb: str, who: str, needed: Words) -> None:
    if (verb, who) == TIME:
        plain.goes_off(plain.ticking()[0].kind)
        return
    assert plain.answer(verb, who, needed) == "done", f"{who} cannot {verb} there"
    plain.do(verb, who, needed)


def _walked(cast: Stage, situation: str) -> Handoff:
    """The real handoff at the end of the walk; when time passes, just that goes off which the model expects."""
    plain, handoff = PlainHandoff(place(situation)), cast.begin(place(situation))
    for verb, who in SITUATIONS[situation]:
        _play(plain, verb, who, words(situation, verb))
        if (verb, who) == TIME:
            expected = plain.alarms[-1]
            fired = [(alarm.clock.kind, alarm.rung.position) for alarm in alarms_go_off(cast, handoff)]
            assert fired == [(expected.clock.kind, expected.rung)]
        else:
            handoff = attempt(cast, handoff, verb, who, words(situation, verb))
    return handoff


def _answer(cast: Stage, handoff: Handoff, verb: str, who: str, needed: Words) -> str:
    before = handoff.ledger_seq
    answer = "done"
    try:
        with transaction.atomic():
            after = attempt(cast, handoff, verb, who, needed)
            answer = "done" if after.pk != handoff.pk or after.ledger_seq > before else "repeat"
            raise Undo
    except Undo:
        return answer
    except ObjectDoesNotExist:
        return "unknown"
    except Refusal as refusal:
        assert refusal.sentence.endswith("."), "a no is a sentence"
        return refusal.kind
