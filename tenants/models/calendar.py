"""When a team works."""

from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.db import models

from tenants.hours import office_hours, validate_days, validate_hours
from tenants.models.base import TenantModel
from tenants.zones import validate_zone


class Calendar(TenantModel):
    """Working intervals per weekday in one time zone, public holidays of one country, and own special days."""

    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    hours = models.JSONField(default=office_hours)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=10, blank=True)
    days = models.JSONField(default=list, blank=True)

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
        for field, validate in (("hours", validate_hours), ("days", validate_days)):
            try:
                validate(getattr(self, field))
            except ValidationError as fault:
                faults[field] = fault
        faults.update(self._place_faults())
        if faults:
            raise ValidationError(faults)

    def _place_faults(self) -> dict[str, ValidationError]:
        """What is wrong with country and region."""
        regions = holidays.list_supported_countries(include_aliases=True)
        if self.country and self.country not in regions:
            return {"country": ValidationError("No holidays are known for this country.", code="country_unknown")}
        if self.region and self.region not in regions.get(self.country, ()):
            return {"region": ValidationError("This country has no such region.", code="region_unknown")}
        return {}
