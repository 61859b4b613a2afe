"""Templates: the kinds of handoff an organization knows, each with its versions."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldBooleanSwitchWidget

from handoffs.actions.templates import create_template, revise, update_template
from handoffs.models import HandoffTemplate, TemplateVersion
from portal.admin.acting import act
from portal.admin.base import Lines, Section
from portal.admin.gate import EVERY_PART, member_of
from portal.admin.marks import button, column
from portal.admin.site import site
from portal.durations import write_time
from tenants.models import Member


class TemplateForm(forms.ModelForm[HandoffTemplate]):
    """What people choose a template by."""

    retired = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="A retired template starts no new handoffs; running ones go on.",
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if "retired" in self.fields:
            self.fields["retired"].initial = self.instance.retired_at is not None


class VersionLines(Lines):
    """Every version, newest first; each has a page of its own."""

    model = TemplateVersion
    verbose_name_plural = "versions"
    fields = readonly_fields = ("link", "state", "accept", "complete", "receives", "published")
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateVersion]:
        """With the names that a line shows."""
        rows = super().get_queryset(request).select_related("template", "target_team", "published_by")
        return rows.order_by("-number")

    @column("Version")
    def link(self, version: TemplateVersion) -> SafeString:
        """To its page."""
        return format_html('<a class="font-semibold" href="{}">Version {}</a>', version_page(version), version.number)

    @column("State")
    def state(self, version: TemplateVersion) -> str:
        """Draft, or since when it is published."""
        if version.published_at is None:
            return "Draft"
        return f"Published {timezone.localtime(version.published_at):%d %b %Y}"

    @column("Goes to")
    def receives(self, version: TemplateVersion) -> str:
        """The team it is offered to unless somebody else is chosen."""
        return version.target_team.name if version.target_team else "–"

    @column("Published by")
    def published(self, version: TemplateVersion) -> str:
        """By whom."""
        return version.published_by.name if version.published_by else "–"

    @column("To accept")
    def accept(self, version: TemplateVersion) -> str:
        """Working time to accept."""
        return write_time(version.accept_within) if version.accept_within else "–"

    @column("To complete")
    def complete(self, version: TemplateVersion) -> str:
        """Working time to complete."""
        return write_time(version.complete_within) if version.complete_within else "–"


@admin.register(HandoffTemplate, site=site)
class TemplateSection(Section):
    """Templates; what each asks for is on the page of its version."""

    open_to = EVERY_PART
    form = TemplateForm
    list_display = ("name", "description", "in_use", "draft_number", "clients", "retired_at")
    list_filter = ("for_clients",)
    search_fields = ("name", "description")
    fields = ("name", "description", "for_clients", "retired")
    inlines = (VersionLines,)
    actions_detail = ("revise_page",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HandoffTemplate]:
        """With the number of the published version and of the draft."""
        drafts = TemplateVersion.objects.filter(
            organization_id=member_of(request).organization_id, template=OuterRef("pk"), published_at=None
        )
        published = Max("versions__number", filter=Q(versions__published_at__isnull=False))
        rows: QuerySet[HandoffTemplate] = super().get_queryset(request)
        return rows.annotate(published_number=published, draft=Subquery(drafts.values("number")[:1]))

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """All of them can be read."""
        return rows

    def get_fields(self, request: HttpRequest, obj: HandoffTemplate | None = None) -> Any:
        """Nothing is retired before it exists."""
        return self.fields if obj else self.fields[:-1]

    def get_inlines(self, request: HttpRequest, obj: HandoffTemplate | None) -> Any:
        """A new template gets its first version by being made."""
        return (VersionLines,) if obj else ()

    @column("In use", ordering="published_number")
    def in_use(self, template: Any) -> str:
        """The newest published version."""
        return f"v{template.published_number}" if template.published_number else "–"

    @column("Draft", ordering="draft")
    def draft_number(self, template: Any) -> str:
        """The version being written."""
        return f"v{template.draft}" if template.draft else "–"

    @column("Clients start it", ordering="for_clients")
    def clients(self, template: HandoffTemplate) -> str:
        """May they?"""
        return "Yes" if template.for_clients else "–"

    def create(self, form: Any, *, by: Member, at: datetime) -> HandoffTemplate:
        """A template with an empty draft."""
        given = form.cleaned_data
        own = {name: given[name] for name in ("name", "description", "for_clients")}
        return create_template(**own, by=by, at=at).template

    def update(self, row: HandoffTemplate, form: Any, *, by: Member, at: datetime) -> None:
        """Its own words."""
        if form.has_changed():
            own = {name: form.cleaned_data[name] for name in self.fields}
            update_template(template=row, **own, by=by, at=at)

    def response_add(
        self, request: HttpRequest, obj: HandoffTemplate, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to the draft: that is where it is told what to ask for."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(version_page(TemplateVersion.objects.get(template=obj)))

    @button("Revise", "revise", icon="edit_note", primary=True)
    def revise_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Opens the draft of the next version."""
        template = self.get_object(request, object_id)
        if template is None:
            raise Http404
        by = member_of(request)
        return act(
            self,
            request,
            title=f"Revise {template.name}",
            button="Revise",
            intro="A draft that begins as a copy of the newest version, or the draft that is there already. "
            "Handoffs that run keep the version they were started with.",
            call=lambda words: revise(template=template, by=by, at=timezone.now()),
            done=lambda draft: f"This is the draft of version {draft.number}.",
            onward=version_page,
            back=reverse("admin:handoffs_handofftemplate_change", args=[template.pk]),
        )


def version_page(version: TemplateVersion) -> str:
    """The address of a version."""
    return reverse("admin:handoffs_templateversion_change", args=[version.pk])
