"""Chat rooms of an organization, and which workspaces and teams each serves."""

from django.db import models
from django.db.models import Q

from tenants.models import Member, Team, TenantForeignKey, TenantModel, Workspace


class ChatRoom(TenantModel):
    """A room in the organization's chat. Its address holds a secret and is never shown again; `shown` may be."""

    name = models.CharField(max_length=80)
    address = models.TextField()
    shown = models.CharField(max_length=120)
    kinds = models.JSONField(default=list)
    made_by = TenantForeignKey(Member, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(closed_at__isnull=True), name="chat_room_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ChatPlace(TenantModel):
    """One workspace, or one team, that a room serves."""

    room = TenantForeignKey(ChatRoom, on_delete=models.CASCADE, related_name="places", db_index=True)
    workspace = TenantForeignKey(Workspace, null=True, related_name="+")
    team = TenantForeignKey(Team, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "workspace", "team"], nulls_distinct=False, name="chat_place_once"),
            models.CheckConstraint(
                condition=Q(workspace__isnull=True, team__isnull=False) | Q(workspace__isnull=False, team__isnull=True),
                name="chat_place_is_one",
            ),
        ]
