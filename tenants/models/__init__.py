"""Organizations, people, teams, workspaces and what connects them."""

from tenants.models.absence import Absence
from tenants.models.base import CurrentOrganization, TenantForeignKey, TenantModel
from tenants.models.calendar import Calendar
from tenants.models.invitation import Invitation
from tenants.models.logo import Logo
from tenants.models.member import Kind, Member, Role
from tenants.models.organization import Organization
from tenants.models.permission import WorkspaceTeamPermission, WorkspaceUserPermission
from tenants.models.team import Team, TeamKind, TeamMembership
from tenants.models.token import Token
from tenants.models.user import User
from tenants.models.workspace import Workspace, WorkspaceKind

__all__ = [
    "Absence",
    "Calendar",
    "CurrentOrganization",
    "Invitation",
    "Kind",
    "Logo",
    "Member",
    "Organization",
    "Role",
    "Team",
    "TeamKind",
    "TeamMembership",
    "TenantForeignKey",
    "TenantModel",
    "Token",
    "User",
    "Workspace",
    "WorkspaceKind",
    "WorkspaceTeamPermission",
    "WorkspaceUserPermission",
]
