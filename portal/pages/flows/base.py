"""What the pages of flows share: who gets there, and the flow in the address."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from handoffs.models import Flow, FlowVersion
from portal.pages.base import ActingPage, Page
from tenants.models import Member, Role


class FlowsPage(Page):
    """For the organization's own people; clients find nothing here. Where it `changes` flows, for those who run it."""

    changes = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for clients, 403 for those who may only read."""
        member: Member | None = getattr(request, "member", None)
        if member is not None and member.role == Role.CLIENT:
            raise Http404
        if member is not None and self.changes and not may_change(member):
            raise PermissionDenied("Flows are written by those who run the organization.")
        return super().dispatch(request, *args, **kwargs)


class FlowPage(FlowsPage):
    """One flow; another organization's is 404."""

    @cached_property
    def flow(self) -> Flow:
        """The one in the address."""
        flow = Flow.objects.filter(organization_id=self.member.organization_id, pk=self.kwargs["pk"]).first()
        if flow is None:
            raise Http404
        return flow

    @cached_property
    def versions(self) -> list[FlowVersion]:
        """Newest first."""
        versions = list(self.flow.versions.select_related("published_by").order_by("-number"))
        for version in versions:
            version.flow = self.flow
        return versions

    @property
    def draft(self) -> FlowVersion | None:
        """The version being written, if any."""
        return next((version for version in self.versions if not version.is_frozen), None)

    @property
    def published(self) -> FlowVersion | None:
        """The newest published one, if any."""
        return next((version for version in self.versions if version.is_frozen), None)


class FlowActing(FlowPage, ActingPage):
    """A page of one flow that changes something."""

    changes = True


def may_change(member: Member) -> bool:
    """Does this person run the organization?"""
    return member.is_able and member.runs_the_organization
