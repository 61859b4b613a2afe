"""Change a calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tenants.models import Calendar, Member
from tenants.rules import must_be_home, must_run_the_organization, saving


def update_calendar(
    *,
    calendar: Calendar,
    name: str,
    zone: str,
    hours: Mapping[str, Any],
    by: Member,
    at: datetime,
    country: str = "",
    region: str = "",
    days: Sequence[Mapping[str, Any]] = (),
) -> Calendar:
    """Give a calendar other hours; promises that run already keep the instant they were made for.

    Raises Forbidden not_an_admin, Conflict name_taken, Invalid.
    """
    must_be_home(by, calendar)
    must_run_the_organization(by)
    calendar.name, calendar.zone, calendar.hours = name, zone, dict(hours)
    calendar.country, calendar.region, calendar.days = country, region, list(days)
    with saving():
        calendar.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        calendar.save(update_fields=["name", "zone", "hours", "country", "region", "days"])
    return calendar
