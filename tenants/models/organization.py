"""The tenant."""

import re
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from tenants.zones import validate_zone

# Words that already mean something in addresses, or that would mislead.
RESERVED_SLUGS = frozenset(
    {
        *("accounts", "admin", "api", "dev", "docs", "healthz", "metrics", "new", "o", "readyz", "settings", "static"),
        *("app", "assets", "billing", "help", "login", "logout", "mail", "me", "media", "signup", "status", "support"),
        *("everyone", "handrail", "none", "null", "official", "organizations", "root", "security", "system", "www"),
    }
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def validate_slug(slug: str) -> None:
    """Refuse, as ValidationError, what cannot be an organization's address."""
    if not SLUG.fullmatch(slug) or len(slug) > 50:
        raise ValidationError(
            "Use small letters, digits and single hyphens between them, at most 50.", code="slug_malformed"
        )
    if slug in RESERVED_SLUGS:
        raise ValidationError("This address is kept for the site itself.", code="slug_reserved")


class Organization(models.Model):
    """A firm that uses the portal; everything else belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=50, unique=True, validators=[validate_slug])
    hue = models.PositiveSmallIntegerField(default=255, validators=[MaxValueValidator(360)])
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    # The digest of its logo, which is its name in addresses; blank without one.
    logo = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    is_demo = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    # Counts what may have left somebody unable to act: a role, a team, a grant, an absence. What such people answered
    # for has been looked after up to `standing_settled`.
    standing_revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    standing_settled = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="organization_hue_on_the_wheel", condition=models.Q(hue__lte=360)),
        ]

    def __str__(self) -> str:
        return self.name
