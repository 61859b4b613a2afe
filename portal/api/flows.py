"""Flows: what a case can be launched of, their documents, and the schema these follow."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.flows import document
from handoffs.insight.case_list import launchable
from handoffs.models import FlowVersion
from portal.api import case_shapes
from portal.api.case_rows import flow_detail, flow_row
from portal.api.endpoint import Endpoint
from portal.api.paging import page
from portal.api.problems import nothing_here
from portal.api.schema import lists, says
from tenants.models import Member


class Flows(Endpoint):
    """The flows in use."""

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
