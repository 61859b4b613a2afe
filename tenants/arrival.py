"""Who is asking at an organization's address: found before any organization is in force."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser

from tenants.keys import hash_of
from tenants.models import Member, Organization, Token, User
from tenants.models.organization import SLUG
from tenants.scope import everyone

# When a key was last used is for people to read; writing it at every request would only cost.
LAST_USE_EVERY = timedelta(minutes=1)


class Arrival(NamedTuple):
    """Somebody known; the member is None when they have no place in the organization addressed."""

    member: Member | None
    token: Token | None = None


def by_session(user: AbstractBaseUser, slug: str) -> Arrival:
    """The signed-in user's place at this address."""
    if not SLUG.fullmatch(slug):
        return Arrival(None)  # nor would the database take every text there is
    with everyone():
        places = Member.objects.able().select_related("organization", "user")
        return Arrival(places.filter(user__pk=user.pk, organization__slug=slug).first())


def by_key(key: str, slug: str, at: datetime) -> Arrival | None:
    """The place of an API key's member at this address; None when the key is unknown, expired or revoked."""
    with everyone():
        tokens = Token.objects.select_related("member__organization", "member__user")
        token = tokens.filter(token_hash=hash_of(key)).first()
        if token is None or not token.is_usable(at) or not token.member.is_able:
            return None
        if token.last_used_at is None or at - token.last_used_at >= LAST_USE_EVERY:
            Token.objects.filter(organization_id=token.organization_id, pk=token.pk).update(last_used_at=at)
        return Arrival(token.member if token.member.organization.slug == slug else None, token)


def places_of(user: User) -> list[Member]:
    """Every place in which this user can act, with its organization, by the organization's name."""
    with everyone():
        places = Member.objects.able().select_related("organization", "user")
        return list(places.filter(user=user).order_by("organization__name", "organization_id"))


def organization_at(slug: str) -> Organization | None:
    """The organization with this address, for commands; pages are told by `request.organization`."""
    with everyone():
        return Organization.objects.filter(slug=slug).first()


def organizations() -> list[Organization]:
    """Every organization there is, by its address, for commands."""
    with everyone():
        return list(Organization.objects.order_by("slug"))
