"""Share one handoff beyond its workspace, and stop sharing it. Sharing lets people see it, nothing more."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission

from handoffs.actions.note import note
from handoffs.handoff import Handoff
from handoffs.lifecycle import Party
from handoffs.parties import parties
from handoffs.refusals import Forbidden, Invalid
from handoffs.sharing import HandoffTeamPermission, HandoffUserPermission
from tenants.models import Member, Team

_MAY_SHARE = {Party.CUSTODIAN, Party.COORDINATOR}


def share(handoff: Handoff, *, by: Member, at: datetime, to: Team | Member) -> Handoff:
    """Lets a team or a member see this handoff; an internal note keeps who did it. Twice changes nothing.

    Raises `Forbidden` for others than the custodian and workspace managers, `Invalid` for a client where the
    workspace is internal.
    """
    _refuse(handoff, by, to)
    if _rows(handoff, to).exists():
        return handoff
    permission = Permission.objects.get(content_type__app_label="handoffs", codename="view_handoff")
    here: dict[str, Any] = {"organization_id": by.organization_id, "content_object": handoff, "permission": permission}
    if isinstance(to, Team):
        HandoffTeamPermission.objects.create(group_id=to.group_id, **here)
    else:
        HandoffUserPermission.objects.create(user_id=to.user_id, **here)
    return note(handoff, by=by, at=at, body=f"Shared with {to.name}.", internal=True)


def unshare(handoff: Handoff, *, by: Member, at: datetime, to: Team | Member) -> Handoff:
    """Takes the sharing back; those who see it by their workspace still do."""
    _refuse(handoff, by, to)
    if not _rows(handoff, to).exists():
        return handoff
    _rows(handoff, to).delete()
    return note(handoff, by=by, at=at, body=f"No longer shared with {to.name}.", internal=True)


def _rows(handoff: Handoff, to: Team | Member) -> Any:
    here = {"organization_id": handoff.organization_id, "content_object_id": handoff.id}
    if isinstance(to, Team):
        return HandoffTeamPermission.objects.filter(**here, group_id=to.group_id)
    return HandoffUserPermission.objects.filter(**here, user_id=to.user_id)


def _refuse(handoff: Handoff, by: Member, to: Team | Member) -> None:
    if to.organization_id != by.organization_id or (isinstance(to, Member) and to.user_id is None):
        raise Invalid("There is nobody like that here.", code="not_here", details={"field": "to"})
    if not _MAY_SHARE & parties(handoff, by) or by.role == Member.Role.CLIENT:
        raise Forbidden("Only the custodian or a workspace manager can share this.", code="not_yours")
    client = to.is_client if isinstance(to, Team) else to.role == Member.Role.CLIENT
    if client and not handoff.workspace.is_client:
        raise Invalid(f"{handoff.workspace.name} is internal; clients cannot see it.", code="not_for_clients")
