"""What changed between a return and the offer after it: read off the ledger, so that nobody reads everything twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.lifecycle import OPENS, Verb
from handoffs.models import Event
from tenants.models import Member

ADDS = (Verb.ATTACH, Verb.LINK, Verb.TICK, Verb.ANSWER, Verb.NOTE, Verb.SHARE)
GIVES_BACK = (Verb.RETURN, Verb.HAND_BACK)


@dataclass(frozen=True)
class Values:
    """What stood somewhere at the return, and what stands there now."""

    before: Any
    after: Any


@dataclass(frozen=True)
class Since:
    """What was done to a handoff since its receiver gave it back.

    `own` holds title, summary and priority by name, `context` fields by key; both only where something else stands
    there now. `added` are the events that added something, oldest first.
    """

    by: Member
    at: datetime
    own: Mapping[str, Values]
    context: Mapping[str, Values]
    added: tuple[Event, ...]


def last_given_back(events: Sequence[Event]) -> Event | None:
    """The return after which the same team was offered it again, of events in their order; None if it was not."""
    opened = [n for n, event in enumerate(events) if event.verb in OPENS]
    if not opened:
        return None
    now = opened[-1]
    team = events[now].facts.get("to_team")
    former = next((n for n in reversed(opened[:-1]) if events[n].facts.get("to_team") == team), None)
    if former is None:
        return None
    return next((event for event in events[former:now] if event.verb in GIVES_BACK), None)


def since_given_back(events: Sequence[Event]) -> Since | None:
    """What changed since then, of the handoff's events in their order."""
    back = last_given_back(events)
    if back is None:
        return None
    later = [event for event in events if event.seq > back.seq]
    edits = [event.facts for event in later if event.verb == Verb.EDIT]
    return Since(
        by=back.by,
        at=back.at,
        own=_net(edit.get("changes", {}) for edit in edits),
        context=_net(edit.get("context", {}) for edit in edits),
        added=tuple(event for event in _without_undone(later) if event.by_id != back.by_id),
    )


def _net(edits: Any) -> dict[str, Values]:
    """The first former and the last new value of each name, where they differ."""
    found: dict[str, Values] = {}
    for edit in edits:
        for name, (before, after) in edit.items():
            found[name] = Values(found[name].before if name in found else before, after)
    return {name: values for name, values in found.items() if values.before != values.after}


def _without_undone(events: Sequence[Event]) -> list[Event]:
    """What added something; of one item's ticks only the last, and only if it is ticked now."""
    last = {event.facts.get("key"): event.seq for event in events if event.verb == Verb.TICK}
    return [
        event
        for event in events
        if event.verb in ADDS
        and (
            event.verb != Verb.TICK
            or (event.seq == last[event.facts.get("key")] and event.facts.get("ticked") == "ticked")
        )
    ]
