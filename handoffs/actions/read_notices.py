"""Read notices: a person has seen what they were told. No verb of the rulebook: it changes no handoff."""

from datetime import datetime

from handoffs.models import Notice
from tenants.models import Member


def read_notices(*, by: Member, at: datetime, notice: int | None = None) -> int:
    """Marks one of the member's own notices, or all of them, as read; returns how many were not read before."""
    unread = Notice.objects.filter(organization_id=by.organization_id, member=by, read_at__isnull=True)
    return (unread.filter(id=notice) if notice is not None else unread).update(read_at=at)
