"""Open a workspace."""

from datetime import datetime

from tenants.models import Member, Workspace
from tenants.rules import must_run_the_organization, saving


def open_workspace(
    *, name: str, by: Member, at: datetime, kind: str = Workspace.Kind.INTERNAL, description: str = ""
) -> Workspace:
    """Make a workspace; nobody but those who run the organization is in it until it is granted.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid.
    """
    must_run_the_organization(by)
    workspace = Workspace(
        organization_id=by.organization_id, name=name, kind=kind, description=description, created_at=at
    )
    with saving():
        workspace.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        workspace.save()
    return workspace
