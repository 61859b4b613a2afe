"""The organization itself, and its logo on the way out."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.forms.administration.organization import LogoForm, OrganizationForm
from portal.forms.base import ActionForm
from portal.pages.administration.base import ORGANIZATION, Administration, Nothing
from tenants.actions import remove_logo, set_logo, update_organization
from tenants.arrival import logo_at
from tenants.models import Organization


class OrganizationPage(Administration):
    """Name, zone and hue."""

    place = ORGANIZATION
    template = "administration/organization.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> ActionForm:
        """What it is called and how it looks."""
        return OrganizationForm(*given[:1], organization=self.member.organization)

    def act(self, form: ActionForm) -> Organization:
        """The one call."""
        return update_organization(by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int, **facts: Any) -> HttpResponse:
        """The form of name and hue, and that of the logo."""
        facts.setdefault("logo_form", LogoForm())
        return self.show(status, form=form, thing=self.member.organization, **facts)

    def after(self, done: Organization) -> HttpResponse:
        """Back."""
        return self.told(f"{done.name} is up to date.", reverse("organization"))


class LogoPage(OrganizationPage):
    """Takes a logo."""

    def form(self, *given: Any) -> ActionForm:
        """A picture."""
        return LogoForm(*given)

    def act(self, form: ActionForm) -> Organization:
        """The one call."""
        return set_logo(by=self.member, at=self.now, **form.words())

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return super().again(super().form(), 200)

    def again(self, form: ActionForm, status: int, **facts: Any) -> HttpResponse:
        """The page with what was wrong with the picture."""
        return super().again(super().form(), status, logo_form=form)

    def after(self, done: Organization) -> HttpResponse:
        """Back."""
        return self.told(
            "The logo stands beside your name now, here and where people sign in.", reverse("organization")
        )


class RemoveLogo(OrganizationPage):
    """Shows the name alone again."""

    http_method_names = ["post", "options"]

    def form(self, *given: Any) -> ActionForm:
        """A button is enough."""
        return Nothing({})

    def act(self, form: ActionForm) -> Organization:
        """The one call."""
        return remove_logo(by=self.member, at=self.now)

    def after(self, done: Organization) -> HttpResponse:
        """Back."""
        return self.told("The logo is gone.", reverse("organization"))


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture of this digest: what is at this address never changes."""
    picture = logo_at(digest)
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
