"""Give a member hours of their own."""

from datetime import datetime

from tenants.actions.add_absence import leads
from tenants.models import Calendar, Member
from tenants.refusals import Conflict
from tenants.rules import must_be_home, must_run_the_organization


def change_hours(*, member: Member, calendar: Calendar | None, by: Member, at: datetime) -> Member:
    """Let a member work by a calendar of their own from now on; None is that of their team again.

    For those who lead a team of theirs and those who run the organization: what others were promised hangs on it.
    Raises Forbidden not_an_admin, Conflict member_left.
    """
    must_be_home(by, member, calendar)
    if by.pk == member.pk or not (by.is_able and leads(by, member)):
        must_run_the_organization(by)
    if member.left_at is not None or member.is_system:
        raise Conflict(f"{member.name} has no hours here.", code="member_left", details={"member": member.pk})
    member.calendar = calendar
    member.save(update_fields=["calendar"])
    return member
