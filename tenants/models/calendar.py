"""When a team works."""

from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.db import models

from tenants.hours import office_hours, validate_days, validate_hours, validate_openings, validate_versions
from tenants.models.base import TenantForeignKey, TenantModel
from tenants.zones import validate_zone


class Calendar(TenantModel):
    """Working intervals per weekday in one time zone, public holidays of one country, and own special days.

    `versions` are further weekly hours, each from a date on. `revision` counts the changes of what is open when, so
    that it can be told which promises were laid out in which hours.
    """

    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    hours = models.JSONField(default=office_hours)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=10, blank=True)
    days = models.JSONField(default=list, blank=True)
    versions = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    hours_changed_by = TenantForeignKey("tenants.Member", null=True, editable=False, related_name="+")
    hours_changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="calendar_name_once_per_organization"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse, as ValidationError by field, hours that never open, malformed days and unknown countries."""
        faults: dict[str, Any] = {}
        checks = (("hours", validate_hours), ("days", validate_days), ("versions", validate_versions))
        for field, validate in checks:
            try:
                validate(getattr(self, field))
            except ValidationError as fault:
                faults[field] = fault
        if not faults:
            faults.update(self._closed_faults())
        faults.update(self._place_faults())
        if faults:
            raise ValidationError(faults)

    def _closed_faults(self) -> dict[str, ValidationError]:
        """What is wrong with hours, later hours and special days taken together."""
        try:
            validate_openings(self.hours, self.versions, self.days)
        except ValidationError as fault:
            return {"versions" if self.versions else "days": fault}
        return {}

    def _place_faults(self) -> dict[str, ValidationError]:
        """What is wrong with country and region."""
        regions = holidays.list_supported_countries(include_aliases=True)
        if self.country and self.country not in regions:
            return {"country": ValidationError("No holidays are known for this country.", code="country_unknown")}
        if self.region and self.region not in regions.get(self.country, ()):
            return {"region": ValidationError("This country has no such region.", code="region_unknown")}
        return {}
