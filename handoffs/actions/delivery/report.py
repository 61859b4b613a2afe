"""Report a week to somebody who wants to be told: what it says is put down when it is due, and goes out as a digest."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from handoffs.delivery.mail import host, reaches
from handoffs.delivery.models import Digest, Rhythm
from handoffs.delivery.wishes import wishes
from handoffs.insight.weekly import last_week, weekly
from handoffs.queue import SEND_DIGEST, enqueue
from tenants.models import Member

CHANNEL = "mail"


@transaction.atomic
def report(*, member: Member, at: datetime) -> Digest | None:
    """The report of the week before, under way; None when none is due, or there is nobody to read it.

    Whatever comes of it, the next one is due a week later. Done twice, the second finds nothing due.
    """
    due = Rhythm.objects.select_for_update().filter(organization_id=member.organization_id, member=member)
    rhythm = due.filter(report_at__lte=at).first()
    if rhythm is None:
        return None
    organization = member.organization
    rhythm.report_at = wishes(organization, [member]).beat(member).next_report(at, organization.zone)
    rhythm.save(update_fields=["report_at"])
    if not member.is_able or not reaches(member):
        return None
    digest, is_new = Digest.objects.get_or_create(
        organization_id=member.organization_id,
        member=member,
        week=last_week(at, organization.zone),
        defaults={
            "channel": CHANNEL,
            "reference": f"<report-{uuid4().hex}@{host()}>",
            "created_at": at,
            "due_at": at,
            "report": weekly(member, at),
        },
    )
    if is_new:
        enqueue(SEND_DIGEST, member.organization_id, digest.id)
    return digest if is_new else None
