"""“What changed since you last had it”, as one reader may know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.changes import Since
from handoffs.definition.fields import is_given
from handoffs.ledger.sentences import sentence
from handoffs.models import Priority, Side
from portal.pages.packet import COVERED, Packet
from portal.pages.trail import EVENT_ICONS

OWN = {"title": "Title", "summary": "Summary", "priority": "Priority"}
NOTHING = "Nothing"


@dataclass(frozen=True)
class Changed:
    """One thing that reads differently now."""

    label: str
    before: str
    after: str
    internal: bool = False


@dataclass(frozen=True)
class Shown:
    """Who gave it back and when, what reads differently, and what was added."""

    by: str
    at: datetime
    changed: list[Changed]
    added: list[Mapping[str, Any]]


def shown(since: Since, packet: Packet) -> Shown:
    """The same without what this reader must not see: internal fields, and facts to be read back."""
    own = [
        Changed(label, _own(name, since.own[name].before), _own(name, since.own[name].after))
        for name, label in OWN.items()
        if name in since.own
    ]
    return Shown(
        by=since.by.name,
        at=since.at,
        changed=own + _context(since, packet),
        added=[
            {"at": event.at, "sentence": sentence(event), "icon": EVENT_ICONS.get(event.verb, "point")}
            for event in since.added
        ],
    )


def _own(name: str, value: Any) -> str:
    return Priority(value).label if name == "priority" else value or NOTHING


def _context(since: Since, packet: Packet) -> list[Changed]:
    found = []
    for field in packet.fields(Side.SENDER):
        values = since.context.get(field.key)
        if values is None:
            continue
        if field.key in packet.covered:
            found.append(Changed(field.label, COVERED, COVERED))
            continue
        before, after = (packet.shown(field, it) if is_given(it) else NOTHING for it in (values.before, values.after))
        found.append(Changed(field.label, before, after, field.internal))
    return found
