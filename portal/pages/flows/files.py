"""Flows as files: taken in, given out, and what such a file looks like."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.text import slugify

from handoffs.actions.flows import export_flow, import_flow
from handoffs.flows.files import FILE_SCHEMA
from handoffs.models import FlowVersion
from portal.forms.base import ActionForm
from portal.forms.flows.files import ImportForm
from portal.pages.base import ActingPage
from portal.pages.flows.base import FlowPage, FlowsPage


class Import(FlowsPage, ActingPage):
    """A file becomes the draft of a new flow, or is refused with everything that is wrong with it."""

    changes = True
    template = "flows/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> ImportForm:
        """A file, and a name in the place of its own."""
        return ImportForm(*given)

    def act(self, form: ActionForm) -> FlowVersion:
        """The one call."""
        return import_flow(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The form with the whole list."""
        problems = form.refusal.details.get("problems", []) if form.refusal else []
        return self.show(status, form=form, problems=problems)

    def after(self, done: Any) -> HttpResponse:
        """On to the editor, with what was understood."""
        roles, steps = (len(done.document.get(what, ())) for what in ("roles", "steps"))
        counted = f"{steps} step{'s' * (steps != 1)} and {roles} role{'s' * (roles != 1)}"
        sentence = f"Taken in as a draft: “{done.flow.name}” with {counted}."
        return self.told(sentence, reverse("flow_edit", args=[done.flow_id]))


class Export(FlowPage):
    """A version as a file to keep."""

    http_method_names = ["get", "head", "options"]
    changes = True

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Always an attachment."""
        version = next((version for version in self.versions if version.number == number), None)
        if version is None:
            raise Http404
        text = json.dumps(export_flow(version, self.member), indent=2, ensure_ascii=False) + "\n"
        return attachment(text, f"{slugify(self.flow.name) or 'flow'}-v{number}.json", "application/json")


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
