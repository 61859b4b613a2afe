"""A member's own notices: reading them, and saying that they were read."""

from datetime import datetime

from django.db.models import QuerySet

from handoffs.delivery.models import Notice
from tenants.models import Member


def told(member: Member) -> QuerySet[Notice]:
    """What this member was told, newest first, with what a line shows."""
    mine = Notice.objects.filter(organization_id=member.organization_id, member=member)
    return mine.select_related("event__by", "handoff").order_by("-id")


def unread_count(member: Member, cap: int = 100) -> int:
    """How many of them are unread, counted up to `cap`."""
    mine = Notice.objects.filter(organization_id=member.organization_id, member=member, read_at=None)
    return mine[:cap].count()


def mark_read(member: Member, *, at: datetime, notice: int | None = None) -> int:
    """Marks the one with this id, or all of them, as read; returns how many were unread."""
    unread = Notice.objects.filter(organization_id=member.organization_id, member=member, read_at=None)
    return (unread.filter(id=notice) if notice is not None else unread).update(read_at=at)
