"""A place that waits for somebody."""

from django.db import models
from django.utils import timezone

from tenants.models.base import TenantForeignKey, TenantModel
from tenants.models.member import Role
from tenants.models.user import LowerEmailField


class Invitation(TenantModel):
    """An offer to join, bound to one address, for one use; only a hash of its secret is kept."""

    email = LowerEmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    team = TenantForeignKey("tenants.Team", models.CASCADE, null=True, blank=True, related_name="+")
    workspace = TenantForeignKey("tenants.Workspace", models.CASCADE, null=True, blank=True, related_name="+")
    invited_by = TenantForeignKey("tenants.Member", related_name="+")
    token_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # How its mail went: when the mail server took it, or what it said instead.
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    mail_failure = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # The hash first: the one who holds the secret does not know the organization yet.
            models.UniqueConstraint(fields=["token_hash", "organization"], name="invitation_hash_once"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"
