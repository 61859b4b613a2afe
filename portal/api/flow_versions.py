"""The versions of one flow: read, written, published, and given out as files."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.actions.flows import export_bpmn, export_flow, problems_of, publish_flow, revise_flow, write_flow
from handoffs.models import Flow, FlowVersion
from portal.api import case_shapes
from portal.api.case_rows import version_detail, version_row
from portal.api.endpoint import Endpoint
from portal.api.paging import page
from portal.api.problems import nothing_here
from portal.api.schema import download, lists, says
from portal.api.words import Text
from tenants.models import Member
from tenants.rules import must_run_the_organization


def reach_flow(member: Member, id: int) -> Flow:
    """The flow; 404 when there is none, and for clients."""
    flow = Flow.objects.filter(organization_id=member.organization_id, pk=id).first()
    if flow is None or member.role == Member.Role.CLIENT:
        raise nothing_here()
    return flow


def reach_version(member: Member, flow: int, number: int) -> FlowVersion:
    """One version of it. Raises Missing, and Forbidden not_an_admin where it is a draft and the reader writes none."""
    versions = FlowVersion.objects.filter(organization_id=member.organization_id, flow_id=flow, number=number)
    found = versions.select_related("flow").first()
    if found is None or member.role == Member.Role.CLIENT:
        raise nothing_here()
    if not found.is_frozen:
        must_run_the_organization(member)
    return found


def told(version: FlowVersion, reader: Member) -> case_shapes.FlowVersion:
    """The version; a draft with what is wrong with it."""
    return version_detail(version, () if version.is_frozen else problems_of(version, reader))


class Versions(Endpoint):
    """All versions of a flow."""

    @extend_schema(
        operation_id="list_flow_versions",
        tags=["flows"],
        summary="List the versions of a flow",
        responses=lists(
            case_shapes.FlowVersionRow, "The newest first, all on one page; the draft for those who may edit it.", 404
        ),
    )
    def get(self, request: Request, flow: int) -> Response:
        """Newest first."""
        known = reach_flow(self.member, flow)
        versions = known.versions.select_related("flow").defer("document").order_by("-number")
        if not self.member.runs_the_organization:
            versions = versions.filter(published_at__isnull=False)
        return page(request, [version_row(version) for version in versions], None)


class OneVersion(Endpoint):
    """One version."""

    @extend_schema(
        operation_id="read_flow_version",
        tags=["flows"],
        summary="Read one version of a flow",
        responses=says(case_shapes.FlowVersion, "Its document, and what keeps a draft from being published.", 403, 404),
    )
    def get(self, request: Request, flow: int, number: int) -> Response:
        """The version, also when a newer one is in use or the flow is retired."""
        return Response(told(reach_version(self.member, flow, number), self.member))


class FlowFile(Endpoint):
    """A version as it travels."""

    @extend_schema(
        operation_id="export_flow",
        tags=["flows"],
        summary="Export a flow",
        responses={
            **says(case_shapes.FlowVersion, "", 403, 404),
            200: OpenApiResponse({"type": "object"}, description="See `flow_file_schema/`; `POST flows/` takes it."),
        },
    )
    def get(self, request: Request, flow: int, number: int) -> Response:
        """Its document with its name, and names for everything that it names."""
        return Response(export_flow(reach_version(self.member, flow, number), self.member))


class BpmnFile(Endpoint):
    """A version in BPMN."""

    @extend_schema(
        operation_id="export_flow_as_bpmn",
        tags=["flows"],
        summary="Export a flow as BPMN 2.0",
        responses={**says(case_shapes.FlowVersion, "", 403, 404), **download("The XML, as attachment.")},
    )
    def get(self, request: Request, flow: int, number: int) -> HttpResponse:
        """Always an attachment."""
        version = reach_version(self.member, flow, number)
        answer = HttpResponse(export_bpmn(version, self.member), content_type="application/xml; charset=utf-8")
        name = f"{slugify(version.flow.name) or 'flow'}-v{number}.bpmn"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class PublishFlow(serializers.Serializer[Any]):
    """Freezes the draft: new cases run by it, and neither it nor what its names mean ever changes again."""

    base = Text(
        max_length=64,
        required=False,
        help_text="The `fingerprint` of what you looked at; changed by somebody else since, it is refused.",
    )


class WriteFlow(PublishFlow):
    """Replaces the draft's document, which must be well formed; whether it makes sense is asked when publishing."""

    document = serializers.DictField(help_text="See `flow_schema/`.")


class Revise(Endpoint):
    """The next draft."""

    @extend_schema(
        operation_id="revise_flow",
        tags=["flows"],
        summary="Open the draft of the next version",
        description="The draft that is there, or a copy of the newest version.",
        request=None,
        responses=says(case_shapes.FlowVersion, "The draft.", 403, 404),
    )
    def post(self, request: Request, flow: int) -> Response:
        """Twice it is the same draft."""
        known = reach_flow(self.member, flow)
        return Response(told(revise_flow(flow=known, by=self.member, at=timezone.now()), self.member))


_ANSWERS = says(case_shapes.FlowVersion, "The version as it is now.", 400, 403, 404, 409, 413, 415, 422)


class Write(Endpoint):
    """Another document."""

    @extend_schema(
        operation_id="write_flow",
        tags=["flows"],
        summary="Write the draft of a flow",
        description=WriteFlow.__doc__,
        request=WriteFlow,
        responses=_ANSWERS,
    )
    def post(self, request: Request, flow: int, number: int) -> Response:
        """The draft, with what is wrong with it by now."""
        version = reach_version(self.member, flow, number)
        words = self.words(WriteFlow, request.data)
        return Response(told(write_flow(version=version, by=self.member, at=timezone.now(), **words), self.member))


class Publish(Endpoint):
    """From now on."""

    @extend_schema(
        operation_id="publish_flow",
        tags=["flows"],
        summary="Publish the draft of a flow",
        description=f"{PublishFlow.__doc__} Refused with 422 `flow_has_problems`, it tells all of them in `problems`.",
        request=PublishFlow,
        responses=_ANSWERS,
    )
    def post(self, request: Request, flow: int, number: int) -> Response:
        """Twice changes nothing."""
        version = reach_version(self.member, flow, number)
        words = self.words(PublishFlow, request.data)
        return Response(told(publish_flow(version=version, by=self.member, at=timezone.now(), **words), self.member))
