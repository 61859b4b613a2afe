"""Everything that changes who is who: one file per action, the only places that write here."""

from tenants.actions.add_service import add_service
from tenants.actions.add_to_team import add_to_team
from tenants.actions.change_lead import change_lead
from tenants.actions.change_role import change_role
from tenants.actions.create_team import create_team
from tenants.actions.found import Founded, found
from tenants.actions.grant import grant
from tenants.actions.invite import invite
from tenants.actions.issue_token import issue_token
from tenants.actions.join import join
from tenants.actions.leave import leave
from tenants.actions.open_workspace import open_workspace
from tenants.actions.remove_from_team import remove_from_team
from tenants.actions.revoke import revoke
from tenants.actions.revoke_token import revoke_token

__all__ = [
    "Founded",
    "add_service",
    "add_to_team",
    "change_lead",
    "change_role",
    "create_team",
    "found",
    "grant",
    "invite",
    "issue_token",
    "join",
    "leave",
    "open_workspace",
    "remove_from_team",
    "revoke",
    "revoke_token",
]
