"""A member's own settings: when they are away, and the API tokens with which programs act as them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from portal.forms.absence import AbsenceForm
from portal.forms.base import ActionForm
from portal.forms.token import TokenForm
from portal.forms.you import YouForm
from portal.pages.administration.base import ways
from portal.pages.base import ActingPage
from tenants.actions import issue_token, revoke_token, update_member
from tenants.models import Absence, Member, Token


class Settings(ActingPage):
    """Absences and tokens, each with a form for another."""

    template = "settings/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> TokenForm:
        """A new token."""
        return TokenForm(*given[:1])

    def act(self, form: ActionForm) -> tuple[Token, str]:
        """The one call."""
        assert isinstance(form, TokenForm)
        expires_at = self.now + form.term if form.term else None
        return issue_token(member=self.member, by=self.member, at=self.now, expires_at=expires_at, **form.words())

    def again(self, form: ActionForm, status: int, **facts: Any) -> HttpResponse:
        """Absences and tokens, the form for another of each below."""
        tokens = Token.objects.filter(organization_id=self.member.organization_id, member=self.member)
        shown = [(token, token.is_usable(self.now)) for token in tokens.order_by("-created_at", "-id")[:100]]
        mine = Absence.objects.filter(organization_id=self.member.organization_id, member=self.member)
        to_come = mine.to_come(self.now).select_related("substitute")[:100]
        away = [(absence, absence.starts_at <= self.now) for absence in to_come]
        facts.setdefault("absence_form", AbsenceForm(member=self.member))
        facts.setdefault("you_form", YouForm(member=self.member))
        return self.show(
            status,
            form=form,
            tokens=shown,
            absences=away,
            ways=ways(self.member),
            **facts,
        )

    def after(self, done: Any) -> HttpResponse:
        """Shows the key this once: it is kept nowhere, so there is no address to be sent on to."""
        token, key = done
        response = self.again(self.form(), 201, made=token, key=key)
        response["Cache-Control"] = "no-store"
        return response


class You(Settings):
    """The settings, where a POST says how one is called and in which zone one reads times."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The settings."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> YouForm:  # type: ignore[override]
        """Name and zone."""
        return YouForm(*given[:1], member=self.member)

    def act(self, form: ActionForm) -> Member:  # type: ignore[override]
        """The one call."""
        return update_member(member=self.member, by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int, **facts: Any) -> HttpResponse:
        """The settings with this form as it was filled in."""
        return super().again(super().form(), status, you_form=form, **facts)

    def after(self, done: Any) -> HttpResponse:
        """Back to the settings."""
        return self.told("Your name and zone are up to date.", reverse("settings"))


class Revoke(ActingPage):
    """Makes one of my tokens useless."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a token that is not mine."""
        mine = Token.objects.filter(organization_id=self.member.organization_id, member=self.member)
        token = mine.filter(id=kwargs["pk"]).first()
        if token is None:
            raise Http404
        self.token = token
        return super().post(request)

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def act(self, form: ActionForm) -> Token:
        """The one call."""
        return revoke_token(token=self.token, by=self.member, at=self.now)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """Nobody is refused their own token; told in words all the same."""
        return HttpResponse(form.refusal.sentence if form.refusal else "", status=status, content_type="text/plain")

    def after(self, done: Any) -> HttpResponse:
        """Back to the settings."""
        return self.told(f"“{done.name}” is revoked.", reverse("settings"))
