"""Take permissions on a workspace back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tenants.access import Permission, remove_grants
from tenants.actions.grant import must_manage
from tenants.models import Member, Team, Workspace
from tenants.rules import must_be_home
from tenants.standing_in import standing_changed


def revoke(
    *, workspace: Workspace, to: Team | Member, permissions: Iterable[Permission], by: Member, at: datetime
) -> None:
    """Take back what was granted to this team or member itself; what is not there is not missed.

    Raises Forbidden not_a_manager.
    """
    must_be_home(by, workspace, to)
    must_manage(by, workspace)
    with transaction.atomic():
        remove_grants(workspace, to, [Permission(permission) for permission in permissions])
        standing_changed(workspace.organization_id)
    by.forget_standing()
