"""A log as one may act on it: locked, by those who run the organization, while it stands where that is done."""

from collections.abc import Collection

from handoffs.models import EventLog
from tenants.models import Member
from tenants.refusals import Conflict
from tenants.rules import must_be_home, must_run_the_organization


def reached(log: EventLog, by: Member) -> EventLog:
    """The row as it is now, locked."""
    must_run_the_organization(by)
    must_be_home(by, log)
    return EventLog.objects.select_for_update().get(organization_id=log.organization_id, id=log.id)


def must_stand_in(log: EventLog, stages: Collection[str]) -> None:
    """Raises Conflict log_is_past_that."""
    if log.stage not in stages:
        said = log.get_stage_display().lower()
        raise Conflict(f"This log is {said} by now; look at it again.", code="log_is_past_that")
