"""Create a calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tenants.hours import in_order
from tenants.models import Calendar, Member
from tenants.rules import must_run_the_organization, saving


def create_calendar(
    *,
    name: str,
    zone: str,
    hours: Mapping[str, Any],
    by: Member,
    at: datetime,
    country: str = "",
    region: str = "",
    days: Sequence[Mapping[str, Any]] = (),
    versions: Sequence[Mapping[str, Any]] = (),
) -> Calendar:
    """Make working hours that teams can then work by. Raises Forbidden not_an_admin, Conflict name_taken, Invalid."""
    must_run_the_organization(by)
    calendar = Calendar(
        organization_id=by.organization_id,
        name=name,
        zone=zone,
        hours=dict(hours),
        country=country,
        region=region,
        days=list(days),
        versions=in_order(versions),
    )
    with saving():
        calendar.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        calendar.save()
    return calendar
