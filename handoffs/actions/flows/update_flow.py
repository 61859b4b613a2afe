"""Update a flow: its name, and what it is for."""

from datetime import datetime

from handoffs.actions._words import optional
from handoffs.models import Flow, FlowVersion
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization, saving


def update_flow(*, flow: Flow, name: str, by: Member, at: datetime, description: str = "") -> Flow:
    """Changes what people choose the flow by. Drafts of flows that launch it follow; twice changes nothing.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid.
    """
    must_be_home(by, flow)
    must_run_the_organization(by)
    locked = Flow.objects.select_for_update().get(organization_id=by.organization_id, pk=flow.pk)
    former, locked.name = locked.name, optional("name", name)
    locked.description = optional("description", description)
    with saving():
        locked.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        locked.save(update_fields=["name", "description"])
        if locked.name != former:
            _follow(locked, former)
    return locked


def _follow(flow: Flow, former: str) -> None:
    """Published versions are pinned to the flow itself; drafts know it by its name alone."""
    here = {"organization_id": flow.organization_id, "published_at": None}
    naming = FlowVersion.objects.filter(**here, document__steps__contains=[{"flow": former}])
    for draft in naming.select_for_update().order_by("pk"):
        steps = [step | {"flow": flow.name} if step.get("flow") == former else step for step in draft.document["steps"]]
        draft.document = {**draft.document, "steps": steps}
        draft.save(update_fields=["document"])
