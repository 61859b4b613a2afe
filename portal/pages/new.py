"""A new handoff: choose where and of which kind, fill in what is known, keep it as a draft."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.actions import draft
from handoffs.definition.specification import specification
from handoffs.models import Handoff, Side
from portal.forms.base import ActionForm
from portal.forms.draft import ChooseForm, DraftForm
from portal.pages.base import ActingPage


class New(ActingPage):
    """Two steps at one address: `?workspace=…&template=…` is the second."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice, or the form of what was chosen."""
        choice = self._choice()
        if not choice.is_bound or not choice.is_valid():
            return self._choose(choice, 422 if choice.is_bound else 200)
        return self.again(self.form(), 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps the draft."""
        choice = self._choice()
        if not choice.is_bound or not choice.is_valid():
            return self._choose(choice, 422)
        return super().post(request)

    def form(self, *given: Any) -> DraftForm:
        """The form of the chosen template."""
        return DraftForm(*given[:1], member=self.member, workspace=self.workspace, version=self.version)

    def act(self, form: ActionForm) -> Handoff:
        """The one call."""
        return draft(self.workspace, by=self.member, at=self.now, template=self.version, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The second step."""
        self.template = "new/draft.html"
        slots = [slot for slot in specification(self.version).slots if slot.side == Side.SENDER]
        return self.show(status, form=form, workspace=self.workspace, version=self.version, slots=slots)

    def after(self, done: Any) -> HttpResponse:
        """On to the draft, where what is still missing is listed."""
        return self.told("Kept as a draft. You hold it.", reverse("handoff", args=[done.reference]))

    def _choose(self, form: ChooseForm, status: int) -> HttpResponse:
        self.template = "new/choose.html"
        return self.show(status, form=form)

    def _choice(self) -> ChooseForm:
        """The choice in the address, checked against what this member may use."""
        given = self.request.GET
        bound = "workspace" in given or "template" in given
        form = ChooseForm(given, member=self.member) if bound else ChooseForm(member=self.member)
        if form.is_bound and form.is_valid():
            self.workspace, self.version = form.chosen
        return form
