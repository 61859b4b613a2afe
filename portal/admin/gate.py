"""Who is let into the admin, and what its pages may do in a browser."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from tenants.address import AddressedRequest
from tenants.models import Member, Role

# PostgreSQL stores neither; the admin's filters would hand them on to it unread.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Part(StrEnum):
    """What somebody has to arrange who does not run the organization."""

    LEAD = "lead"
    MANAGER = "manager"


NOBODY: frozenset[Part] = frozenset()
LEADS, MANAGERS, EVERY_PART = frozenset({Part.LEAD}), frozenset({Part.MANAGER}), frozenset(Part)


def member_of(request: HttpRequest) -> Member:
    """Who is asking; only behind the gate."""
    return cast("AddressedRequest", request).member


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The zone in which this reader is told times: their own, else the organization's."""
    member = member_of(request)
    return ZoneInfo(member.zone or member.organization.zone)


def admit(request: HttpRequest) -> None:
    """Refuse, as 404 or 403, everyone who has nothing to arrange in the organization in the address."""
    member: Member | None = getattr(request, "member", None)
    if member is None or member.role == Role.CLIENT:
        raise Http404
    if not enters(member):
        raise PermissionDenied("Owners, admins, team leads and workspace managers arrange things here.")
    if any(UNSTORABLE.search(text) for text in _words(request)):
        raise BadRequest("This contains characters that cannot be stored.")


def runs_here(member: Member | None) -> bool:
    """Is this a person who runs the organization?"""
    return member is not None and member.is_able and member.runs_the_organization


def enters(member: Member | None) -> bool:
    """Does this person run the organization, lead a team of it or manage a workspace?"""
    return runs_here(member) or bool(parts_of(member))


def parts_of(member: Member | None) -> frozenset[Part]:
    """What this person, as one of the organization's own, has to arrange; read from the standing."""
    if member is None or not member.is_able:
        return NOBODY
    return (LEADS if member.standing.leads else NOBODY) | (MANAGERS if member.standing.manages else NOBODY)


def relax(response: HttpResponseBase) -> HttpResponseBase:
    """Let Alpine evaluate its expressions on this page; no other page of the site may."""
    response._csp_update = settings.HANDRAIL_ADMIN_CSP  # type: ignore[attr-defined]
    return response


def _words(request: HttpRequest) -> Iterable[Any]:
    """The address, and every name and value of the query."""
    yield request.path_info
    for name, values in request.GET.lists():
        yield name
        yield from values
