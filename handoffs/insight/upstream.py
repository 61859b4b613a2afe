"""What is known in a case: every value once, where it was first said, by whom and when, and where it went on to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.definition.fields import is_given
from handoffs.definition.specification import Field, specification
from handoffs.insight.cases import SeenCase
from handoffs.models import Document, Side, Turn
from handoffs.reading_back import covered

Place = tuple[str, str, str]


@dataclass(frozen=True)
class Known:
    """One value: what it is, where it was said first, and the labels of the steps that it flowed into."""

    step: str
    label: str
    field: Field
    value: Any
    who: str
    at: datetime
    reference: str
    went_to: tuple[str, ...]


@dataclass(frozen=True)
class KnownDocument:
    """One document, as it was attached first."""

    label: str
    document: Document
    reference: str


def known_in(seen: SeenCase) -> list[Known]:
    """Every value of the steps that the reader may see, in the order in which they were said."""
    found = [known for turn in seen.turns.values() for known in _of(seen, turn, _went_to(seen))]
    return sorted(found, key=lambda known: known.at)


def documents_in(seen: SeenCase) -> list[KnownDocument]:
    """The newest version of every document that the reader may see; one that flowed on stands where it came from."""
    here = {"organization_id": seen.case.organization_id, "handoff_id__in": list(seen.handoffs)}
    rows = Document.objects.visible_to(seen.reader).filter(**here, is_latest=True).order_by("id")
    labels = {turn.handoff_id: seen.label_of(turn.step) for turn in seen.turns.values()}
    found: dict[str, KnownDocument] = {}
    for row in rows:
        handoff = seen.handoffs[row.handoff_id]
        if row.handoff_id in labels:
            found.setdefault(f"{row.sha256} {row.name}", KnownDocument(labels[row.handoff_id], row, handoff.reference))
    return list(found.values())


def _went_to(seen: SeenCase) -> dict[Place, tuple[str, ...]]:
    """By where a value was said first: the steps that it flowed into."""
    found: defaultdict[Place, list[str]] = defaultdict(list)
    for turn in seen.turns.values():
        if seen.handoff_of(turn) is None:
            continue
        for origin in turn.origins.values():
            found[origin["step"], origin["side"], origin["field"]].append(seen.label_of(turn.step))
    return {place: tuple(labels) for place, labels in found.items()}


def _of(seen: SeenCase, turn: Turn, went_to: dict[Place, tuple[str, ...]]) -> Iterator[Known]:
    """What was said first at one step: what its giver gave, and what its doer delivered."""
    handoff = seen.handoff_of(turn)
    if handoff is None:
        return
    asked = specification(handoff.template_version)
    result_at = turn.ended_at or seen.at
    hidden = covered(handoff, seen.reader)
    said = [(Side.SENDER, "context", handoff.context, handoff.sender.name, turn.entered_at)]
    said.append((Side.RECEIVER, "result", handoff.result, seen.doer_of(handoff), result_at))
    for side, word, values, who, at in said:
        for field in asked.side(side, internal=not seen.is_client):
            flowed = word == "context" and _flowed_in(seen, turn, field.key)
            if is_given(values.get(field.key)) and not flowed and not (side is Side.SENDER and field.key in hidden):
                place = (turn.step, word, field.key)
                label = seen.label_of(turn.step)
                yield Known(
                    turn.step, label, field, values[field.key], who, at, handoff.reference, went_to.get(place, ())
                )


def _flowed_in(seen: SeenCase, turn: Turn, field: str) -> bool:
    """Whether a value came from another step under which the reader finds it; what an undone turn said is not there."""
    origin = turn.origins.get(field)
    if origin is None or origin["handoff"] == turn.handoff_id or origin["handoff"] not in seen.handoffs:
        return False
    return any(other.handoff_id == origin["handoff"] for other in seen.turns.values())
