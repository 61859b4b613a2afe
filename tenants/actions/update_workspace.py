"""Change what a workspace is called and what it says about itself."""

from datetime import datetime

from tenants.actions.grant import must_manage
from tenants.models import Member, Workspace
from tenants.rules import must_be_home, saving


def update_workspace(*, workspace: Workspace, name: str, by: Member, at: datetime, description: str = "") -> Workspace:
    """Change name and description; whether clients can be let in never changes.

    Raises Forbidden not_a_manager, Conflict name_taken, Invalid.
    """
    must_be_home(by, workspace)
    must_manage(by, workspace)
    workspace.name, workspace.description = name, description
    with saving():
        workspace.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        workspace.save(update_fields=["name", "description"])
    return workspace
