"""Change a calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tenants.hours import in_order
from tenants.models import Calendar, Member
from tenants.rules import must_be_home, must_run_the_organization, saving

HOURS = ("zone", "hours", "country", "region", "days", "versions")
CHANGE = ("revision", "hours_changed_by", "hours_changed_at")


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
    versions: Sequence[Mapping[str, Any]] = (),
) -> Calendar:
    """Give a calendar other hours; its `revision` counts on when they really are others.

    Promises that run already are laid out anew by `handoffs.hours.change_calendar`, which calls this.
    Raises Forbidden not_an_admin, Conflict name_taken, Invalid.
    """
    must_be_home(by, calendar)
    must_run_the_organization(by)
    with saving():
        # Two changes at once count on one after the other.
        row = Calendar.objects.select_for_update().get(organization_id=by.organization_id, pk=calendar.pk)
        former = [getattr(row, field) for field in HOURS]
        calendar.name, calendar.zone, calendar.hours = name, zone, dict(hours)
        calendar.country, calendar.region, calendar.days = country, region, list(days)
        calendar.versions = in_order(versions)
        calendar.revision = row.revision
        if former != [getattr(calendar, field) for field in HOURS]:
            calendar.revision, calendar.hours_changed_by, calendar.hours_changed_at = row.revision + 1, by, at
        calendar.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        calendar.save(update_fields=["name", *HOURS, *CHANGE])
    return calendar
