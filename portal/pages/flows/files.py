"""Flows as files: taken in, given out, and what such a file looks like."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.text import slugify

from handoffs.actions.flows import export_bpmn, export_flow, import_bpmn, import_flow
from handoffs.flows.files import FILE_SCHEMA
from handoffs.models import FlowVersion
from portal.forms.base import ActionForm
from portal.forms.flows.files import ImportForm
from portal.pages.base import ActingPage
from portal.pages.flows.base import FlowPage, FlowsPage

MOST_NOTES = 20


class Import(FlowsPage, ActingPage):
    """A file becomes the draft of a new flow, or is refused with everything that is wrong with it."""

    changes = True
    template = "flows/import.html"
    notes: Sequence[str] = ()  # what was decided in reading

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> ImportForm:
        """A file, and a name in the place of its own."""
        return ImportForm(*given)

    def act(self, form: ActionForm) -> FlowVersion:
        """The one call: what begins as XML does is a process in BPMN, anything else an exported file."""
        words = form.words()
        if not words["text"].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return import_flow(by=self.member, at=self.now, **words)
        taken = import_bpmn(by=self.member, at=self.now, **words)
        self.notes = taken.notes
        return taken.version

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form with the whole list."""
        details = form.refusal.details if form.refusal else {}
        problems = details.get("problems") or [_strange(one) for one in details.get("strange", ())]
        return self.show(status, form=form, problems=problems)

    def after(self, done: Any) -> HttpResponse:
        """On to the editor, with what was understood."""
        roles, steps = (len(done.document.get(what, ())) for what in ("roles", "steps"))
        counted = f"{steps} step{'s' * (steps != 1)} and {roles} role{'s' * (roles != 1)}"
        sentence = f"Taken in as a draft: “{done.flow.name}” with {counted}."
        for note in self.notes[:MOST_NOTES]:
            messages.info(self.request, note)
        return self.told(sentence, reverse("flow_edit", args=[done.flow_id]))


def _strange(one: Mapping[str, Any]) -> dict[str, str]:
    """An element that was not understood: where it stands, and what can be done about it."""
    called = f" “{one['name'] or one['id']}”" if one["name"] or one["id"] else ""
    element = f", {one['element']}{called}" if one["element"] else ""
    return {"place": f"line {one['line']}{element}", "sentence": one["sentence"]}


class Export(FlowPage):
    """A version as a file to keep."""

    http_method_names = ["get", "head", "options"]
    changes = True
    form = "json"

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Always an attachment."""
        version = next((version for version in self.versions if version.number == number), None)
        if version is None:
            raise Http404
        name = f"{slugify(self.flow.name) or 'flow'}-v{number}.{self.form}"
        if self.form == "bpmn":
            return attachment(export_bpmn(version, self.member), name, "application/xml")
        text = json.dumps(export_flow(version, self.member), indent=2, ensure_ascii=False) + "\n"
        return attachment(text, name, "application/json")


class Schema(FlowsPage):
    """What an exported file looks like, as JSON Schema."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The same for everybody."""
        response = JsonResponse(FILE_SCHEMA, json_dumps_params={"indent": 2})
        response["Content-Type"] = "application/schema+json"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def attachment(text: str, name: str, media_type: str) -> HttpResponse:
    """A text to be saved, never shown by us."""
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
