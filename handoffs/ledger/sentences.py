"""Timeline sentences, made from the rulebook and the facts of an event."""

from collections.abc import Mapping
from typing import Any

from handoffs.ledger.models import Event
from handoffs.lifecycle import RULES, Verb


class _Facts(dict[str, Any]):
    """Facts written by an older release may lack a name the sentence uses today."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(event: Event) -> str:
    """What happened, in one sentence, with the names as they were then."""
    return sentence_of(Verb(event.verb), event.by.name, event.facts)


def sentence_of(verb: Verb, by: str, facts: Mapping[str, Any]) -> str:
    """The sentence of `verb` done by `by`, with `facts` filled in."""
    return RULES[verb].sentence.format_map(_Facts(facts, by=by))
