"""Object permissions on a single handoff: sharing it beyond its workspace."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from tenants.models import Member, Team, TenantForeignKey, TenantModel


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


@dataclass(frozen=True)
class Sharing:
    """With whom one handoff is shared beyond its workspace, by name; those who cannot act any more are among them."""

    teams: tuple[Team, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def everybody(self) -> tuple[Team | Member, ...]:
        """Teams, then people."""
        return (*self.teams, *self.members)


def sharing_of(handoff: Any, reader: Member) -> Sharing:
    """With whom this handoff is shared. That is for the organization's own people: a client is told of nobody."""
    if reader.role == Member.Role.CLIENT:
        return Sharing()
    here: dict[str, Any] = {"organization_id": handoff.organization_id, "content_object_id": handoff.pk}
    home = {"organization_id": handoff.organization_id}
    groups, users = HandoffTeamPermission.objects.filter(**here), HandoffUserPermission.objects.filter(**here)
    teams = Team.objects.filter(**home, group_id__in=groups.values("group_id")).order_by("name")
    members = Member.objects.filter(**home, user_id__in=users.values("user_id")).order_by("name", "id")
    return Sharing(tuple(teams), tuple(members))
