"""Versions of templates: a draft is written here, a published one can only be read."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from handoffs.actions.templates import publish, write
from handoffs.actions.templates.write import PROMISES
from handoffs.models import TemplateVersion
from portal.admin.acting import act
from portal.admin.base import Section
from portal.admin.fields import TimeField
from portal.admin.gate import EVERY_PART, member_of
from portal.admin.ladders import newest_ladders
from portal.admin.marks import button, column
from portal.admin.parts import (
    FieldBlocks,
    FieldLines,
    ItemBlocks,
    ItemLines,
    SlotBlocks,
    SlotLines,
    parts_of,
)
from portal.admin.site import site
from portal.admin.templates import version_page
from portal.durations import write_time
from tenants.models import Member

OWN = ("instructions", "target_team", *PROMISES, "ladder", "read_back")


READ = ("instructions", "receives", "accept", "start", "complete", "answer", "ladder", "read_back", "published")


class VersionForm(forms.ModelForm[TemplateVersion]):
    """The promises of a version in words."""

    accept_within = TimeField(required=False, help_text="Working time, like 4 h or 30 m. Empty means 4 h.")
    start_within = TimeField(required=False, help_text="Working time from acceptance, like 8 h. Empty means 8 h.")
    complete_within = TimeField(required=False, help_text="Working time, like 16 h. Empty means no promise.")
    answer_within = TimeField(required=False, help_text="Working time to answer a question. Empty means 4 h.")


@admin.register(TemplateVersion, site=site)
class VersionSection(Section):
    """One version with everything it asks for; reached from its template."""

    open_to = EVERY_PART
    form = VersionForm
    fields = OWN
    inlines = (FieldBlocks, ItemBlocks, SlotBlocks)
    read_only_inlines = (FieldLines, ItemLines, SlotLines)
    actions_detail = ("template_page", "publish_page")
    can_add = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateVersion]:
        """With the template's name."""
        return super().get_queryset(request).select_related("template", "target_team", "ladder")

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """All of them can be read."""
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only while it is a draft."""
        return super().has_change_permission(request, obj) and (obj is None or _is_draft(obj))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Blocks to write a draft in, lines to read."""
        return self.inlines if self._is_written(request, obj) else self.read_only_inlines

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is only read is told in words."""
        return OWN if self._is_written(request, obj) else READ

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing of a draft for those who write it, everything otherwise."""
        return () if self._is_written(request, obj) else self.get_fields(request, obj)

    def _is_written(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    @column("Goes to")
    def receives(self, version: TemplateVersion) -> str:
        """The team it is offered to unless somebody else is chosen."""
        return version.target_team.name if version.target_team else "–"

    @column("Time to accept")
    def accept(self, version: TemplateVersion) -> str:
        """In words."""
        return write_time(version.accept_within) if version.accept_within else "4 h, as nothing is said"

    @column("Time to start")
    def start(self, version: TemplateVersion) -> str:
        """In words."""
        return write_time(version.start_within) if version.start_within else "8 h, as nothing is said"

    @column("Time to answer")
    def answer(self, version: TemplateVersion) -> str:
        """In words."""
        return write_time(version.answer_within) if version.answer_within else "4 h, as nothing is said"

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
            parts=[part for formset in formsets for part in parts_of(formset)],
            **{name: form.cleaned_data[name] for name in OWN},
            by=member_of(request),
            at=timezone.now(),
        )

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """One publishes once."""
        version = self.get_object(request, object_id)
        found = super().get_actions_detail(request, object_id)
        return [each for each in found if _is_draft(version) or not each.action_name.endswith("publish_page")]

    @button("Template", "template", icon="arrow_upward", harmless=True)
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


def _is_draft(version: TemplateVersion | None) -> bool:
    return version is not None and not version.is_frozen
