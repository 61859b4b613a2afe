"""Object permissions on a single handoff: sharing it beyond its workspace."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from tenants.models import Member, Team, TenantForeignKey, TenantModel
from tenants.records import records


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
    asked = {"home": handoff.organization_id, "handoff": handoff.pk}
    return Sharing(tuple(records(Team, _TEAMS, asked)), tuple(records(Member, _MEMBERS, asked)))


_TEAMS = """WHERE one.organization_id = %(home)s AND one.group_id IN (
    SELECT group_id FROM handoffs_handoffteampermission
     WHERE organization_id = %(home)s AND content_object_id = %(handoff)s) ORDER BY one.name"""
_MEMBERS = """WHERE one.organization_id = %(home)s AND one.user_id IN (
    SELECT user_id FROM handoffs_handoffuserpermission
     WHERE organization_id = %(home)s AND content_object_id = %(handoff)s) ORDER BY one.name, one.id"""
