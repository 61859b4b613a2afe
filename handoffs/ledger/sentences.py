"""Timeline sentences, made from the rulebook and the facts of an event."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handoffs.ledger.models import Event
from handoffs.lifecycle import RULES, Verb

ONE_GO = timedelta(minutes=30)


class _Facts(dict[str, Any]):
    """Facts written by an older release may lack a name the sentence uses today."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(event: Event) -> str:
    """What happened, in one sentence, with the names as they were then."""
    return sentence_of(Verb(event.verb), event.by.name, event.facts)


def told_together(events: Sequence[Event]) -> list[tuple[Event, str]]:
    """Each event with its sentence; what one person edited at one go is one line, at its last instant.

    A draft saves itself while somebody writes: the ledger keeps each step, nobody wants to read them.
    """
    told: list[tuple[Event, str]] = []
    whats: dict[str, None] = {}
    for event in events:
        goes_on = bool(told) and _is_one_go(told[-1][0], event)
        if event.verb == Verb.EDIT:
            whats = (whats if goes_on else {}) | dict.fromkeys(str(event.facts.get("what", "…")).split(", "))
        if goes_on:
            told[-1] = (event, sentence_of(Verb.EDIT, event.by.name, {**event.facts, "what": ", ".join(whats)}))
        else:
            told.append((event, sentence(event)))
    return told


def _is_one_go(before: Event, event: Event) -> bool:
    edits = event.verb == Verb.EDIT == before.verb and event.by_id == before.by_id
    return edits and event.at - before.at <= ONE_GO


def sentence_of(verb: Verb, by: str, facts: Mapping[str, Any]) -> str:
    """The sentence of `verb` done by `by`, with `facts` filled in."""
    return RULES[verb].sentence.format_map(_Facts(facts, by=by))
