"""A member's own notices: reading them, and saying that they were read."""

from datetime import datetime

from django.db.models import QuerySet

from handoffs.delivery.failures import told_of
from handoffs.delivery.models import Notice
from handoffs.ledger.sentences import sentence
from tenants.models import Member, Role
from tenants.prepared import fetch_all

_UNREAD = """SELECT count(*) FROM (
    SELECT 1 FROM handoffs_notice
     WHERE organization_id = %(home)s AND member_id = %(member)s AND read_at IS NULL LIMIT %(cap)s) AS unread"""


def told(member: Member) -> QuerySet[Notice]:
    """What this member was told, newest first, with what a line shows; a client has none of what is internal."""
    mine = Notice.objects.filter(organization_id=member.organization_id, member=member)
    if member.role == Role.CLIENT:
        mine = mine.filter(event__internal=False, message=None)
    return mine.select_related("event__by", "handoff", "message__member__user", "message__room").order_by("-id")


def line(notice: Notice) -> str:
    """What it says, in one sentence: what happened, or what could not be delivered."""
    return sentence(notice.event) if notice.message is None else told_of(notice.message)


def unread_count(member: Member, cap: int = 100) -> int:
    """How many of them are unread, counted up to `cap`."""
    asked = {"home": member.organization_id, "member": member.pk, "cap": cap}
    return int(fetch_all(_UNREAD, asked)[0][0])


def mark_read(member: Member, *, at: datetime, notice: int | None = None, handoff: int | None = None) -> int:
    """Marks the one with this id, those of one handoff, or all of them, as read; returns how many were unread."""
    unread = Notice.objects.filter(organization_id=member.organization_id, member=member, read_at=None)
    if notice is not None:
        unread = unread.filter(id=notice)
    if handoff is not None:
        unread = unread.filter(handoff_id=handoff)
    return unread.update(read_at=at)
