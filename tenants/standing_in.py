"""Who stands in for a member who is away, and the count of changes that may leave somebody unable to act."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tenants.models import Member, Organization

STEPS = 4  # how far substitutes of substitutes are followed


def stand_in(member: Member, at: datetime, fits: Callable[[Member], bool] = lambda found: True) -> Member | None:
    """The first able and present substitute whom `fits` accepts, following substitutes who are themselves away.

    None when the chain ends, departs, comes round to somebody already asked, or is longer than `STEPS`.
    """
    asked = {member.pk}
    absence = member.standing.absence_at(at)
    for _ in range(STEPS):
        if absence is None or absence.substitute_id is None or absence.substitute_id in asked:
            return None
        asked.add(absence.substitute_id)
        found = Member.objects.select_related("user", "organization").get(
            organization_id=member.organization_id, pk=absence.substitute_id
        )
        if found.can_work(at):
            return found if fits(found) else None
        absence = found.standing.absence_at(at) if found.is_able else None
    return None


def standing_changed(organization_id: UUID) -> None:
    """Count a change that may leave somebody unable to act; what they answered for is looked after within a minute.

    The action that makes the change says so in the same transaction, so that no change can be overlooked.
    """
    Organization.objects.filter(pk=organization_id).update(standing_revision=F("standing_revision") + 1)
