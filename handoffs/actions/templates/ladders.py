"""Ladders: made once, frozen when used, changed by a next revision."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from handoffs.escalation.models import Ladder, Rung
from handoffs.escalation.plan import Audience, standard_rungs
from tenants.models import Member
from tenants.rules import must_be_home, must_run_the_organization, saving

# When (share or offset), whom it tells, whether it redirects to the backup team, whether it raises the priority.
RungSpec = (
    tuple[Decimal | timedelta, Sequence[Audience], bool] | tuple[Decimal | timedelta, Sequence[Audience], bool, bool]
)


def create_ladder(
    *, name: str, by: Member, at: datetime, rungs: Sequence[RungSpec] | None = None, standard: bool = False
) -> Ladder:
    """Makes a frozen ladder of `rungs`; without them, the default ones. Raises Conflict name_taken, Invalid."""
    must_run_the_organization(by)
    return _make(by, at, name, 1, rungs if rungs is not None else standard_rungs(), standard)


def revise_ladder(*, ladder: Ladder, rungs: Sequence[RungSpec], by: Member, at: datetime) -> Ladder:
    """The next revision; what runs keeps the one it started with, and the standard ladder stays the standard.

    Raises Invalid.
    """
    must_be_home(by, ladder)
    must_run_the_organization(by)
    family = Ladder.objects.select_for_update().filter(organization_id=by.organization_id, name=ladder.name)
    latest = max(row.revision for row in family)
    standard = any(row.is_standard for row in family)
    family.filter(is_standard=True).update(is_standard=False)
    return _make(by, at, ladder.name, latest + 1, rungs, standard)


def _make(by: Member, at: datetime, name: str, revision: int, rungs: Sequence[RungSpec], standard: bool) -> Ladder:
    ladder = Ladder(
        organization_id=by.organization_id, name=name, revision=revision, is_standard=standard, frozen_at=at
    )
    with saving():
        ladder.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        ladder.save()
        for position, (when, audience, redirects, *raises) in enumerate(rungs, start=1):
            rung = Rung(
                organization_id=by.organization_id,
                ladder=ladder,
                position=position,
                share=when if isinstance(when, Decimal) else None,
                offset=when if isinstance(when, timedelta) else None,
                audience=[str(who) for who in audience],
                redirects=redirects,
                raises_priority=any(raises),
            )
            rung.full_clean(exclude=["organization", "ladder"])
            rung.save()
    return ladder
