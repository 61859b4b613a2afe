"""An organization's logo."""

from django.db import models

from tenants.models.base import TenantForeignKey, TenantModel


class Logo(TenantModel):
    """The picture itself, as `tenants.pictures` drew it; beside the organization, whose row is read at each request.

    It lies in the database since it is small, travels with each backup and ends with what it belongs to.
    """

    picture = models.BinaryField()
    digest = models.CharField(max_length=64)
    set_by = TenantForeignKey("tenants.Member", related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="logo_once_per_organization")]
        indexes = [models.Index(fields=["digest"], name="logo_by_digest")]

    def __str__(self) -> str:
        return f"Logo of {self.organization}"
