"""The rulebook is whole: every verb is there, every state can be reached and left, and the page for people agrees."""

from pathlib import Path
from string import Formatter

import pytest
from django.core.management import CommandError, call_command

from handoffs import actions
from handoffs.lifecycle import (
    ENDS,
    FACTS,
    IN_HAND,
    LIVE,
    OPENS,
    RULES,
    Landing,
    OfferState,
    Party,
    Reason,
    State,
    Verb,
    allowed,
    refused,
)
from handoffs.models import Offer
from portal import rulebook
from tests.handoffs.doing import attempt
from tests.handoffs.plain_model import Words
from tests.world import World

ENDED = [State.COMPLETED, State.CANCELLED]


def test_every_verb_has_a_rule_an_action_and_somebody_who_may_do_it() -> None:
    assert list(RULES) == list(Verb)
    for verb, rule in RULES.items():
        assert callable(getattr(actions, "return_" if verb is Verb.RETURN else verb.value))
        assert rule.by, verb
        assert rule.label, verb
        assert rule.sentence, verb


def test_facts_leave_state_and_offer_alone() -> None:
    assert {verb for verb in FACTS if RULES[verb].to is not Landing.SAME} == set()
    assert FACTS.isdisjoint(OPENS)
    assert FACTS.isdisjoint(ENDS)


def test_an_offer_is_opened_where_none_is_open_and_ended_where_one_is() -> None:
    for verb in OPENS:
        assert (RULES[verb].offer is True) is (verb in ENDS), verb
    assert set(ENDS.values()) == set(OfferState) - {OfferState.OPEN}
    # Cancelling is the one end that does not need an open offer.
    assert {verb for verb in ENDS if RULES[verb].offer is not True} == {Verb.CANCEL}


def test_every_state_is_reached_and_only_where_work_travels_is_an_offer_open() -> None:
    met = rulebook.reachable()
    assert {state for state, _ in met} == set(State)
    assert {state for state, offer in met if offer} == {State.OFFERED, *IN_HAND}
    assert {state for state, offer in met if not offer} == set(State) - {State.OFFERED}


@pytest.mark.parametrize("state", sorted(LIVE))
def test_whoever_answers_for_the_work_can_always_act(state: State) -> None:
    """The custodian has a verb other than a fact in every live state, whether an offer is open or not."""
    for offer in (False, True):
        if (state, offer) in rulebook.reachable():
            assert set(allowed(state, offer, [Party.CUSTODIAN])) - FACTS, (state, offer)


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_is_left_only_by_reopening(state: State) -> None:
    left = set(allowed(state, False, list(Party)))
    assert left == ({Verb.REOPEN} if state is State.COMPLETED else set())


def test_the_instant_is_judged_before_the_person() -> None:
    assert refused(Verb.ACCEPT, State.COMPLETED, False, []) is Reason.STATE
    assert refused(Verb.ACCEPT, State.ACCEPTED, False, []) is Reason.NO_OFFER
    assert refused(Verb.PASS_ON, State.ACCEPTED, True, []) is Reason.OFFER_OPEN
    assert refused(Verb.ACCEPT, State.OFFERED, True, [Party.CUSTODIAN]) is Reason.NOT_YOURS
    assert refused(Verb.ACCEPT, State.OFFERED, True, [Party.RECEIVER]) is None


@pytest.mark.parametrize("state", sorted(LIVE))
def test_the_first_sender_cancels_until_somebody_has_accepted(state: State) -> None:
    told = refused(Verb.CANCEL, state, False, [Party.SENDER])
    assert told is (Reason.NOT_YOURS if state in IN_HAND else None)
    assert refused(Verb.CANCEL, state, False, [Party.COORDINATOR]) is None


def test_sentences_name_who_did_it_and_use_words_that_can_be_filled() -> None:
    for verb, rule in RULES.items():
        names = {name for _, name, _, _ in Formatter().parse(rule.sentence) if name is not None}
        assert all(name.isidentifier() for name in names), verb
        assert "by" in names or verb in (Verb.TAKE_OVER, Verb.ESCALATE), verb


WAYS = {  # who does it to an offer from Ana to Onboarding
    Verb.ACCEPT: "ben accept",
    Verb.RETURN: "ben return",
    Verb.WITHDRAW: "ana withdraw",
    Verb.CANCEL: "ana cancel",
    Verb.REDIRECT: "ana redirect",
}


@pytest.mark.parametrize("verb", sorted(ENDS))
def test_real_actions_end_offers_as_the_rulebook_says(world: World, verb: Verb) -> None:
    handoff = world.handoff(at=State.OFFERED)
    name, does = WAYS[verb].split()
    attempt(world, handoff, does, name, Words(to=("Support", None)))
    assert Offer.objects.get(handoff=handoff, seq=1).state == ENDS[verb]


def test_the_page_is_in_step_with_the_rulebook() -> None:
    call_command("lifecycle", "--check")


def test_a_page_out_of_step_is_told_with_the_difference(tmp_path: Path) -> None:
    page = tmp_path / "lifecycle.md"
    page.write_text(rulebook.page().replace("draft --> offered: offer", "draft --> accepted: offer"))
    with pytest.raises(
        CommandError, match=r"out of step(.|\n)*-    draft --> accepted: offer\n\+    draft --> offered"
    ):
        call_command("lifecycle", "--check", f"--file={page}")
    call_command("lifecycle", f"--file={page}")
    call_command("lifecycle", "--check", f"--file={page}")
