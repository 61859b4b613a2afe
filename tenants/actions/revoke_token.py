"""Revoke an API token."""

from datetime import datetime

from tenants.models import Member, Token
from tenants.rules import must_be_home, must_run_the_organization


def revoke_token(*, token: Token, by: Member, at: datetime) -> Token:
    """Make a key useless from now on; done twice, the first time counts. Raises Forbidden not_an_admin."""
    must_be_home(by, token)
    if token.member_id != by.pk:
        must_run_the_organization(by)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
    return token
