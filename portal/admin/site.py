"""The admin site: one per organization, at /o/<slug>/admin/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from unfold.sites import UnfoldAdminSite

from portal.admin import look
from portal.admin.gate import admit, relax, runs_here, zone_of

View = Callable[..., HttpResponseBase]

# Signing in is allauth's; the shortcut to any object's page and the search of the library, which remembers what it
# found for one organization under the user alone, would look across the wall.
LEFT_OUT = frozenset({"login", "password_change", "password_change_done", "view_on_site", "search"})


class Site(UnfoldAdminSite):  # type: ignore[misc]
    """Lets owners and admins in, in their own zone; knows nothing outside of an organization."""

    site_title = site_header = "Handrail"
    index_template = "admin/index.html"
    # The address that is left over has no model admin to ask: without this Django would redirect it first.
    final_catch_all_view = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Is this a person who runs the organization?"""
        return runs_here(getattr(request, "member", None))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Behind the gate, told in the member's zone, with the content policy that the pages need."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def behind_the_gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            admit(request)
            with timezone.override(zone_of(request)):
                response: HttpResponseBase = inner(request, *args, **kwargs)
                if isinstance(response, TemplateResponse) and not response.is_rendered:
                    response.render()
            return relax(response)

        return behind_the_gate

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The library's addresses but those that do not belong inside an organization."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sections, each with what one does there."""
        return super().index(request, {"groups": look.sections(), "title": "Arrange", **(extra_context or {})})  # type: ignore[no-any-return]

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nobody thinks in applications: back to the sections."""
        return HttpResponseRedirect(reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign out, by POST alone, to the start page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return HttpResponseRedirect("/")


site = Site(name="admin")
