"""Flows: what a case can be launched of, files that become flows, and the schemas that these follow."""

import json
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.actions.flows import import_bpmn, import_flow, problems_of
from handoffs.flows import document
from handoffs.flows.files import FILE_SCHEMA
from handoffs.insight.case_list import launchable
from handoffs.models import FlowVersion
from portal.api import case_shapes
from portal.api.case_rows import flow_detail, flow_row, version_detail
from portal.api.endpoint import Endpoint
from portal.api.paging import page
from portal.api.parsing import JSON, XML
from portal.api.problems import nothing_here
from portal.api.repeating import PARAMETER, answer_once
from portal.api.schema import lists, says
from portal.api.words import Text
from tenants.models import Member

_FILES: dict[str, Any] = {
    "application/json": {"type": "object", "description": "An exported flow, see `flow_file_schema/`."},
    "application/xml": {"type": "string", "description": "A process in BPMN 2.0."},
}


class ImportName(serializers.Serializer[object]):
    """What the flow is called here."""

    name = Text(max_length=120, required=False, help_text="In the place of the name that the file has.")


class Flows(Endpoint):
    """The flows in use, and another one out of a file."""

    parser_classes = [JSON, XML]

    @extend_schema(
        operation_id="list_flows",
        tags=["flows"],
        summary="List flows",
        responses=lists(case_shapes.FlowRow, "Every flow in use, as its newest published version; all on one page."),
    )
    def get(self, request: Request) -> Response:
        """Flows in use; clients launch no cases and are told of none."""
        versions = () if self.member.role == Member.Role.CLIENT else launchable(self.member)
        return page(request, [flow_row(version) for version in versions], None)

    @extend_schema(
        operation_id="import_flow",
        tags=["flows"],
        summary="Import a flow",
        description=(
            "A file becomes the draft of a new flow. Refused with 422, it tells everything that is wrong: `problems`, "
            "each with its `place` in the document, `sentence` and `code`, or for BPMN `strange`, each with its "
            "element, `line`, `sentence` and `code`."
        ),
        parameters=[PARAMETER, ImportName],
        request=_FILES,
        responses=says(
            case_shapes.ImportedFlow,
            "The draft, what keeps it from being published, and its address in `Location`.",
            *(400, 403, 409, 413, 415, 422),
            status=201,
        ),
    )
    def post(self, request: Request) -> Response:
        """A new draft, made once under its key."""
        at = timezone.now()
        made = answer_once(request, self.member, at, lambda: self._taken_in(request, at))
        address = reverse("api:flow_version", args=[made["id"], made["version"]])
        return Response(made, status=201, headers={"Location": address})

    def _taken_in(self, request: Request, at: datetime) -> case_shapes.ImportedFlow:
        words = {**self.words(ImportName, request.query_params), "by": self.member, "at": at}
        notes: list[str] = []
        sent: Any = request.data
        if isinstance(sent, bytes):
            imported = import_bpmn(text=sent, **words)
            draft, notes = imported.version, list(imported.notes)
        else:
            draft = import_flow(text=json.dumps(sent), **words)
        return {**version_detail(draft, problems_of(draft, self.member)), "notes": notes}


class OneFlow(Endpoint):
    """One flow."""

    @extend_schema(
        operation_id="read_flow",
        tags=["flows"],
        summary="Read a flow",
        responses=says(case_shapes.Flow, "Its newest published version, and what launching a case of it takes.", 404),
    )
    def get(self, request: Request, flow: int) -> Response:
        """The newest published version."""
        versions = FlowVersion.objects.filter(organization_id=self.member.organization_id).current()
        found = versions.filter(flow_id=flow).select_related("flow").first()
        if found is None or self.member.role == Member.Role.CLIENT:
            raise nothing_here()
        return Response(flow_detail(found))


class FlowSchema(Endpoint):
    """The schema of documents."""

    @extend_schema(
        operation_id="read_flow_schema",
        tags=["flows"],
        summary="Read the schema of flow documents",
        responses={200: OpenApiResponse({"type": "object"}, description="JSON Schema (2020-12).")},
    )
    def get(self, request: Request) -> Response:
        """What a flow's document looks like."""
        return Response(document.SCHEMA)


class FlowFileSchema(Endpoint):
    """The schema of files."""

    @extend_schema(
        operation_id="read_flow_file_schema",
        tags=["flows"],
        summary="Read the schema of exported flows",
        responses={200: OpenApiResponse({"type": "object"}, description="JSON Schema (2020-12).")},
    )
    def get(self, request: Request) -> Response:
        """What a file that travels looks like: the document with its name and what it is for."""
        return Response(FILE_SCHEMA)
