"""Change how a member is called here, and in which zone they read times."""

from datetime import datetime

from tenants.models import Member
from tenants.refusals import Invalid
from tenants.rules import must_be_home, must_run_the_organization, saving


def update_member(*, member: Member, name: str, by: Member, at: datetime, zone: str = "") -> Member:
    """Change name and zone (blank for the organization's); people change their own, owners and admins everybody's.

    Raises Forbidden not_an_admin, Invalid.
    """
    must_be_home(by, member)
    if by.pk != member.pk:
        must_run_the_organization(by)
    if member.is_system:
        raise Invalid(f"{member.name} keeps its name.", code="system_stays")
    member.name, member.zone = name, zone
    with saving():
        member.full_clean(exclude=["organization", "user"], validate_unique=False, validate_constraints=False)
        member.save(update_fields=["name", "zone"])
    return member
