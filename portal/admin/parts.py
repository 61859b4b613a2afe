"""The parts of a version: fields, checklist items and places for documents, to write in a draft or to read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify

from handoffs.definition.models import Part
from handoffs.models import ChecklistDefinition, DocumentSlot, FieldDefinition
from portal.admin.base import Blocks, Lines
from portal.admin.fields import LinesField
from portal.admin.marks import column

KEY_HELP = "For integrations; made from the label when empty."


class PartForm(forms.ModelForm[Any]):
    """One part; its key may be left to us."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if self.instance.pk:
            self.instance.get_inline_title = _title(self.instance)
        if "key" in self.fields:
            self.fields["key"].required = False
            self.fields["key"].help_text = KEY_HELP
        if "position" in self.fields:
            self.fields["position"].required = False

    def clean(self) -> dict[str, Any]:
        """A part without a key is known by its label."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["position"] = cleaned.get("position") or 0
        if not cleaned.get("key") and cleaned.get("label"):
            cleaned["key"] = slugify(cleaned["label"])[:40].replace("-", "_") or "part"
        return cleaned


class FieldForm(PartForm):
    """A field with its choices, one a line."""

    choices = LinesField(help_text="One a line, for a field to choose in.")


class SlotForm(PartForm):
    """A place for documents with the types it takes, one a line."""

    accepts = LinesField(help_text="Media types, one a line, like application/pdf or image/*. Empty takes all.")


class PartBlocks(Blocks):
    """Parts of a version: written in a draft, read afterwards."""

    form = PartForm
    can_delete = True
    collapsible = True
    ordering = ("-side", "position", "id")
    ordering_field = "position"
    hide_ordering_field = True


class FieldBlocks(PartBlocks):
    """What the sender must give and the receiver must deliver."""

    model = FieldDefinition
    form = FieldForm
    verbose_name = "field"
    verbose_name_plural = "fields"
    fields = (("label", "type", "side"), ("required", "internal", "key_fact"), ("help", "key"), "choices", "position")


class ItemBlocks(PartBlocks):
    """What is to be ticked."""

    model = ChecklistDefinition
    verbose_name = "checklist item"
    verbose_name_plural = "checklist"
    fields = (("label", "side", "key"), ("required", "internal"), "position")


class SlotBlocks(PartBlocks):
    """Which documents belong to it."""

    model = DocumentSlot
    form = SlotForm
    verbose_name = "place for documents"
    verbose_name_plural = "documents"
    fields = (("label", "side", "key"), ("required", "internal", "limit"), "accepts", "position")


class PartLines(Lines):
    """Parts of a published version, to be read."""

    can_add = can_change = False
    ordering = ("-side", "position", "id")

    @column("Side")
    def whose(self, part: Any) -> str:
        """Whose it is."""
        return str(part.side).capitalize()

    @column("Must be there")
    def must(self, part: Any) -> str:
        """Is it required?"""
        return "Required" if part.required else "–"

    @column("Who sees it")
    def seen(self, part: Any) -> str:
        """Everybody, or all but clients."""
        return "Internal" if part.internal else "Everyone"

    @column("Key fact")
    def fact(self, part: Any) -> str:
        """Is it read back?"""
        return "Read back" if part.key_fact else "–"

    @column("Choices")
    def options(self, part: Any) -> str:
        """What can be chosen."""
        return ", ".join(part.choices) or "–"

    @column("Types")
    def types(self, part: Any) -> str:
        """Which types of documents it takes."""
        return ", ".join(part.accepts) or "All"


class FieldLines(PartLines):
    """Fields."""

    model = FieldDefinition
    verbose_name_plural = "fields"
    fields = readonly_fields = ("label", "type", "whose", "must", "seen", "fact", "options", "help")


class ItemLines(PartLines):
    """Checklist items."""

    model = ChecklistDefinition
    verbose_name_plural = "checklist"
    fields = readonly_fields = ("label", "whose", "must", "seen")


class SlotLines(PartLines):
    """Places for documents."""

    model = DocumentSlot
    verbose_name_plural = "documents"
    fields = readonly_fields = ("label", "whose", "must", "seen", "types", "limit")


def parts_of(formset: Any) -> Sequence[Part]:
    """The parts one formset leaves, in the order they were dragged into; new ones that were not moved come last."""
    kept = [
        line for line in formset.forms if line not in formset.deleted_forms and (line.instance.pk or line.has_changed())
    ]
    last = len(kept) + max((line.instance.position for line in kept), default=0)
    moved = {id(line) for line in kept if line.instance.pk or "position" in line.changed_data}
    kept.sort(key=lambda line: line.instance.position if id(line) in moved else last)
    return [line.instance for line in kept]


def _title(part: Any) -> str:
    """What a closed block says of its part: `Situation · Long text · sender, required`."""
    kind = [part.get_type_display()] if isinstance(part, FieldDefinition) else []
    facts = [part.side, *(["required"] if part.required else []), *(["internal"] if part.internal else [])]
    facts += ["key fact"] if isinstance(part, FieldDefinition) and part.key_fact else []
    return " · ".join([part.label, *kind, ", ".join(facts)])
