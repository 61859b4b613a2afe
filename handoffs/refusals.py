"""Every way the product says no about a handoff: a sentence a person can act on, and a stable code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.lifecycle import RULES, Reason, State, Verb
from tenants.models import Member
from tenants.refusals import Conflict, Forbidden, Invalid, Refusal

__all__ = [
    "Forbidden",
    "Incomplete",
    "Invalid",
    "NotNow",
    "Refusal",
    "Shortfall",
    "TooSoon",
    "differing",
    "incomplete",
    "needs_words",
    "nobody_to_receive",
    "not_now",
    "not_yours",
    "read_back_needed",
]


class NotNow(Conflict):
    """The handoff is not where this verb could set out from; names who holds it, so that a lost race is understood."""


class TooSoon(Refusal):
    """The same was done a moment ago."""

    code = "too_soon"
    kind = "too_many"


@dataclass(frozen=True)
class Shortfall:
    """One thing that is still missing: which part (`context`, `checklist`, `documents`…), its key, and the sentence."""

    part: str
    key: str
    sentence: str


class Incomplete(Invalid):
    """What must travel is not complete yet; `shortfalls` lists it.

    `headline` says so without the list, for where the list stands beside it.
    """

    def __init__(self, code: str, sentence: str, shortfalls: Sequence[Shortfall], headline: str = "") -> None:
        self.shortfalls = list(shortfalls)
        self.headline = headline
        listed = [{"part": s.part, "key": s.key, "sentence": s.sentence} for s in shortfalls]
        super().__init__(sentence, code=code, details={"missing": listed})


def incomplete(verb: Verb, shortfalls: Sequence[Shortfall]) -> Incomplete:
    """What still keeps a handoff from being offered or completed."""
    count = "One thing is" if len(shortfalls) == 1 else f"{len(shortfalls)} things are"
    listed = " ".join(shortfall.sentence for shortfall in shortfalls)
    sentence, headline = f"{count} still missing: {listed}", f"{count} still missing."
    return Incomplete(f"incomplete_to_{verb.value}", sentence, shortfalls, headline)


def read_back_needed(grade: str, facts: Iterable[Any], lacking: Sequence[Shortfall]) -> Incomplete:
    """The key facts have to be read back first; `facts` says which, in the terms of the template's schema."""
    names = [fact.label for fact in facts]
    listed = _listed([f"“{name}”" for name in names], "and")
    if grade == "one_tap":
        sentence = f"Read the key facts first and confirm that you have: {listed}."
    elif lacking:
        sentence = " ".join(shortfall.sentence for shortfall in lacking)
    else:
        sentence = f"Read back the key facts first: {listed}."
    refusal = Incomplete("read_back_needed", sentence, lacking, "Not accepted yet: read back the key facts.")
    asked = [{"key": fact.key, "label": fact.label, "schema": fact.schema()} for fact in facts]
    refusal.details |= {"grade": str(grade), "facts": asked}
    return refusal


def differing(labels: Sequence[str], holder: str) -> NotNow:
    """What was read back differs: it was asked about, nothing is accepted. Says which facts, not what stands there."""
    listed = _listed([f"“{label}”" for label in labels], "and")
    sentence = (
        f"Not accepted yet: what you read back for {listed} differs from what {holder} wrote. "
        f"{holder} has been asked what is right; read it back again once that is clear."
    )
    return NotNow(sentence, code="read_back_differs", details={"holder": holder, "differs": list(labels)})


def needs_words(verb: str, what: str) -> Invalid:
    """The verb, of a handoff or of a case, was asked for without the words it needs."""
    sentence = f"To {_plain(verb)}, give {_article(what)}."
    return Invalid(sentence, code=f"{verb}_needs_{what}", details={"field": what})


def nobody_to_receive(name: str, why: str) -> Invalid:
    """The receiver could not accept, and why."""
    return Invalid(f"{name} cannot receive this: {why}.", code="cannot_receive", details={"receiver": name})


def receiver_away(name: str, until: datetime, substitute: Member | None) -> Conflict:
    """The person asked is absent; names who stands in, so that the sender can decide to ask them."""
    advice = f"{substitute.name} stands in: ask them" if substitute else "Ask the team"
    return Conflict(
        f"{name} is away until {until:%-d %B %Y}. {advice} instead.",
        code="receiver_away",
        details={
            "field": "to_member",
            "receiver": name,
            "until": until.isoformat(),
            "substitute": substitute.name if substitute else None,
            "substitute_id": substitute.pk if substitute else None,
        },
    )


def you_are_away(verb: Verb, until: datetime) -> Conflict:
    """Who is away does not begin to answer for something: it would move on at once."""
    return Conflict(
        f"You are recorded as away until {until:%-d %B %Y}. To {_plain(verb)} this, end your absence in your settings.",
        code="you_are_away",
        details={"until": until.isoformat()},
    )


def not_yours(verb: Verb, parties: Iterable[str]) -> Forbidden:
    """The verb belongs to other parties than this member."""
    who = _listed(sorted(str(party) for party in parties))
    return Forbidden(f"Only {who} can {_plain(verb)} here.", code="not_yours", details={"verb": verb.value})


def not_now(verb: Verb, reason: Reason, state: State, holder: str | None, receiver: str | None) -> NotNow:
    """A "not now" for the rulebook's reason, with the present holder and, where an offer is open, its receiver."""
    standing = f"It is {state.label.lower()}" + (f" and {holder} answers for it" if holder else "")
    if reason is Reason.OFFER_OPEN:
        advice = f"An offer to {receiver} is open; withdraw or redirect it first."
    elif reason is Reason.NO_OFFER:
        advice = "No offer is open any more."
    else:
        states = RULES[verb].states
        advice = f"It would have to be {_listed(sorted(s.label.lower() for s in states), 'or')}."
    details: dict[str, Any] = {"verb": verb.value, "state": state.value, "holder": holder, "receiver": receiver}
    return NotNow(f"You cannot {_plain(verb)} this now. {standing}. {advice}", code=reason.value, details=details)


def too_soon(verb: Verb, again_at: datetime) -> TooSoon:
    return TooSoon(
        f"You did this a moment ago. You can {_plain(verb)} again at {again_at:%H:%M} UTC.",
        code=f"{verb.value}_too_soon",
        details={"again_at": again_at.isoformat()},
    )


def _plain(verb: str) -> str:
    return str(verb).replace("_", " ") if verb != Verb.HOLD else "put on hold"


def _article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun.replace("_", " ")


def _listed(words: Sequence[str], joint: str = "or") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else "nobody"
