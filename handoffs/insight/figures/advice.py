"""What to ask for: what each optional part of a template would have stopped and delayed, had it been required.

A back-test over first offers: of those that came back, how many lacked it when they were offered, and of those that
were taken as they were, how many did. What was there at that instant is told from the ledger, whatever came later.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from handoffs.definition.fields import is_given
from handoffs.definition.specification import Specification, specification
from handoffs.insight.figures.asked import Asked
from handoffs.kept.models import Leg
from handoffs.lifecycle import OfferState, Verb
from handoffs.models import ChecklistItem, Document, Event, TemplateVersion
from handoffs.sides import Side
from tenants.models import Role

LOOKED_AT = 2_000  # first offers, the newest
FEW = 3  # returns stopped, below which nothing is advised
CLEARER = 2  # times as often missing among what came back as among what was taken

Key = tuple[str, str]  # part and key, as a shortfall names them


@dataclass
class Advice:
    """One optional part, and what requiring it would have done to past first offers."""

    part: str
    key: str
    label: str
    stopped: int = 0
    returns: int = 0
    delayed: int = 0
    good: int = 0
    reasons: Counter[str] = field(default_factory=Counter)  # of what it would have stopped

    @property
    def missing_in_returns(self) -> float:
        """The share of what came back in which it was missing."""
        return self.stopped / self.returns if self.returns else 0.0

    @property
    def missing_in_good(self) -> float:
        """The share of what was taken as it was in which it was missing."""
        return self.delayed / self.good if self.good else 0.0

    @property
    def is_worth_it(self) -> bool:
        """Whether it points somewhere: enough returns, and clearly more often missing in them."""
        return self.stopped >= FEW and self.missing_in_returns >= CLEARER * self.missing_in_good

    def count(self, *, missing: bool, returned: bool, reason: str) -> None:
        """Adds one first offer."""
        if returned:
            self.returns += 1
            self.stopped += missing
            self.reasons[reason] += missing
        else:
            self.good += 1
            self.delayed += missing


class First(NamedTuple):
    """A handoff's first offer, and what its packet holds now."""

    handoff_id: int
    offered_at: datetime
    is_returned: bool
    reason_code: str
    giver_role: str
    context: Mapping[str, Any]
    version_id: int


def advice(version: TemplateVersion, asked: Asked) -> list[Advice]:
    """Of each part that this version does not require of the sender, the clearest first; six statements.

    Parts that an older version did not have, or required, say nothing about its handoffs.
    """
    wanted = {key: Advice(*key, label) for key, label in _optional(specification(version))}
    firsts = _firsts(version, asked)
    if not wanted or not firsts:
        return []
    there = _there_when_offered(version, firsts)
    versions = TemplateVersion.objects.in_bulk({first.version_id for first in firsts})
    for first in firsts:
        asks = dict(_optional(specification(versions[first.version_id]), internal=first.giver_role != Role.CLIENT))
        for key in wanted.keys() & asks.keys():
            missing = key not in there[first.handoff_id]
            wanted[key].count(missing=missing, returned=first.is_returned, reason=first.reason_code)
    found = [each for each in wanted.values() if each.stopped]
    return sorted(found, key=lambda each: (each.missing_in_good - each.missing_in_returns, -each.stopped, each.label))


def _optional(asks: Specification, *, internal: bool = True) -> Iterator[tuple[Key, str]]:
    parts = (("context", asks.fields), ("checklist", asks.items), ("documents", asks.slots))
    for part, each in parts:
        for one in each:
            if one.side == Side.SENDER and not one.required and (internal or not one.internal):
                yield (part, one.key), one.label


def _firsts(version: TemplateVersion, asked: Asked) -> list[First]:
    answered = Leg.objects.filter(
        **{**asked.conditions, "template_id": version.template_id},
        seq=1,
        state__in=[OfferState.ACCEPTED, OfferState.RETURNED],
        handoff__template_version__isnull=False,
    )
    rows = answered.order_by("-week", "-id").values_list(
        *("handoff_id", "offered_at", "is_returned", "reason_code"),
        *("giver__role", "handoff__context", "handoff__template_version_id"),
    )
    return [First(*row) for row in rows[:LOOKED_AT]]


def _there_when_offered(version: TemplateVersion, firsts: Sequence[First]) -> dict[int, set[Key]]:
    """By handoff what of its packet was there in the instant of its first offer."""
    offered = {first.handoff_id: first.offered_at for first in firsts}
    here = {"organization_id": version.organization_id, "handoff_id__in": list(offered)}
    there: dict[int, set[Key]] = defaultdict(set)
    for first in firsts:
        there[first.handoff_id] |= {("context", key) for key, value in first.context.items() if is_given(value)}
    for id, key in ChecklistItem.objects.filter(**here, ticked_at__isnull=False).values_list("handoff_id", "key"):
        there[id].add(("checklist", key))
    for id, slot, at in Document.objects.filter(**here).values_list("handoff_id", "slot", "attached_at"):
        if at <= offered[id]:
            there[id].add(("documents", slot))
    # What was changed afterwards is changed back, the newest first.
    changes = Event.objects.filter(**here, verb__in=[Verb.EDIT, Verb.TICK]).order_by("handoff_id", "-seq")
    for id, at, verb, facts in changes.values_list("handoff_id", "at", "verb", "facts"):
        if at > offered[id]:
            for key, was_there in _before(Verb(verb), facts):
                (there[id].add if was_there else there[id].discard)(key)
    return there


def _before(verb: Verb, facts: Mapping[str, Any]) -> Iterable[tuple[Key, bool]]:
    """What a change says about what was there before it."""
    if verb is Verb.TICK:
        return [(("checklist", facts["key"]), facts["ticked"] != "ticked")]
    return [(("context", key), is_given(former)) for key, (former, _) in facts.get("context", {}).items()]
