"""Time zones by name."""

from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError


@cache
def known_zones() -> frozenset[str]:
    """The names of all time zones that this installation knows."""
    return frozenset(available_timezones())


def validate_zone(zone: str) -> None:
    """Refuse, as ValidationError, a name that is no time zone."""
    if zone not in known_zones():
        raise ValidationError("“%(zone)s” is not a time zone.", code="zone_unknown", params={"zone": zone})
