"""Give an absence other dates, words or another substitute."""

from datetime import datetime

from django.db import transaction

from tenants.actions.add_absence import add_absence
from tenants.actions.cancel_absence import cancel_absence
from tenants.models import Absence, Member
from tenants.refusals import Conflict


def change_absence(
    *,
    absence: Absence,
    starts_at: datetime,
    ends_at: datetime,
    by: Member,
    at: datetime,
    substitute: Member | None = None,
    words: str = "",
) -> Absence:
    """Cancel the absence and record the other one in its place, which is returned; who planned what stays known.

    Raises what `cancel_absence` and `add_absence` raise, and Conflict absence_cancelled.
    """
    with transaction.atomic():
        given = (starts_at, ends_at, substitute and substitute.pk, words.strip())
        row = Absence.objects.select_for_update().get(organization_id=by.organization_id, pk=absence.pk)
        if row.cancelled_at is None and given == (row.starts_at, row.ends_at, row.substitute_id, row.words):
            return row
        if row.cancelled_at is not None:
            raise Conflict("This absence has been cancelled; record another one.", code="absence_cancelled")
        cancel_absence(absence=absence, by=by, at=at)
        return add_absence(
            member=absence.member,
            starts_at=starts_at,
            ends_at=ends_at,
            by=by,
            at=at,
            substitute=substitute,
            words=words,
        )
