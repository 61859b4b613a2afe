"""What was read back when a handoff was accepted, as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handoffs.definition.specification import specification
from handoffs.models import Handoff
from handoffs.reading_back import evidence
from portal.shown import shown_values
from tenants.models import Member


@dataclass(frozen=True)
class ReadBackShown:
    """Who accepted it when, and each key fact as it stood then; `restated` unless they were confirmed by one tap."""

    who: str
    at: datetime
    restated: bool
    facts: Sequence[tuple[str, str]]


def read_back_of(handoff: Handoff, reader: Member, now: datetime) -> ReadBackShown | None:
    """None where nothing was read back; costs nothing where the template asks for no read-back."""
    event = evidence(handoff)
    if event is None:
        return None
    kept = {fact["key"]: fact for fact in event.facts["read_back"]["facts"]}
    fields = [fact for fact in specification(handoff.template_version).key_facts if fact.key in kept]
    shown = shown_values([(fact, kept[fact.key]["stands"]) for fact in fields], reader, now)
    restated = event.facts["read_back"]["grade"] == "full"
    facts = [(kept[fact.key]["label"], value) for fact, value in zip(fields, shown, strict=True)]
    return ReadBackShown(event.by.name, event.at, restated, facts)
