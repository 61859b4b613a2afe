"""Retire a flow: no new case of it begins; running ones go on."""

from datetime import datetime

from handoffs.models import Flow
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization


def retire_flow(*, flow: Flow, by: Member, at: datetime, retired: bool = True) -> Flow:
    """Retires it, or brings it back; twice changes nothing. Raises Forbidden not_an_admin."""
    must_be_home(by, flow)
    must_run_the_organization(by)
    locked = Flow.objects.select_for_update().get(organization_id=by.organization_id, pk=flow.pk)
    if retired != (locked.retired_at is not None):
        locked.retired_at = at if retired else None
        locked.save(update_fields=["retired_at"])
    return locked
