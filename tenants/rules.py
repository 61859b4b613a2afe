"""The rules that several actions share: who decides, who fits where, what is already taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from tenants.models import Member, Role, Team
from tenants.refusals import Conflict, Forbidden, Invalid, Refusal


def must_run_the_organization(by: Member) -> None:
    """Refuse everyone but owners, admins and the product itself."""
    if not (by.is_able and by.runs_the_organization):
        raise Forbidden("Only owners and admins of the organization may do this.", code="not_an_admin")


def must_run_or_lead(by: Member, team: Team) -> None:
    """Refuse everyone but those who run the organization and the team's lead."""
    if by.is_able and by.organization_id == team.organization_id and team.lead_id == by.pk:
        return
    must_run_the_organization(by)


def must_be_home(by: Member, *things: models.Model | None) -> None:
    """Refuse things of another organization, in the words used for things that do not exist."""
    for thing in things:
        if thing is not None and getattr(thing, "organization_id") != by.organization_id:  # noqa: B009
            raise Invalid(f"There is no such {thing._meta.verbose_name} here.", code="not_here")


def must_make_owners_only_as_owner(by: Member, *roles: str) -> None:
    """Refuse anybody but an owner to give, take or hand out ownership."""
    if Role.OWNER in roles and not (by.is_system or by.role == Role.OWNER):
        raise Forbidden("Only an owner may decide who is an owner.", code="owners_only")


def must_not_be_the_last_owner(member: Member) -> None:
    """Refuse to take the only owner away; locks the owners' rows, so that two cannot go at once."""
    owners = Member.objects.filter(
        organization_id=member.organization_id, role=Role.OWNER, left_at=None, user__is_active=True
    )
    ids = list(owners.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))
    if ids == [member.pk]:
        raise Conflict(
            f"{member.name} is the only owner; make somebody else an owner first.",
            code="last_owner",
            details={"member": member.pk},
        )


def must_fit(member: Member, team: Team) -> None:
    """Refuse clients in internal teams and our own people in a client's team; the product itself fits anywhere."""
    if not fits(member, member.role, team.kind):
        raise Conflict(
            f"{member.name} cannot be in {team.name}: "
            + ("only clients are in a client's team." if team.is_client else "clients are only in clients' teams."),
            code="team_does_not_fit",
            details={"member": member.pk, "team": team.pk},
        )


def fits(member: Member, role: str, team_kind: str) -> bool:
    """Would this member, with this role, be in the right kind of team?"""
    return member.is_system or (role == Role.CLIENT) == (team_kind == Team.Kind.CLIENT)


@contextmanager
def saving() -> Iterator[None]:
    """Translate what the model or the database finds wrong into one refusal; nothing of the block stays then."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as fault:
        raise Invalid(" ".join(fault.messages), details={"fields": _by_field(fault)}) from fault
    except IntegrityError as fault:
        refusal = _taken(fault)
        if refusal is None:
            raise
        raise refusal from fault


def _by_field(fault: ValidationError) -> dict[str, Any]:
    return fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}


def _taken(fault: IntegrityError) -> Refusal | None:
    """The refusal for what somebody else has, or two asked for at once; None for an error of ours."""
    cause: Any = fault.__cause__
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    if constraint.startswith("tenants_organization_slug"):
        return Conflict("This address is already taken.", code="slug_taken")
    if constraint.endswith(("_name_once_per_organization", "_name_once", "_revision_once")):
        return Conflict("There is already one of this name.", code="name_taken")
    if constraint == "invitation_open_once_per_address":
        return Conflict("Somebody is inviting this address at this moment.", code="already_invited")
    return None
