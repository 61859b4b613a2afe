"""Flows: a first draft, and a next draft that starts as a copy of the newest version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs.actions._words import optional
from handoffs.actions.flows._names import named_as_today
from handoffs.actions.flows.write import clean_document
from handoffs.models import Flow, FlowVersion
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization, saving


def create_flow(
    *,
    name: str,
    by: Member,
    at: datetime,
    description: str = "",
    document: Mapping[str, Any] | None = None,
    starter: str = "",
) -> FlowVersion:
    """A flow with a draft as version 1. Raises Forbidden not_an_admin, Conflict name_taken, Invalid."""
    must_run_the_organization(by)
    clean = clean_document(document if document is not None else {})
    flow = Flow(
        organization_id=by.organization_id,
        name=optional("name", name),
        description=optional("description", description),
        starter=starter,
        created_at=at,
    )
    with saving():
        flow.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        flow.save()
        return FlowVersion.objects.create(organization_id=by.organization_id, flow=flow, document=clean, created_at=at)


def revise_flow(*, flow: Flow, by: Member, at: datetime) -> FlowVersion:
    """The draft to work on: the one that is there, or a copy of the newest version. Raises Forbidden not_an_admin."""
    must_be_home(by, flow)
    must_run_the_organization(by)
    Flow.objects.select_for_update().get(organization_id=by.organization_id, pk=flow.pk)
    newest = FlowVersion.objects.select_related("flow").filter(flow=flow).latest("number")
    if not newest.is_frozen:
        return newest
    return FlowVersion.objects.create(
        organization_id=by.organization_id,
        flow=newest.flow,
        number=newest.number + 1,
        document=named_as_today(newest),
        created_at=at,
    )
