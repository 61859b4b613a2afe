"""A member's own absences, on the page of their settings."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from portal.forms.absence import AbsenceForm
from portal.forms.base import ActionForm
from portal.pages.base import ActingPage
from portal.pages.settings import Settings
from tenants.actions import add_absence, cancel_absence
from tenants.models import Absence


class AbsencePage(Settings):
    """The settings, where a POST records an absence."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The settings."""
        return self.again(self.form(), 200)

    def form(self, *given: Any) -> AbsenceForm:  # type: ignore[override]
        """A new absence."""
        return AbsenceForm(*given[:1], member=self.member)

    def act(self, form: ActionForm) -> Absence:  # type: ignore[override]
        """The one call."""
        return add_absence(member=self.member, by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int, **facts: Any) -> HttpResponse:
        """The settings with this form as it was filled in."""
        return super().again(super().form(), status, absence_form=form, **facts)

    def after(self, done: Any) -> HttpResponse:
        """Back to the settings."""
        return self.told("Your absence is recorded.", f"{reverse('settings')}#absences")


class Cancel(ActingPage):
    """Cancels one of my absences, or ends one that has begun."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for an absence that is not mine."""
        mine = Absence.objects.filter(organization_id=self.member.organization_id, member=self.member)
        absence = mine.filter(id=kwargs["pk"]).select_related("member").first()
        if absence is None:
            raise Http404
        self.absence = absence
        return super().post(request)

    def form(self, *given: Any) -> ActionForm:
        """Nothing to fill in."""
        return ActionForm({})

    def act(self, form: ActionForm) -> Absence:
        """The one call."""
        return cancel_absence(absence=self.absence, by=self.member, at=self.now)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """What is over is not cancelled."""
        return HttpResponse(form.refusal.sentence if form.refusal else "", status=status, content_type="text/plain")

    def after(self, done: Any) -> HttpResponse:
        """Back to the settings."""
        return self.told("You are here again." if done.starts_at <= self.now else "Cancelled.", reverse("settings"))
