"""What travels with a handoff, as far as one reader may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from handoffs.definition.fields import is_given
from handoffs.definition.specification import Field, Slot, Specification, specification
from handoffs.insight.place import Source
from handoffs.models import ChecklistItem, Document, Handoff, Link, Note, Question, Side
from handoffs.packet.models import Packed
from handoffs.parts import records_of
from handoffs.reading_back import covered
from portal.shown import shown_value
from tenants.models import Member, Role

P = TypeVar("P", bound=Packed)

Fact = tuple[str, str, bool]
COVERED = "Hidden until you have read it back"


@dataclass(frozen=True)
class Place:
    """A place for documents with what lies in it."""

    key: str
    label: str
    required: bool
    internal: bool
    documents: Sequence[Document]


class Packet:
    """Context, result, checklist, documents, links, notes and questions; one query each, when asked for."""

    def __init__(self, handoff: Handoff, member: Member, now: datetime) -> None:
        self.handoff = handoff
        self.member = member
        self.now = now
        self._is_client = member.role == Role.CLIENT

    @cached_property
    def asked(self) -> Specification:
        """What the template asks for."""
        return specification(self.handoff.template_version)

    def fields(self, side: Side) -> tuple[Field, ...]:
        """The template's fields of one side that this reader may know of."""
        return self.asked.side(side, internal=not self._is_client)

    @cached_property
    def covered(self) -> frozenset[str]:
        """The key facts that this reader would restate on accepting."""
        return covered(self.handoff, self.member)

    @cached_property
    def context(self) -> list[Fact]:
        """What was handed over, as (name, value, internal)."""
        return self._facts(Side.SENDER, self.handoff.context)

    @cached_property
    def result(self) -> list[Fact]:
        """What came of it."""
        return self._facts(Side.RECEIVER, self.handoff.result)

    def told_context(self, sources: Mapping[str, Source]) -> list[tuple[str, str, bool, Source | None]]:
        """The same, each value with where it came from."""
        given = [field for field in self.fields(Side.SENDER) if is_given(self.handoff.context.get(field.key))]
        return [(*fact, sources.get(field.key)) for fact, field in zip(self.context, given, strict=True)]

    def _facts(self, side: Side, values: Mapping[str, Any]) -> list[Fact]:
        return [
            (field.label, self._told(side, field, values[field.key]), field.internal)
            for field in self.fields(side)
            if is_given(values.get(field.key))
        ]

    def _told(self, side: Side, field: Field, value: Any) -> str:
        return COVERED if side is Side.SENDER and field.key in self.covered else self.shown(field, value)

    def shown(self, field: Field, value: Any) -> str:
        """A value of this field as its reader reads it."""
        return shown_value(field, value, self._names if field.type.name == "member" else {}, self.now)

    @cached_property
    def _names(self) -> Mapping[int, str]:
        """The names behind member fields, all at once."""
        values = {Side.SENDER: self.handoff.context, Side.RECEIVER: self.handoff.result}
        ids = {values[f.side].get(f.key) for f in self.asked.fields if f.type.name == "member"} - {None}
        members = Member.objects.filter(organization_id=self.handoff.organization_id, id__in=ids)
        return dict(members.values_list("id", "name"))

    @cached_property
    def checklist(self) -> list[ChecklistItem]:
        """The items of both sides, the sender's first."""
        items = self._read(ChecklistItem, "side, position, id", "ticked_by")
        return sorted(items, key=lambda item: (item.side != Side.SENDER, item.position))

    @property
    def ticked(self) -> int:
        """How many items are done."""
        return sum(item.ticked_at is not None for item in self.checklist)

    @cached_property
    def documents(self) -> list[Document]:
        """Every version of every document."""
        return self._read(Document, "name, version DESC")

    @property
    def latest(self) -> int:
        """How many documents there are, each version but the newest left out."""
        return sum(document.is_latest for document in self.documents)

    @cached_property
    def places(self) -> list[Place]:
        """The template's places with their documents, then whatever else is attached."""
        slots = [slot for slot in self.asked.slots if not (self._is_client and slot.internal)]
        known = {slot.key for slot in slots}
        places = [self._place(slot) for slot in slots]
        others = [document for document in self.documents if document.slot not in known]
        return [*places, Place("", "Other documents" if places else "", False, False, others)] if others else places

    def _place(self, slot: Slot) -> Place:
        lying = [document for document in self.documents if document.slot == slot.key]
        return Place(slot.key, slot.label, slot.required, slot.internal, lying)

    @cached_property
    def links(self) -> list[Link]:
        """Addresses elsewhere."""
        return self._read(Link, "id")

    @cached_property
    def notes(self) -> list[Note]:
        """What people wrote beside the work."""
        return self._read(Note, "id", "written_by")

    @cached_property
    def questions(self) -> list[Question]:
        """Every question, answered or not."""
        return self._read(Question, "id", "asked_by", "asked_member", "asked_team", "answered_by")

    def _read(self, model: type[P], order: str, *along: str) -> list[P]:
        """What `visible_to` would let this reader see of it."""
        return records_of(self.handoff, model, order, *along, where="NOT one.internal" if self._is_client else "true")
