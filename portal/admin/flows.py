"""Flows: each with its versions; made, renamed, taken in from a file, revised and retired by the actions alone."""

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

from handoffs.actions.flows import create_flow, import_bpmn, import_flow, retire_flow, revise_flow, update_flow
from handoffs.flows.document import LARGEST
from handoffs.models import Flow, FlowVersion
from portal.admin.acting import act
from portal.admin.base import Lines, Section
from portal.admin.gate import EVERY_PART, member_of
from portal.admin.marks import button, column
from portal.admin.site import site
from tenants.models import Member


class FileForm(forms.Form):
    """A flow as a file."""

    file = forms.FileField(help_text="As another organization exported it, or a process in BPMN 2.0 XML.")
    name = forms.CharField(required=False, max_length=120, help_text="In the place of its own name.")


class FlowVersionLines(Lines):
    """Every version, newest first; each has a page of its own."""

    model = FlowVersion
    verbose_name_plural = "versions"
    fields = readonly_fields = ("link", "state", "steps", "published")
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FlowVersion]:
        """With the names that a line shows."""
        return super().get_queryset(request).select_related("flow", "published_by").order_by("-number")

    @column("Version")
    def link(self, version: FlowVersion) -> SafeString:
        """To its page."""
        return format_html('<a class="font-semibold" href="{}">Version {}</a>', page_of(version), version.number)

    @column("State")
    def state(self, version: FlowVersion) -> str:
        """Draft, or since when it is published."""
        if version.published_at is None:
            return "Draft"
        return f"Published {timezone.localtime(version.published_at):%d %b %Y}"

    @column("Steps")
    def steps(self, version: FlowVersion) -> int:
        """How many."""
        return len(version.document.get("steps", ()))

    @column("Published by")
    def published(self, version: FlowVersion) -> str:
        """By whom."""
        return version.published_by.name if version.published_by else "–"


@admin.register(Flow, site=site)
class FlowSection(Section):
    """Flows; what each says is on the page of its version."""

    open_to = EVERY_PART
    list_display = ("name", "description", "in_use", "draft_number", "retired_at")
    search_fields = ("name", "description")
    fields = ("name", "description")
    inlines = (FlowVersionLines,)
    actions_list = ("import_page",)
    actions_detail = ("portal_page", "revise_page", "retire_page")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flow]:
        """With the number of the published version and of the draft."""
        here = {"organization_id": member_of(request).organization_id, "flow": OuterRef("pk"), "published_at": None}
        published = Max("versions__number", filter=Q(versions__published_at__isnull=False))
        rows: QuerySet[Flow] = super().get_queryset(request)
        drafts = FlowVersion.objects.filter(**here).values("number")
        return rows.annotate(published_number=published, draft=Subquery(drafts[:1]))

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """All of them can be read."""
        return rows

    def get_inlines(self, request: HttpRequest, obj: Flow | None) -> Any:
        """A new flow gets its first version by being made."""
        return self.inlines if obj else ()

    @column("In use", ordering="published_number")
    def in_use(self, flow: Any) -> str:
        """The newest published version."""
        return f"v{flow.published_number}" if flow.published_number else "–"

    @column("Draft", ordering="draft")
    def draft_number(self, flow: Any) -> str:
        """The version being written."""
        return f"v{flow.draft}" if flow.draft else "–"

    def create(self, form: Any, *, by: Member, at: datetime) -> Flow:
        """A flow with an empty draft."""
        return create_flow(**{name: form.cleaned_data[name] for name in self.fields}, by=by, at=at).flow

    def update(self, row: Flow, form: Any, *, by: Member, at: datetime) -> None:
        """Its own words."""
        if form.has_changed():
            update_flow(flow=row, **{name: form.cleaned_data[name] for name in self.fields}, by=by, at=at)

    def response_add(self, request: HttpRequest, obj: Flow, post_url_continue: str | None = None) -> HttpResponse:
        """On to the draft."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(page_of(FlowVersion.objects.get(flow=obj)))

    @button("Import", "import", icon="upload")
    def import_page(self, request: HttpRequest) -> HttpResponse:
        """Takes a file in."""
        by = member_of(request)

        def taken_in(words: dict[str, Any]) -> FlowVersion:
            text = words["file"].read(LARGEST * 4 + 1)
            given: dict[str, Any] = {"text": text, "name": words["name"], "by": by, "at": timezone.now()}
            return import_bpmn(**given).version if text.lstrip().startswith(b"<") else import_flow(**given)

        return act(
            self,
            request,
            title="Import a flow",
            button="Import",
            intro="The file becomes the draft of a new flow. What it names must be here under the same names.",
            form=FileForm,
            call=taken_in,
            done=lambda draft: f"{draft.flow.name} is there as a draft.",
            onward=page_of,
            back=reverse("admin:handoffs_flow_changelist"),
            has_files=True,
        )

    @button("In the portal", "portal", icon="open_in_new", harmless=True)
    def portal_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the editor and the sandbox."""
        return HttpResponseRedirect(reverse("flow", args=[self._flow(request, object_id).pk]))

    @button("Revise", "revise", icon="edit_note", primary=True)
    def revise_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Opens the draft of the next version."""
        flow, by = self._flow(request, object_id), member_of(request)
        return act(
            self,
            request,
            title=f"Revise {flow.name}",
            button="Revise",
            intro="A draft that begins as a copy of the newest version, or the draft that is there already. "
            "Running cases keep the version they were launched with.",
            call=lambda words: revise_flow(flow=flow, by=by, at=timezone.now()),
            done=lambda draft: f"This is the draft of version {draft.number}.",
            onward=page_of,
            back=flow_page(flow),
        )

    @button("Retire or bring back", "retire", icon="archive")
    def retire_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Retires it, or brings it back."""
        flow, by = self._flow(request, object_id), member_of(request)
        retiring = flow.retired_at is None
        return act(
            self,
            request,
            title=f"{'Retire' if retiring else 'Bring back'} {flow.name}",
            button="Retire" if retiring else "Bring back",
            intro="No new case of it begins; running ones go on." if retiring else "New cases of it may begin again.",
            call=lambda words: retire_flow(flow=flow, by=by, at=timezone.now(), retired=retiring),
            done=lambda done: f"{done.name} is {'retired' if done.retired_at else 'in use again'}.",
            back=flow_page(flow),
        )

    def _flow(self, request: HttpRequest, object_id: str) -> Flow:
        flow: Flow | None = self.get_object(request, object_id)
        if flow is None:
            raise Http404
        return flow


def flow_page(flow: Flow) -> str:
    """The address of a flow."""
    return reverse("admin:handoffs_flow_change", args=[flow.pk])


def page_of(version: FlowVersion) -> str:
    """The address of a version."""
    return reverse("admin:handoffs_flowversion_change", args=[version.pk])
