"""A version as plain data: drives the form, the API schema and the validation alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from handoffs.definition.fields import FIELD_TYPES, FieldType, is_given
from handoffs.definition.models import (
    ChecklistDefinition,
    DocumentSlot,
    FieldDefinition,
    TemplateVersion,
)
from handoffs.refusals import Shortfall
from handoffs.sides import Side


@dataclass(frozen=True)
class Field:
    """One field to fill."""

    key: str
    label: str
    side: Side
    type: FieldType
    required: bool = False
    internal: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    key_fact: bool = False

    def clean(self, value: Any) -> Any:
        """The value as it is stored, None when nothing was given; ValueError with a sentence otherwise."""
        if not is_given(value):
            return None
        try:
            return self.type.clean(value, self.choices)
        except ValueError as error:
            raise ValueError(f"{self.label} {error}.") from None

    def schema(self) -> dict[str, Any]:
        return {"title": self.label, **({"description": self.help} if self.help else {})} | self.type.schema(
            self.choices
        )


@dataclass(frozen=True)
class Item:
    """One checklist item."""

    key: str
    label: str
    side: Side
    required: bool
    internal: bool


@dataclass(frozen=True)
class Slot:
    """One place for documents."""

    key: str
    label: str
    side: Side
    required: bool
    internal: bool
    accepts: tuple[str, ...]
    limit: int

    def takes(self, media_type: str) -> bool:
        """Whether a document of this type (by content) may lie here."""
        return not self.accepts or any(
            media_type == accepted or (accepted.endswith("/*") and media_type.startswith(accepted[:-1]))
            for accepted in self.accepts
        )


@dataclass(frozen=True)
class Specification:
    """Everything one version asks for."""

    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    slots: tuple[Slot, ...] = ()

    def side(self, side: Side, *, internal: bool = True) -> tuple[Field, ...]:
        """The fields of one side; without the internal ones for a client."""
        return tuple(f for f in self.fields if f.side == side and (internal or not f.internal))

    @property
    def key_facts(self) -> tuple[Field, ...]:
        """What is read back on accepting, where the version asks for that."""
        return tuple(f for f in self.fields if f.key_fact)

    def slot(self, key: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.key == key), None)

    def clean(self, side: Side, values: Mapping[str, Any], *, internal: bool) -> tuple[dict[str, Any], list[Shortfall]]:
        """The cleaned values of one side and what is wrong with them. Unknown keys are wrong, empty ones are fine."""
        fields = {f.key: f for f in self.side(side, internal=internal)}
        part = "context" if side == Side.SENDER else "result"
        cleaned: dict[str, Any] = {}
        wrong = [Shortfall(part, key, f"There is no field “{key}”.") for key in values.keys() - fields.keys()]
        for key, value in values.items():
            if key not in fields:
                continue
            try:
                cleaned[key] = fields[key].clean(value)
            except ValueError as error:
                wrong.append(Shortfall(part, key, str(error)))
        return cleaned, wrong

    def missing(self, side: Side, values: Mapping[str, Any]) -> list[Shortfall]:
        """Required fields of one side that nobody filled."""
        part = "context" if side == Side.SENDER else "result"
        return [
            Shortfall(part, f.key, f"Fill in “{f.label}”.")
            for f in self.side(side)
            if f.required and not is_given(values.get(f.key))
        ]

    def schema(self, side: Side, *, internal: bool = True) -> dict[str, Any]:
        """JSON Schema (2020-12) of the values of one side."""
        fields = self.side(side, internal=internal)
        return {
            "type": "object",
            "properties": {f.key: f.schema() for f in fields},
            "required": [f.key for f in fields if f.required],
            "additionalProperties": False,
        }


NOTHING = Specification()


def specification(version: TemplateVersion | None) -> Specification:
    """What `version` asks for; a handoff without a template asks for nothing."""
    if version is None:
        return NOTHING
    if version.is_frozen:
        return _frozen(version.organization_id, version.id)
    return _read(version.organization_id, version.id)


@lru_cache(maxsize=2048)
def _frozen(organization_id: UUID, version_id: int) -> Specification:
    """Frozen versions never change, so one read serves the life of the process."""
    return _read(organization_id, version_id)


def _read(organization_id: UUID, version_id: int) -> Specification:
    here = {"organization_id": organization_id, "version_id": version_id}
    return Specification(
        fields=tuple(_fields(FieldDefinition.objects.filter(**here))),
        items=tuple(
            Item(i.key, i.label, Side(i.side), i.required, i.internal)
            for i in ChecklistDefinition.objects.filter(**here)
        ),
        slots=tuple(
            Slot(s.key, s.label, Side(s.side), s.required, s.internal, tuple(s.accepts), s.limit)
            for s in DocumentSlot.objects.filter(**here)
        ),
    )


def _fields(rows: Iterable[FieldDefinition]) -> Iterable[Field]:
    for row in rows:
        kind = FIELD_TYPES[row.type]
        said = (row.required, row.internal, row.help, tuple(row.choices), row.key_fact)
        yield Field(row.key, row.label, Side(row.side), kind, *said)
