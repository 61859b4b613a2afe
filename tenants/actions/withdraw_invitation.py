"""Withdraw an invitation."""

from datetime import datetime

from tenants.models import Invitation, Member, Role
from tenants.refusals import Conflict
from tenants.rules import must_be_home, must_run_the_organization


def withdraw_invitation(*, invitation: Invitation, by: Member, at: datetime) -> Invitation:
    """Make an invitation useless from now on; done twice, the first time counts. A client withdraws their own.

    Raises Forbidden not_an_admin, Conflict invitation_used.
    """
    must_be_home(by, invitation)
    if not (by.role == Role.CLIENT and by.is_able and invitation.invited_by_id == by.pk):
        must_run_the_organization(by)
    locked = Invitation.objects.select_for_update().get(organization_id=by.organization_id, pk=invitation.pk)
    if locked.accepted_at is not None:
        raise Conflict(f"{locked.email} has joined by it already.", code="invitation_used")
    if locked.withdrawn_at is None:
        locked.withdrawn_at = at
        locked.save(update_fields=["withdrawn_at"])
    return locked
