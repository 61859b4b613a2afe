"""What somebody looks for again and again."""

from django.db import models

from tenants.models import Member, TenantForeignKey, TenantModel


class SavedView(TenantModel):
    """One member's name for a list of handoffs, and what narrows it down: the query of its address."""

    member = TenantForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=500)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="saved_view_once_per_name")]

    def __str__(self) -> str:
        return self.name
