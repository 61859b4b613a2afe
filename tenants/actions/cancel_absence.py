"""Cancel an absence, or end one that has begun."""

from datetime import datetime

from tenants.actions.add_absence import must_arrange_absences
from tenants.models import Absence, Member
from tenants.refusals import Conflict
from tenants.rules import must_be_home


def cancel_absence(*, absence: Absence, by: Member, at: datetime) -> Absence:
    """From now on the member is here, or will have been; the row stays. Done twice, the first time counts.

    What moved to somebody else meanwhile stays with them. Raises Forbidden not_their_lead, Conflict absence_over.
    """
    must_be_home(by, absence)
    must_arrange_absences(by, absence.member)
    locked = Absence.objects.select_for_update().get(organization_id=by.organization_id, pk=absence.pk)
    if locked.cancelled_at is None:
        if locked.ends_at <= at:
            raise Conflict("This absence is over; what has been stays on record.", code="absence_over")
        locked.cancelled_at, locked.cancelled_by = at, by
        locked.save(update_fields=["cancelled_at", "cancelled_by"])
    absence.member.forget_standing()
    return locked
