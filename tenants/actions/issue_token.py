"""Issue an API token."""

from datetime import datetime

from tenants.keys import hash_of, new_key
from tenants.models import Kind, Member, Token
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.rules import must_be_home, must_run_the_organization, saving

SHOWN = 10


def issue_token(
    *, member: Member, name: str, by: Member, at: datetime, expires_at: datetime | None = None
) -> tuple[Token, str]:
    """Make a key that acts as the member; it is returned beside its row, and kept nowhere.

    People make their own keys, for whoever holds one acts as them; owners and admins make those of services.
    Raises Forbidden not_your_token or not_an_admin, Conflict member_left, Invalid.
    """
    must_be_home(by, member)
    if member.kind == Kind.SERVICE:
        must_run_the_organization(by)
    elif by.pk != member.pk or member.is_system:
        raise Forbidden("Everyone makes their own tokens.", code="not_your_token")
    if not member.is_able:
        raise Conflict(f"{member.name} cannot act here any more.", code="member_left")
    if expires_at is not None and expires_at <= at:
        raise Invalid("A token must be usable for some time.", code="expires_too_early")
    key = new_key("hr_")
    token = Token(
        organization_id=by.organization_id,
        member=member,
        name=name,
        prefix=key[:SHOWN],
        token_hash=hash_of(key),
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    with saving():
        token.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
        token.save()
    return token, key
