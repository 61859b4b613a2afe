"""Everything that changes who is who: one file per action, the only places that write here."""

from tenants.actions.add_absence import add_absence
from tenants.actions.add_service import add_service
from tenants.actions.add_to_team import add_to_team
from tenants.actions.cancel_absence import cancel_absence
from tenants.actions.change_absence import change_absence
from tenants.actions.change_hours import change_hours
from tenants.actions.change_lead import change_lead
from tenants.actions.change_role import change_role
from tenants.actions.create_calendar import create_calendar
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
from tenants.actions.set_logo import remove_logo, set_logo
from tenants.actions.update_calendar import update_calendar
from tenants.actions.update_member import update_member
from tenants.actions.update_organization import update_organization
from tenants.actions.update_team import update_team
from tenants.actions.update_workspace import update_workspace
from tenants.actions.withdraw_invitation import withdraw_invitation

__all__ = [
    "Founded",
    "add_absence",
    "add_service",
    "add_to_team",
    "cancel_absence",
    "change_absence",
    "change_hours",
    "change_lead",
    "change_role",
    "create_calendar",
    "create_team",
    "found",
    "grant",
    "invite",
    "issue_token",
    "join",
    "leave",
    "open_workspace",
    "remove_from_team",
    "remove_logo",
    "revoke",
    "revoke_token",
    "set_logo",
    "update_calendar",
    "update_member",
    "update_organization",
    "update_team",
    "update_workspace",
    "withdraw_invitation",
]
