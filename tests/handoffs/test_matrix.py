"""Every (state, verb, person): the product answers as the plain model does."""

import pytest
from django.db import transaction

from handoffs.models import Handoff
from handoffs.refusals import Refusal
from tests.handoffs.doing import attempt
from tests.handoffs.plain_model import CAST, TABLE, PlainHandoff
from tests.world import World

Walk = list[tuple[str, str]]
OFFERED: Walk = [("offer", "ana")]
ACCEPTED: Walk = [*OFFERED, ("accept", "ben")]
STARTED: Walk = [*ACCEPTED, ("start", "ben")]
ON_HOLD: Walk = [*STARTED, ("hold", "ben")]
COMPLETED: Walk = [*STARTED, ("complete", "ben")]
WALKS: dict[str, Walk] = {
    "draft": [],
    "offered": OFFERED,
    "returned": [*OFFERED, ("return", "bo")],
    "withdrawn": [*OFFERED, ("withdraw", "ana")],
    "accepted": ACCEPTED,
    "accepted, passed on": [*ACCEPTED, ("pass_on", "ben")],
    "accepted, handed back": [*ACCEPTED, ("hand_back", "ben")],
    "accepted, pass-on returned": [*ACCEPTED, ("pass_on", "ben"), ("return", "sue")],
    "started": STARTED,
    "started, passed on": [*STARTED, ("pass_on", "ben")],
    "on hold": ON_HOLD,
    "on hold, passed on": [*ON_HOLD, ("pass_on", "ben")],
    "resumed": [*ON_HOLD, ("resume", "ben")],
    "taken over": [*STARTED, ("take_over", "lea")],
    "completed": COMPLETED,
    "reopened": [*COMPLETED, ("reopen", "ana")],
    "reopened, returned": [*COMPLETED, ("reopen", "ana"), ("return", "ben")],
    "cancelled": [*OFFERED, ("cancel", "ana")],
}
# Work that is passed on goes to another team, so that the two sides have different people.
TO = {"offer": ("Onboarding", None), "pass_on": ("Support", None), "redirect": ("Support", "sue")}


class Undo(Exception):
    """Takes one attempt back."""


@pytest.mark.parametrize("walk", WALKS)
def test_who_may_do_what(world: World, walk: str) -> None:
    plain, handoff = PlainHandoff(), world.handoff()
    for verb, who in WALKS[walk]:
        assert plain.answer(verb, who) == "done"
        plain.do(verb, who, TO.get(verb, ("", None)))
        handoff = attempt(world, handoff, verb, who, TO.get(verb, ("", None)))
    differences = []
    for verb in TABLE:
        for who in CAST:
            expected, answered = plain.answer(verb, who, TO.get(verb, ("", None))), _answer(world, handoff, verb, who)
            if _impossible(plain, verb, who, answered):
                continue
            if expected != answered:
                differences.append(f"{who} {verb}: {answered}, but the design says {expected}")
    assert not differences


def _impossible(plain: PlainHandoff, verb: str, who: str, answered: str) -> bool:
    """Allowed by the rulebook, and yet there is nobody to do it to: then the product says so, by name."""
    nobody = (
        (verb == "nudge" and plain.custodian == who and plain.offer is None)
        or (verb == "ask" and plain.offer is None and all(giver == who for giver, _ in plain.came_from))
        or (verb == "take_over" and who == "system")
    )
    return nobody and answered in ("conflict", "invalid")


def _answer(world: World, handoff: Handoff, verb: str, who: str) -> str:
    before = handoff.ledger_seq
    answer = "done"
    try:
        with transaction.atomic():
            after = attempt(world, handoff, verb, who, TO.get(verb, ("", None)))
            answer = "done" if after.ledger_seq > before else "repeat"
            raise Undo
    except Undo:
        return answer
    except Refusal as refusal:
        assert refusal.sentence.endswith("."), "a no is a sentence"
        return refusal.kind
