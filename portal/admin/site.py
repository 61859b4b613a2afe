"""The admin site: one per organization, at /o/<slug>/admin/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from unfold.sites import UnfoldAdminSite

from portal.admin import look
from portal.admin.gate import admit, enters, member_of, relax, runs_here, zone_of
from portal.status import pulse, silence

View = Callable[..., HttpResponseBase]

# Signing in is allauth's; the shortcut to any object's page and the search of the library, which remembers what it
# found for one organization under the user alone, would look across the wall.
LEFT_OUT = frozenset({"login", "password_change", "password_change_done", "view_on_site", "search"})


class Site(UnfoldAdminSite):  # type: ignore[misc]
    """Lets in those who have something to arrange, in their own zone; knows nothing outside of an organization."""

    site_title = site_header = "Handrail"
    index_template = "admin/index.html"
    # The address that is left over has no model admin to ask: without this Django would redirect it first.
    final_catch_all_view = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Does this person run the organization, lead a team or manage a workspace?"""
        return enters(getattr(request, "member", None))

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
        """Ours, and the library's addresses but those that do not belong inside an organization."""
        from portal.admin.background import again_page, background_page

        ours = [
            path("background/", self.admin_view(background_page), name="background_changelist"),
            path("background/<slug:task>/again/", self.admin_view(again_page), name="background_again"),
        ]
        return [*ours, *(url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT)]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows: also whether nothing is delivered, to those who could have it mended."""
        told = {"silence": silence()} if runs_here(getattr(request, "member", None)) else {}
        return {**super().each_context(request), **told}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sections that are open to this member, each with what one does there."""
        member = member_of(request)
        # How the worker does is for those who could have it mended.
        well = {"pulse": pulse(member.organization_id)} if member.runs_the_organization else {}
        facts = {"groups": self.sections(request), "title": "Arrange", **well}
        return super().index(request, {**facts, **(extra_context or {})})  # type: ignore[no-any-return]

    def sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The sections that are open to this member, in their groups."""
        sections = {f"{m._meta.app_label}_{m._meta.model_name}": s for m, s in self._registry.items()}

        def is_open(name: str) -> bool:
            # A place without a section of rows, like the work of the background, is for who runs the organization.
            there = sections.get(name)
            return bool(there.has_view_permission(request)) if there else runs_here(member_of(request))

        groups = [
            (title, [look.item(place) for place in places if is_open(place.name)])
            for title, places in look.PLACES.items()
        ]
        return [{"title": title, "places": places} for title, places in groups if places]

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


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar: the same sections."""
    groups = site.sections(request)
    return [{"title": group["title"], "separator": False, "items": group["places"]} for group in groups]
