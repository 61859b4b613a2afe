"""Read-back as the API tells it: what accepting asks of the reader, and with what it was accepted."""

from collections.abc import Mapping
from typing import Any

from handoffs.definition.read_back import Grade
from handoffs.models import Event, Handoff, TemplateVersion
from handoffs.parties import may_receive
from handoffs.reading_back import asked_of, covered, evidence
from portal.api import shapes
from tenants.models import Member

WORDS: dict[str, shapes.GradeWord] = {Grade.OFF: "off", Grade.ONE_TAP: "one_tap", Grade.FULL: "full"}


def grade_of(version: TemplateVersion | None) -> shapes.GradeWord:
    """The grade of a version; a handoff without a template asks nothing."""
    return WORDS[version.read_back] if version is not None else "off"


def read_back(handoff: Handoff, reader: Member) -> shapes.ReadBack:
    """One statement or two where the template asks for a read-back, none otherwise."""
    offer = handoff.open_offer
    receives = offer is not None and handoff.custodian_id != reader.pk and may_receive(offer, reader)
    asks = [fact.key for fact in asked_of(handoff, reader).facts] if receives else []
    done = evidence(handoff) if not covered(handoff, reader) else None
    return {"grade": grade_of(handoff.template_version), "asks": asks, "done": _done(done) if done else None}


def _done(event: Event) -> shapes.ReadBackDone:
    kept = event.facts["read_back"]
    return {
        "by": {"id": event.by_id, "name": event.by.name},
        "at": event.at,
        "grade": WORDS[kept["grade"]],
        "facts": [_fact(fact) for fact in kept["facts"]],
    }


def _fact(kept: Mapping[str, Any]) -> shapes.KeyFact:
    fact: shapes.KeyFact = {"key": kept["key"], "label": kept["label"], "stands": kept["stands"]}
    if "said" in kept:
        fact["said"] = kept["said"]
    return fact
