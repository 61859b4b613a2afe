"""Record that a member will be away."""

from datetime import datetime, timedelta

from django.db import transaction

from tenants.models import Absence, Kind, Member, Role, Team
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.rules import must_be_home, must_run_the_organization, saving

LONGEST = timedelta(days=5 * 366)


def add_absence(
    *,
    member: Member,
    starts_at: datetime,
    ends_at: datetime,
    by: Member,
    at: datetime,
    substitute: Member | None = None,
    words: str = "",
) -> Absence:
    """Record an absence, which may have begun already; the same one recorded twice is one. The worker sees it begin.

    People record their own, those who lead a team of theirs and those who run the organization everybody's.
    Raises Forbidden not_their_lead, Conflict absence_overlaps, member_left or substitute_unable, Invalid.
    """
    must_be_home(by, member, substitute)
    must_arrange_absences(by, member)
    _must_make_sense(starts_at, ends_at, at)
    with transaction.atomic():
        _lock(member)
        if substitute is not None:
            _must_stand_in(substitute, member)
        given = {"starts_at": starts_at, "ends_at": ends_at, "substitute": substitute, "words": words.strip()}
        recorded = Absence.objects.filter(organization_id=member.organization_id, member=member, cancelled_at=None)
        same = recorded.filter(**given).first()
        if same is not None:
            return same
        _must_not_overlap(recorded.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first(), member)
        absence = Absence(organization_id=by.organization_id, member=member, recorded_by=by, recorded_at=at, **given)
        with saving():
            absence.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
            absence.save()
    member.forget_standing()
    return absence


def must_arrange_absences(by: Member, member: Member) -> None:
    """Refuse everyone but the member, the leads of their teams, and those who run the organization."""
    if not by.is_able:
        raise Forbidden("You cannot act here any more.", code="member_left")
    if by.pk == member.pk or leads(by, member):
        return
    try:
        must_run_the_organization(by)
    except Forbidden:
        raise Forbidden(
            f"Only {member.name}, who leads a team of theirs, and owners and admins may do this.", code="not_their_lead"
        ) from None


def leads(by: Member, member: Member) -> bool:
    """Does `by` lead an open team that the member is in?"""
    led = Team.objects.filter(organization_id=member.organization_id, lead_id=by.pk, closed_at=None)
    return led.filter(memberships__member=member).exists()


def _must_make_sense(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid("An absence ends after it has begun.", code="absence_backwards", details={"field": "ends_at"})
    if ends_at <= at:
        raise Invalid("This absence would be over already.", code="absence_over", details={"field": "ends_at"})
    if ends_at - starts_at > LONGEST:
        raise Invalid("An absence lasts at most five years.", code="absence_too_long", details={"field": "ends_at"})


def _lock(member: Member) -> None:
    """Hold the member: two absences recorded at once must not overlap."""
    row = Member.objects.select_for_update().get(organization_id=member.organization_id, pk=member.pk)
    if row.left_at is not None or row.kind != Kind.PERSON:
        raise Conflict(f"{member.name} has no absences to record.", code="member_left", details={"member": member.pk})


def _must_stand_in(substitute: Member, member: Member) -> None:
    """Refuse oneself, those who left or only look, and a client in place of one of ours, or the other way round."""
    field = {"field": "substitute"}
    if substitute.pk == member.pk:
        raise Invalid("Somebody else has to stand in.", code="substitute_self", details=field)
    if not substitute.is_able or substitute.kind != Kind.PERSON or substitute.role == Role.VIEWER:
        raise Conflict(f"{substitute.name} cannot take work here.", code="substitute_unable", details=field)
    if (substitute.role == Role.CLIENT) != (member.role == Role.CLIENT):
        raise Conflict(
            f"{substitute.name} cannot stand in for {member.name}: clients and our own people do not for each other.",
            code="substitute_unable",
            details=field,
        )


def _must_not_overlap(other: Absence | None, member: Member) -> None:
    if other is not None:
        raise Conflict(
            f"{member.name} is away from {other.starts_at:%d %B %Y} until {other.ends_at:%d %B %Y} already; "
            "change that absence instead.",
            code="absence_overlaps",
            details={"field": "starts_at", "absence": other.pk},
        )
