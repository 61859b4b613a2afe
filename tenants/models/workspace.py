"""Where handoffs live."""

from django.db import models
from django.utils import timezone

from tenants.models.base import TenantModel


class WorkspaceKind(models.TextChoices):
    """Who can ever be let in: our own people only, or clients too."""

    INTERNAL = "internal"
    CLIENT = "client"


class Workspace(TenantModel):
    """A place for handoffs; object permissions say who may see, send, receive and manage there."""

    Kind = WorkspaceKind

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=WorkspaceKind.choices, default=WorkspaceKind.INTERNAL)
    description = models.TextField(blank=True)
    clients_invite = models.BooleanField(
        "clients invite colleagues",
        default=False,
        help_text="The clients in here may themselves invite people of their firm into this workspace.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="workspace_name_once_per_organization"),
        ]
        # view_workspace is one of Django's own four.
        permissions = [
            ("send_handoff", "Can send handoffs here"),
            ("receive_handoff", "Can receive handoffs here"),
            ("manage_workspace", "Can manage this workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_client(self) -> bool:
        """May clients be let in here?"""
        return self.kind == WorkspaceKind.CLIENT
