"""Share: lets people see one handoff beyond its workspace, and add to it; it makes nobody a receiver."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission

from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from handoffs.refusals import Invalid
from handoffs.sharing import HandoffTeamPermission, HandoffUserPermission
from tenants.models import Member, Team


def share(handoff: Handoff, *, by: Member, at: datetime, to: Team | Member) -> Handoff:
    """Lets a team or a member see this handoff, and tells them; twice changes nothing.

    Raises `Invalid` not_here, cannot_see or not_for_clients.
    """
    must_be_somebody_here(by, to)
    with passage(handoff, Verb.SHARE, by=by, at=at) as step:
        if step.is_repeat(sharing_with(handoff, to).exists() and step.is_possible()):
            return step.handoff
        _must_be_able_to_see(step.handoff, to)
        permission = Permission.objects.get(content_type__app_label="handoffs", codename="view_handoff")
        here: dict[str, Any] = {"organization_id": by.organization_id, "content_object_id": handoff.pk}
        if isinstance(to, Team):
            HandoffTeamPermission.objects.create(**here, group_id=to.group_id, permission=permission)
        else:
            HandoffUserPermission.objects.create(**here, user_id=to.user_id, permission=permission)
        step.record(internal=not is_client(to), **facts_of(to))
    return step.handoff


def sharing_with(handoff: Handoff, to: Team | Member) -> Any:
    """The row that lets this team or member see the handoff, if there is one."""
    here = {"organization_id": handoff.organization_id, "content_object_id": handoff.id}
    if isinstance(to, Team):
        return HandoffTeamPermission.objects.filter(**here, group_id=to.group_id)
    return HandoffUserPermission.objects.filter(**here, user_id=to.user_id)


def facts_of(to: Team | Member) -> dict[str, Any]:
    """Whom it is about, as the event keeps it."""
    is_team = isinstance(to, Team)
    return {"whom": to.name, "to_team": to.pk if is_team else None, "to_member": None if is_team else to.pk}


def is_client(to: Team | Member) -> bool:
    """A client, or a client's team. Who else of our own people looks on is no business of a client's."""
    return to.is_client if isinstance(to, Team) else to.role == Member.Role.CLIENT


def must_be_somebody_here(by: Member, to: Team | Member) -> None:
    """Refuse another organization's people, in the words for nobody at all, and the product itself."""
    if to.organization_id != by.organization_id or (isinstance(to, Member) and to.user_id is None):
        raise Invalid("There is nobody like that here.", code="not_here", details={"field": "to"})


def _must_be_able_to_see(handoff: Handoff, to: Team | Member) -> None:
    if is_client(to) and not handoff.workspace.is_client:
        sentence = f"{handoff.workspace.name} is internal; clients cannot see it."
        raise Invalid(sentence, code="not_for_clients", details={"field": "to"})
    gone = to.closed_at is not None if isinstance(to, Team) else not to.is_able
    if gone:
        why = "is closed" if isinstance(to, Team) else "is not here any more"
        raise Invalid(f"{to.name} {why}; share it with somebody else.", code="cannot_see", details={"field": "to"})
