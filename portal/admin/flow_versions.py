"""Versions of flows: a draft is written as its document, a published one is only read; with its problems and chart."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget

from handoffs.actions.flows import export_flow, problems_of, publish_flow, write_flow
from handoffs.flows import document as documents
from handoffs.flows.drawing import drawn
from handoffs.flows.editing import fingerprint
from handoffs.flows.versions import plan_of
from handoffs.models import FlowVersion
from portal.admin.acting import act
from portal.admin.base import Section
from portal.admin.flows import flow_page, page_of
from portal.admin.gate import EVERY_PART, member_of
from portal.admin.marks import button, column
from portal.admin.site import site
from tenants.models import Member

READ = ("version", "told_problems", "chart", "as_json")


class DocumentForm(forms.ModelForm[FlowVersion]):
    """The document as JSON, and which one it was when the page was opened."""

    text = forms.CharField(
        label="Document",
        max_length=documents.LARGEST,
        widget=UnfoldAdminTextareaWidget({"rows": 30, "spellcheck": "false"}),
        help_text="Roles and steps, as docs/flows.md describes them.",
    )
    base = forms.CharField(widget=forms.HiddenInput, max_length=64)

    class Meta:
        model = FlowVersion
        fields = ()

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if "text" in self.fields:
            self.fields["text"].initial = shown(self.instance)
            self.fields["base"].initial = fingerprint(self.instance.document)

    def clean_text(self) -> Any:
        """What it holds; everything that cannot be read, each with its place."""
        try:
            sent = documents.read_text(self.cleaned_data["text"])
            documents.read(sent)
        except documents.Unreadable as fault:
            sentences = [f"{each.place}: {each.sentence}" if each.place else each.sentence for each in fault.problems]
            raise forms.ValidationError(sentences) from None
        return sent


@admin.register(FlowVersion, site=site)
class FlowVersionSection(Section):
    """One version; reached from its flow."""

    open_to = EVERY_PART
    form = DocumentForm
    actions_detail = ("flow_link", "export_page", "publish_page")
    can_add = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[FlowVersion]:
        """With the flow's name."""
        return super().get_queryset(request).select_related("flow", "published_by")

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """All of them can be read."""
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only while it is a draft."""
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_frozen)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A draft is written as text."""
        written = obj is not None and self.has_change_permission(request, obj)
        return ("version", "told_problems", "chart", "text", "base") if written else READ

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but the text."""
        return READ

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Who asks is remembered with it: to judge a flow is for those who run the organization."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = member_of(request)
        return found

    @column("Version")
    def version(self, version: FlowVersion) -> str:
        """Which one, and how it stands."""
        if version.published_at is None:
            return f"{version.flow.name}, version {version.number}: a draft"
        since = f"{timezone.localtime(version.published_at):%d %B %Y, %H:%M}"
        return f"{version.flow.name}, version {version.number}: published {since} by {version.published_by}"

    @column("Problems")
    def told_problems(self, version: Any) -> SafeString | str:
        """Everything that is wrong with a draft, each with its place."""
        reader: Member = version.reader
        if version.is_frozen or not reader.runs_the_organization:
            return "–"
        found = [
            (each.place, each.sentence, "" if each.is_error else " (warning)") for each in problems_of(version, reader)
        ]
        items = format_html_join("", "<li><code>{}</code>: {}{}</li>", found)
        return format_html('<ul class="findings">{}</ul>', items) if found else "None: it can be published."

    @column("Chart")
    def chart(self, version: FlowVersion) -> str:
        """As the portal draws it."""
        facts = {"drawing": drawn(plan_of(version)), "title": version.flow.name}
        return render_to_string("admin/flow_chart.html", facts) if version.document.get("steps") else "No step yet"

    @column("Document")
    def as_json(self, version: FlowVersion) -> SafeString:
        """To be read."""
        return format_html('<pre class="document" tabindex="0">{}</pre>', shown(version))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Versions are listed with their flow."""
        return HttpResponseRedirect(reverse("admin:handoffs_flow_changelist"))

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not a section of its own."""
        return {}

    def update(self, row: FlowVersion, form: Any, *, by: Member, at: datetime) -> None:
        """The one call."""
        said = form.cleaned_data
        write_flow(version=row, document=said["text"], base=said["base"], by=by, at=at)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """One publishes once."""
        version = self.get_object(request, object_id)
        found = super().get_actions_detail(request, object_id)
        draft = version is not None and not version.is_frozen
        return [each for each in found if draft or not each.action_name.endswith("publish_page")]

    @button("Flow", "flow", icon="arrow_upward", harmless=True)
    def flow_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Up to the flow."""
        return HttpResponseRedirect(flow_page(self._version(request, object_id).flow))

    @button("Export", "export", icon="download")
    def export_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The file, always an attachment."""
        version = self._version(request, object_id)
        response = JsonResponse(export_flow(version, member_of(request)), json_dumps_params={"indent": 2})
        response["Content-Disposition"] = f'attachment; filename="flow-{version.flow_id}-v{version.number}.json"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    @button("Publish", "publish", icon="publish", primary=True)
    def publish_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Freezes the draft; new cases run by it."""
        version, by = self._version(request, object_id), member_of(request)
        return act(
            self,
            request,
            title=f"Publish {version}",
            button="Publish",
            intro="New cases will run by this version. It never changes again.",
            call=lambda words: publish_flow(version=version, by=by, at=timezone.now()),
            done=lambda published: f"Version {published.number} is published.",
            back=page_of(version),
        )

    def _version(self, request: HttpRequest, object_id: str) -> FlowVersion:
        version: FlowVersion | None = self.get_object(request, object_id)
        if version is None:
            raise Http404
        return version


def shown(version: FlowVersion) -> str:
    """Its document as people write it, in their order of names."""
    return json.dumps(documents.written(plan_of(version)), indent=2, ensure_ascii=False)
