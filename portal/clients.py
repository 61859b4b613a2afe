"""Taking on a client: a workspace, the team of ours that works there, and the first invitation, all or nothing."""

from datetime import datetime

from portal.invitations import invite_by_mail
from tenants.access import Permission
from tenants.actions import grant, open_workspace, update_workspace
from tenants.models import Member, Role, Team, Workspace

WORKING = (Permission.VIEW, Permission.SEND, Permission.RECEIVE)


def open_client(
    *, name: str, team: Team, email: str, by: Member, at: datetime, clients_invite: bool = False
) -> Workspace:
    """The new workspace. Raises what its parts raise: Forbidden not_an_admin, Conflict name_taken or already_member."""
    workspace = open_workspace(name=name, kind=Workspace.Kind.CLIENT, by=by, at=at)
    if clients_invite:
        update_workspace(workspace=workspace, name=name, clients_invite=True, by=by, at=at)
    grant(workspace=workspace, to=team, permissions=WORKING, by=by, at=at)
    if email:
        invite_by_mail(email=email, role=Role.CLIENT, workspace=workspace, by=by, at=at)
    return workspace
