"""Whose door one stands at before signing in: the organization that the page after it belongs to."""

import re

from django.http import HttpRequest

from tenants.arrival import organization_at
from tenants.models import Organization

_BEYOND = re.compile(r"/o/(?P<slug>[a-z0-9-]{1,50})/")


def organization_behind(request: HttpRequest) -> Organization | None:
    """The organization of the address one goes on to, which gives its name and hue to the sign-in pages."""
    beyond = request.POST.get("next") or request.GET.get("next") or ""
    match = _BEYOND.match(beyond)
    return organization_at(match["slug"]) if match else None
