"""What happened in a case: one timeline out of the ledgers of its handoffs and its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.insight.cases import SeenCase
from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import Verb
from handoffs.models import CaseEvent, CaseVerb, Event

NEWEST = 40
BORN = 2  # the first events of a step: made, and offered
_HEADS: Mapping[CaseVerb, str] = {
    CaseVerb.LAUNCH: "{by} launched this case",
    CaseVerb.ADVANCE: "“{label}” is done",
    CaseVerb.SKIP: "{by} skipped “{label}”",
    CaseVerb.SEND_BACK: "{by} sent this back from “{label}” to “{to}”",
    CaseVerb.ADD_STEP: "{by} added the step “{label}”",
    CaseVerb.REASSIGN: "{by} gave “{role}” to {receiver}",
    CaseVerb.MOVE: "{by} moved this case to {version}",
    CaseVerb.WAKE: "The wait “{label}” is over",
    CaseVerb.CANCEL: "{by} cancelled this case",
    CaseVerb.REOPEN: "{by} reopened “{label}”",
}


@dataclass(frozen=True)
class Moment:
    """One thing that happened: at one step, if there is one, and its handoff."""

    at: datetime
    sentence: str
    verb: str
    by: str
    label: str = ""
    reference: str = ""


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def story_of(seen: SeenCase, newest: int | None = NEWEST) -> list[Moment]:
    """The newest moments, or all of them for None, in the order in which they happened; two statements."""
    labels = {turn.handoff_id: seen.label_of(turn.step) for turn in seen.course.turns}
    here = {"organization_id": seen.case.organization_id}
    rows = Event.objects.visible_to(seen.reader).filter(**here, handoff_id__in=list(seen.handoffs))
    rows = rows.exclude(verb=Verb.DRAFT)  # a step is made and offered in the same instant
    events = rows.select_related("by").order_by("-at", "-id")
    case_events = CaseEvent.objects.filter(**here, case_id=seen.case.pk).select_related("by").order_by("-seq")
    found = [_placed(event, labels, seen) for event in (events if newest is None else events[:newest])]
    for own in case_events if newest is None else case_events[:newest]:
        moment = _of_case(own, seen)
        if moment is not None:
            found.append((own.at, 0 if own.verb == CaseVerb.LAUNCH else 2, own.seq, moment))
    found.sort(key=lambda each: each[:3])
    moments = [each[3] for each in found]
    return moments if newest is None else moments[-newest:]


def _placed(event: Event, labels: Mapping[int | None, str], seen: SeenCase) -> tuple[datetime, int, int, Moment]:
    """With its place among what happened in the same instant: first what was done, then what the case made of it."""
    return event.at, 3 if event.seq <= BORN else 1, event.seq, _of_handoff(event, labels, seen)


def _of_handoff(event: Event, labels: Mapping[int | None, str], seen: SeenCase) -> Moment:
    handoff = seen.handoffs[event.handoff_id]
    return Moment(
        event.at, sentence(event), event.verb, event.by.name, labels.get(event.handoff_id, ""), handoff.reference
    )


def _of_case(event: CaseEvent, seen: SeenCase) -> Moment | None:
    """None for what a client has no part in: what happens within our own part is not told, nor by whom."""
    facts = event.facts
    key = facts.get("step", "")
    hidden = any(each and not _is_told(each, seen) for each in (key, facts.get("to_step", "")))
    if hidden and event.verb not in (CaseVerb.ADVANCE, CaseVerb.WAKE):
        return None
    if seen.is_client and event.verb in (CaseVerb.REASSIGN, CaseVerb.MOVE):
        return None
    head = "" if hidden else _HEADS[CaseVerb(event.verb)].format_map(_Facts(facts, by=event.by.name))
    if not hidden and facts.get("reason"):
        head += f": {facts['reason']}"
    parts = [head, *_followed(facts, seen)]
    told = "; ".join(part for part in parts if part)
    return (
        Moment(event.at, f"{told}.".replace("..", "."), event.verb, "" if hidden else event.by.name) if told else None
    )


def _followed(facts: Mapping[str, Any], seen: SeenCase) -> Iterator[str]:
    """What came of it: steps that began, were passed, are not needed, or come again."""
    words = {"entered": "comes next", "passed": "is reached", "bypassed": "is not needed", "undone": "comes again"}
    for what, word in words.items():
        labels = [f"“{each['label']}”" for each in facts.get(what, ()) if _is_told(each["step"], seen)]
        if labels:
            yield f"{_listed(labels)} {word if len(labels) == 1 else _plural(word)}"
    if facts.get("completed"):
        yield "the case is completed"


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _plural(word: str) -> str:
    verb, _, rest = word.partition(" ")
    return f"{'come' if verb == 'comes' else 'are'} {rest}"


def _is_told(step: str, seen: SeenCase) -> bool:
    return not seen.is_client or step in seen.plan.by_key
