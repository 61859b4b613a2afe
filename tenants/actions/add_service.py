"""Add a member for an integration."""

import uuid
from datetime import datetime

from tenants.models import Kind, Member, Role, User
from tenants.rules import must_make_owners_only_as_owner, must_run_the_organization, saving


def add_service(*, name: str, by: Member, at: datetime, role: str = Role.MEMBER) -> Member:
    """Make a member as whom an integration acts; it has a login nobody can use, so that it can be granted things.

    Raises Forbidden not_an_admin or owners_only, Invalid.
    """
    must_run_the_organization(by)
    must_make_owners_only_as_owner(by, role)
    with saving():
        user = User.objects.create_user(f"service-{uuid.uuid4()}@service.invalid", name=name, is_active=False)
        member = Member(
            organization_id=by.organization_id, user=user, kind=Kind.SERVICE, role=role, name=name, joined_at=at
        )
        member.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        member.save()
    return member
