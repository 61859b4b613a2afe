"""What happened in a case: one timeline out of the ledgers of its handoffs and its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case as Whether
from django.db.models import IntegerField, Q, QuerySet, Value, When

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


class Place(NamedTuple):
    """Where a moment stands among all of its case: no two stand in the same place."""

    at: datetime
    rank: int  # in one instant first what was done, then what the case made of it
    seq: int
    id: int  # of the event of a handoff; 0 for the case's own, whose seq is its own


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def story_of(seen: SeenCase, newest: int | None = NEWEST) -> list[Moment]:
    """The newest moments, or all of them for None, in the order in which they happened; two statements."""
    events = _at_steps(seen).order_by("-at", "-id")
    own = _own(seen).order_by("-seq")
    moments = _merged(seen, events if newest is None else events[:newest], own if newest is None else own[:newest])
    told = [moment for _, moment in moments]
    return told if newest is None else told[-newest:]


def story_after(seen: SeenCase, after: Place | None, limit: int) -> list[tuple[Place, Moment]]:
    """So many moments in the order in which they happened, each with its place, after which one may go on.

    Two statements. A case's own events are few, so all that are left of them are read: some tell a client nothing.
    """
    events = _at_steps(seen).annotate(rank=_RANK).order_by("at", "rank", "seq", "id")
    own = _own(seen).order_by("seq")
    if after is not None:
        same = Q(at=after.at)
        further = Q(rank__gt=after.rank) | Q(rank=after.rank, seq__gt=after.seq)
        further |= Q(rank=after.rank, seq=after.seq, id__gt=after.id)
        events, own = events.filter(Q(at__gt=after.at) | same & further), own.filter(at__gte=after.at)
    found = _merged(seen, events[:limit], own)
    return [each for each in found if after is None or each[0] > after][:limit]


_RANK = Whether(When(seq__lte=BORN, then=Value(3)), default=Value(1), output_field=IntegerField())


def _at_steps(seen: SeenCase) -> QuerySet[Event]:
    here = {"organization_id": seen.case.organization_id, "handoff_id__in": list(seen.handoffs)}
    rows = Event.objects.visible_to(seen.reader).filter(**here).select_related("by")
    return rows.exclude(verb=Verb.DRAFT)  # a step is made and offered in the same instant


def _own(seen: SeenCase) -> QuerySet[CaseEvent]:
    here = {"organization_id": seen.case.organization_id, "case_id": seen.case.pk}
    return CaseEvent.objects.filter(**here).select_related("by")


def _merged(seen: SeenCase, events: Iterable[Event], own: Iterable[CaseEvent]) -> list[tuple[Place, Moment]]:
    """Both ledgers in one order; without what this reader is told nothing of."""
    labels = {turn.handoff_id: seen.label_of(turn.step) for turn in seen.course.turns}
    found = [
        (Place(each.at, 3 if each.seq <= BORN else 1, each.seq, each.pk), _of_handoff(each, labels, seen))
        for each in events
    ]
    for each in own:
        moment = _of_case(each, seen)
        if moment is not None:
            found.append((Place(each.at, 0 if each.verb == CaseVerb.LAUNCH else 2, each.seq, 0), moment))
    return sorted(found, key=lambda each: each[0])


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
