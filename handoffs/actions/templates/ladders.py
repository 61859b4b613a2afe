"""Ladders: made once, frozen when used, changed by a next revision."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from handoffs.escalation.models import Ladder, Rung
from handoffs.escalation.plan import RungSpec, standard_rungs
from handoffs.queue import enqueue
from tenants.models import Member
from tenants.refusals import Invalid
from tenants.rules import must_be_home, must_run_the_organization, saving

PROVE = "handoffs.jobs.prove_ladders"


def create_ladder(
    *, name: str, by: Member, at: datetime, rungs: Sequence[RungSpec] | None = None, standard: bool = False
) -> Ladder:
    """Makes a frozen ladder of `rungs`; without them, the default ones. Raises Conflict name_taken, Invalid.

    It is proved at once, but for the standard one of an organization that is being founded: nothing runs there yet,
    and the worker comes by.
    """
    must_run_the_organization(by)
    made = _make(by, at, name, 1, rungs if rungs is not None else standard_rungs(), standard)
    if not standard:
        enqueue(PROVE, by.organization_id)
    return made


def revise_ladder(*, ladder: Ladder, rungs: Sequence[RungSpec], by: Member, at: datetime) -> Ladder:
    """The next revision; what runs keeps the one it started with, and the standard ladder stays the standard.

    Raises Invalid, also when the last rung might reach nobody.
    """
    must_be_home(by, ladder)
    must_run_the_organization(by)
    family = Ladder.objects.select_for_update().filter(organization_id=by.organization_id, name=ladder.name)
    latest = max(row.revision for row in family)
    standard = any(row.is_standard for row in family)
    family.filter(is_standard=True).update(is_standard=False)
    revised = _make(by, at, ladder.name, latest + 1, rungs, standard)
    enqueue(PROVE, by.organization_id)
    return revised


def _make(by: Member, at: datetime, name: str, revision: int, rungs: Sequence[RungSpec], standard: bool) -> Ladder:
    ladder = Ladder(
        organization_id=by.organization_id, name=name, revision=revision, is_standard=standard, frozen_at=at
    )
    _refuse_unsure(rungs)
    with saving():
        ladder.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        ladder.save()
        for position, spec in enumerate(rungs, start=1):
            rung = _rung(ladder, position, spec)
            rung.full_clean(exclude=["organization", "ladder"])
            rung.save()
    return ladder


def _refuse_unsure(rungs: Sequence[RungSpec]) -> None:
    """A ladder must end at a person, whoever is away and whoever has left."""
    if not rungs:
        raise Invalid("A ladder needs at least one rung.", code="no_rungs")
    if not rungs[-1].is_sure:
        raise Invalid(
            "The last rung must tell a role that is never empty: whoever answers for it, the receiving lead, or the "
            "workspace's managers.",
            code="last_rung_unsure",
        )


def _rung(ladder: Ladder, position: int, spec: RungSpec) -> Rung:
    return Rung(
        organization_id=ladder.organization_id,
        ladder=ladder,
        position=position,
        share=spec.when if isinstance(spec.when, Decimal) else None,
        offset=spec.when if isinstance(spec.when, timedelta) else None,
        audience=[str(who) for who in spec.audience],
        member_id=spec.member_id,
        team_id=spec.team_id,
        channels=list(spec.channels),
        breaks_quiet=spec.breaks_quiet,
        redirects=spec.redirects,
        redirect_to_id=spec.redirect_to_id,
        raises_priority=spec.raises_priority,
    )
