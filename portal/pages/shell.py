"""What the frame around every page shows: how much waits, what is unread, which workspaces there are."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from handoffs.delivery.notices import unread_count
from handoffs.models import Offer
from portal.pages.demo import people
from portal.pages.door import organization_behind
from tenants.entered import workspaces_entered_by
from tenants.models import Member

WORKSPACES = 30
T = TypeVar("T")


def shell(request: HttpRequest) -> dict[str, Any]:
    """A context processor; everything in it is read only if a template asks."""
    member: Member | None = getattr(request, "member", None)
    if member is None:
        at_the_door: dict[str, Any] = {"organization": _once(lambda: organization_behind(request))}
        return at_the_door | ({"demo_people": people} if settings.HANDRAIL_DEMO else {})
    return {
        "organization": member.organization,
        "waiting_count": _once(lambda: Offer.objects.waiting_count(member)),
        "unread_count": _once(lambda: unread_count(member)),
        "workspaces": _once(lambda: workspaces_entered_by(member, WORKSPACES)),
    }


def _once(read: Callable[[], T]) -> Callable[[], T]:
    found: list[T] = []

    def value() -> T:
        if not found:
            found.append(read())
        return found[0]

    return value
