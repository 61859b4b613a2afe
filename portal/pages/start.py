"""The first page: what this is, the way in, and for those who are in, their organizations."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.inbox import Inbox
from tenants.arrival import places_of
from tenants.models import User


def home(request: HttpRequest) -> HttpResponseBase:
    """The inbox inside an organization, the start page outside."""
    if getattr(request, "member", None) is not None:
        return Inbox.as_view()(request)
    return start(request)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is; where one belongs."""
    places = places_of(request.user) if isinstance(request.user, User) else []
    return render(request, "start/start.html", {"places": places, "may_begin": settings.HANDRAIL_SELF_SERVICE})
