"""Change what a workspace is called and what it says about itself."""

from datetime import datetime

from tenants.actions.grant import must_manage
from tenants.models import Member, Workspace
from tenants.refusals import Conflict
from tenants.rules import must_be_home, saving


def update_workspace(
    *,
    workspace: Workspace,
    name: str,
    by: Member,
    at: datetime,
    description: str = "",
    clients_invite: bool | None = None,
) -> Workspace:
    """Change name, description and whether clients invite colleagues; whether clients can be let in never changes.

    Raises Forbidden not_a_manager, Conflict name_taken or not_for_clients, Invalid.
    """
    must_be_home(by, workspace)
    must_manage(by, workspace)
    workspace.name, workspace.description = name, description
    if clients_invite is not None:
        workspace.clients_invite = clients_invite
    if workspace.clients_invite and not workspace.is_client:
        raise Conflict(f"{workspace.name} is internal.", code="not_for_clients", details={"workspace": workspace.pk})
    with saving():
        workspace.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        workspace.save(update_fields=["name", "description", "clients_invite"])
    return workspace
