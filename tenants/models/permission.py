"""Who may do what in which workspace: guardian's rows, with direct references and behind the wall."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from tenants.models.base import TenantForeignKey, TenantModel


class WorkspaceUserPermission(UserObjectPermissionBase, TenantModel):
    """One permission of one member's user on one workspace."""

    content_object = TenantForeignKey(
        "tenants.Workspace", models.CASCADE, related_name="user_permissions", db_index=True
    )

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class WorkspaceTeamPermission(GroupObjectPermissionBase, TenantModel):
    """One permission of one team's group on one workspace."""

    content_object = TenantForeignKey(
        "tenants.Workspace", models.CASCADE, related_name="team_permissions", db_index=True
    )

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
