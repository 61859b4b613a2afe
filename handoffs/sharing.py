"""Object permissions on a single handoff: sharing it beyond its workspace."""

from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from tenants.models import Member, TenantForeignKey, TenantModel


class HandoffUserPermission(UserObjectPermissionBase, TenantModel):
    """One handoff shared with one person."""

    content_object = TenantForeignKey(
        "handoffs.Handoff", on_delete=models.CASCADE, related_name="shared_with_users", db_index=True
    )

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class HandoffTeamPermission(GroupObjectPermissionBase, TenantModel):
    """One handoff shared with one team, through the team's group."""

    content_object = TenantForeignKey(
        "handoffs.Handoff", on_delete=models.CASCADE, related_name="shared_with_groups", db_index=True
    )

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


def shared_with(member: Member) -> Q:
    """The condition on handoffs of being shared with this member or one of their teams."""
    to_me = HandoffUserPermission.objects.filter(organization_id=member.organization_id, user_id=member.user_id)
    to_my_teams = HandoffTeamPermission.objects.filter(
        organization_id=member.organization_id, group__team__in=sorted(member.standing.team_ids)
    )
    return Q(id__in=to_me.values("content_object_id")) | Q(id__in=to_my_teams.values("content_object_id"))
