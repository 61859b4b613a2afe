"""Who is asking at an organization's address: found before any organization is in force.

Every request begins here, so the two statements are composed once; composing them anew took longer than answering them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from tenants.keys import hash_of
from tenants.models import Logo, Member, Organization, Token, User
from tenants.models.member import Elsewhere
from tenants.models.organization import SLUG
from tenants.prepared import fetch_all
from tenants.records import columns, made
from tenants.scope import everyone

# When a key was last used is for people to read; writing it at every request would only cost.
LAST_USE_EVERY = timedelta(minutes=1)


class Arrival(NamedTuple):
    """Somebody known; the member is None when they have no place in the organization addressed."""

    member: Member | None
    token: Token | None = None


def by_session(user: User, slug: str) -> Arrival:
    """The place at this address of a user whom Django knows to be signed in."""
    with everyone():
        member = _place_of(user.pk, slug)
    return Arrival(member if member is not None and member.is_able else None)


def at_once(session: SessionBase, slug: str) -> Member | None:
    """The place of whoever is signed in, read together with their login. Call it inside `arriving()`.

    None whenever anything is out of the ordinary, which is then for Django to look at, and for `by_session`.
    """
    user_id = session.get(SESSION_KEY, "")
    member = _place_of(int(user_id), slug) if user_id.isdecimal() else None
    if member is None or member.user is None or not member.is_able or not _is_signed_in(session, member.user):
        return None
    return member


def _is_signed_in(session: SessionBase, user: User) -> bool:
    """What `django.contrib.auth.get_user` asks of a session; with a former secret key it has more to do than to say."""
    told = session.get(HASH_SESSION_KEY, "")
    known = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS and user.is_active
    return known and bool(told) and constant_time_compare(told, user.get_session_auth_hash())


def _place_of(user_id: int, slug: str) -> Member | None:
    """A user's member in the organization of this address, able or not."""
    if not SLUG.fullmatch(slug):
        return None  # nor would the database take every text there is
    values = _row(f"{_place(_ELSEWHERE)} WHERE member.user_id = %s AND organization.slug = %s", [user_id, slug])
    if values is None:
        return None
    parts = iter(values)
    member = _member(parts)
    member.elsewhere = tuple(Elsewhere(*each.split(" ", 1)) for each in next(parts) or ())
    return member


# Where else they are at home, in one column: an address has no blank in it.
_ELSEWHERE = """ARRAY(
SELECT home.slug || ' ' || home.name FROM tenants_member AS there
  JOIN tenants_organization AS home ON home.id = there.organization_id
 WHERE there.user_id = member.user_id AND there.left_at IS NULL AND there.organization_id <> member.organization_id
 ORDER BY home.name, home.slug LIMIT 20)"""


def by_key(key: str, slug: str, at: datetime) -> Arrival | None:
    """The place of an API key's member at this address; None when the key is unknown, expired or revoked."""
    with everyone():
        values = _row(f"{_place(with_token=True)} WHERE token.token_hash = %s", [hash_of(key)])
        if values is None:
            return None
        parts = iter(values)
        member = _member(parts)
        token = made(Token, parts)
        token.member = member
        if not token.is_usable(at) or not member.is_able:
            return None
        if token.last_used_at is None or at - token.last_used_at >= LAST_USE_EVERY:
            Token.objects.filter(organization_id=token.organization_id, pk=token.pk).update(last_used_at=at)
        return Arrival(member if member.organization.slug == slug else None, token)


@cache
def _place(besides: str = "", *, with_token: bool = False) -> str:
    """The statement, up to its WHERE, that reads a member with organization and user, and more where it is asked."""
    read = [columns(Member, "member"), columns(Organization, "organization"), columns(User, "login")]
    token = ""
    if with_token:
        read.append(columns(Token, "token"))
        token = "JOIN tenants_token AS token ON token.organization_id = member.organization_id " + (
            "AND token.member_id = member.id"
        )
    read += [besides] if besides else []
    return (
        f"SELECT {', '.join(read)} FROM tenants_member AS member "
        "JOIN tenants_organization AS organization ON organization.id = member.organization_id "
        f"LEFT JOIN tenants_user AS login ON login.id = member.user_id {token}"
    )


def _row(statement: str, given: Sequence[Any]) -> Sequence[Any] | None:
    return next(iter(fetch_all(statement, given)), None)


def _member(parts: Iterator[Any]) -> Member:
    """Takes member, organization and user from the row, in the order of its columns."""
    member, organization, user = made(Member, parts), made(Organization, parts), made(User, parts)
    member.organization = organization
    member.user = user if user.pk is not None else None
    return member


def places_of(user: User) -> list[Member]:
    """Every place in which this user can act, with its organization, by the organization's name."""
    with everyone():
        places = Member.objects.able().select_related("organization", "user")
        return list(places.filter(user=user).order_by("organization__name", "organization_id"))


def organization_at(slug: str) -> Organization | None:
    """The organization with this address, for commands; pages are told by `request.organization`."""
    with everyone():
        return Organization.objects.filter(slug=slug).first()


def logo_at(digest: str) -> bytes | None:
    """The picture of this digest, which is nobody's secret: a sign-in page shows it before anybody is known."""
    with everyone():
        found = Logo.objects.filter(digest=digest).values_list("picture", flat=True).first()
    return bytes(found) if found is not None else None


def organizations() -> list[Organization]:
    """Every organization there is, by its address, for commands."""
    with everyone():
        return list(Organization.objects.order_by("slug"))
