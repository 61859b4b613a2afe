"""A key with which an integration acts as a member."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from tenants.models.base import TenantForeignKey, TenantModel


class Token(TenantModel):
    """One API key of one member; shown once, kept as a hash."""

    member = TenantForeignKey("tenants.Member", related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    created_by = TenantForeignKey("tenants.Member", related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        # The hash first: it is looked for before the organization is known.
        constraints = [models.UniqueConstraint(fields=["token_hash", "organization"], name="token_hash_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_usable(self, at: datetime) -> bool:
        """Neither revoked nor expired at this instant."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)
