"""Versions of templates: a draft is written here, a published one can only be read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from handoffs.actions.templates import publish, write
from handoffs.definition.models import Part
from handoffs.models import ChecklistDefinition, DocumentSlot, FieldDefinition, TemplateVersion
from portal.admin.acting import act
from portal.admin.base import Blocks, Lines, Section
from portal.admin.fields import LinesField, TimeField
from portal.admin.gate import member_of
from portal.admin.ladders import newest_ladders
from portal.admin.marks import button, column
from portal.admin.site import site
from portal.admin.templates import version_page
from portal.admin.words import write_time
from tenants.models import Member

OWN = ("instructions", "target_team", "accept_within", "complete_within", "ladder")
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
    fields = (("label", "type", "side"), ("required", "internal"), ("help", "key"), "choices", "position")


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
    fields = readonly_fields = ("label", "type", "whose", "must", "seen", "options", "help")


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


class VersionForm(forms.ModelForm[TemplateVersion]):
    """The promises of a version in words."""

    accept_within = TimeField(required=False, help_text="Working time, like 4 h or 30 m. Empty means 4 h.")
    complete_within = TimeField(required=False, help_text="Working time, like 16 h. Empty means no promise.")


@admin.register(TemplateVersion, site=site)
class VersionSection(Section):
    """One version with everything it asks for; reached from its template."""

    form = VersionForm
    fields = OWN
    inlines = (FieldBlocks, ItemBlocks, SlotBlocks)
    read_only_inlines = (FieldLines, ItemLines, SlotLines)
    actions_detail = ("template_page", "publish_page")
    can_add = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateVersion]:
        """With the template's name."""
        return super().get_queryset(request).select_related("template", "target_team", "ladder")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only while it is a draft."""
        return super().has_change_permission(request, obj) and (obj is None or _is_draft(obj))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Blocks to write a draft in, lines to read what is published."""
        return self.inlines if _is_draft(obj) else self.read_only_inlines

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is only read is told in words."""
        return OWN if _is_draft(obj) else ("instructions", "target_team", "accept", "complete", "ladder", "published")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing of a draft, everything of a published version."""
        return () if _is_draft(obj) else self.get_fields(request, obj)

    @column("Time to accept")
    def accept(self, version: TemplateVersion) -> str:
        """In words."""
        return write_time(version.accept_within) if version.accept_within else "4 h, as nothing is said"

    @column("Time to complete")
    def complete(self, version: TemplateVersion) -> str:
        """In words."""
        return write_time(version.complete_within) if version.complete_within else "No promise"

    @column("Published")
    def published(self, version: TemplateVersion) -> str:
        """Since when, by whom."""
        if version.published_at is None:
            return "Not yet"
        return f"{timezone.localtime(version.published_at):%d %B %Y, %H:%M} by {version.published_by}"

    def choices(self, field: Any, member: Member) -> QuerySet[Any]:
        """Open teams, and the newest revision of each ladder."""
        found = super().choices(field, member)
        if field.name == "target_team":
            return found.filter(closed_at=None)
        return newest_ladders(member) if field.name == "ladder" else found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Versions are listed with their template."""
        return HttpResponseRedirect(reverse("admin:handoffs_handofftemplate_changelist"))

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not a section of its own."""
        return {}

    def update(self, row: TemplateVersion, form: Any, *, by: Member, at: datetime) -> None:
        """Own words and parts are one: `arrange` writes them."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The one call that writes the draft."""
        write(
            version=form.instance,
            parts=[part for formset in formsets for part in _parts(formset)],
            **{name: form.cleaned_data[name] for name in OWN},
            by=member_of(request),
            at=timezone.now(),
        )

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """One publishes once."""
        version = self.get_object(request, object_id)
        found = super().get_actions_detail(request, object_id)
        return [each for each in found if _is_draft(version) or not each.action_name.endswith("publish_page")]

    @button("Template", "template", icon="arrow_upward")
    def template_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Up to the template."""
        version = self._version(request, object_id)
        return HttpResponseRedirect(reverse("admin:handoffs_handofftemplate_change", args=[version.template_id]))

    @button("Publish", "publish", icon="publish", primary=True)
    def publish_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Freezes the draft; new handoffs are started with it."""
        version, by = self._version(request, object_id), member_of(request)
        return act(
            self,
            request,
            title=f"Publish {version}",
            button="Publish",
            intro="New handoffs will be started with this version. It never changes again.",
            call=lambda words: publish(version=version, by=by, at=timezone.now()),
            done=lambda published: f"Version {published.number} is published.",
            back=version_page(version),
        )

    def _version(self, request: HttpRequest, object_id: str) -> TemplateVersion:
        version: TemplateVersion | None = self.get_object(request, object_id)
        if version is None:
            raise Http404
        return version


def _title(part: Any) -> str:
    """What a closed block says of its part: `Situation · Long text · sender, required`."""
    kind = [part.get_type_display()] if isinstance(part, FieldDefinition) else []
    facts = [part.side, *(["required"] if part.required else []), *(["internal"] if part.internal else [])]
    return " · ".join([part.label, *kind, ", ".join(facts)])


def _is_draft(version: TemplateVersion | None) -> bool:
    return version is not None and not version.is_frozen


def _parts(formset: Any) -> Sequence[Part]:
    """The parts one formset leaves, in the order they were dragged into; new ones that were not moved come last."""
    kept = [
        line for line in formset.forms if line not in formset.deleted_forms and (line.instance.pk or line.has_changed())
    ]
    last = len(kept) + max((line.instance.position for line in kept), default=0)
    moved = {id(line) for line in kept if line.instance.pk or "position" in line.changed_data}
    kept.sort(key=lambda line: line.instance.position if id(line) in moved else last)
    return [line.instance for line in kept]
