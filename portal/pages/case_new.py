"""A new case: choose a flow and where, then say who plays which role and what the first steps ask; then it runs."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from handoffs.actions.cases import launch, must_not_be_a_client
from handoffs.flows.drawing import drawn
from handoffs.flows.versions import plan_of
from handoffs.models import Case
from portal.forms.base import ActionForm
from portal.forms.cases import ChooseCaseForm, LaunchForm
from portal.pages.base import STATUS, ActingPage
from tenants.address import AddressedRequest
from tenants.models import Member
from tenants.refusals import Refusal


class NewCase(ActingPage):
    """Two steps at one address: `?flow=…&workspace=…` is the second. Clients are told that they launch none."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """403 with the sentence for clients."""
        member: Member | None = getattr(request, "member", None)
        if member is not None and request.method in ("GET", "HEAD", "POST"):
            try:
                must_not_be_a_client(member)
            except Refusal as refusal:
                self.request, self.template = cast("AddressedRequest", request), "cases/choose.html"
                return self.show(STATUS[refusal.kind], why_not=refusal.sentence)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice, or the form of what was chosen."""
        choice = self._choice()
        if not choice.is_bound or not choice.is_valid():
            return self._choose(choice, 422 if choice.is_bound else 200)
        return self.again(self.form(), 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Launches it."""
        choice = self._choice()
        if not choice.is_bound or not choice.is_valid():
            return self._choose(choice, 422)
        return super().post(request)

    def form(self, *given: Any) -> LaunchForm:
        """The form of the chosen flow."""
        return LaunchForm(
            *given[:1],
            member=self.member,
            version=self.version,
            workspace=self.workspace,
            internal_workspace=self.internal_workspace,
        )

    def act(self, form: ActionForm) -> Case:
        """The one call."""
        words = {"workspace": self.workspace, "internal_workspace": self.internal_workspace, **form.words()}
        return launch(self.version, by=self.member, at=self.now, **words)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The second step."""
        self.template = "cases/launch.html"
        drawing = drawn(plan_of(self.version))
        return self.show(status, form=form, version=self.version, workspace=self.workspace, drawing=drawing)

    def after(self, done: Any) -> HttpResponse:
        """On to the case, whose first steps are offered by now."""
        return self.told("Launched. Its first steps are offered.", reverse("case", args=[done.reference]))

    def _choose(self, form: ChooseCaseForm, status: int) -> HttpResponse:
        self.template = "cases/choose.html"
        return self.show(status, form=form)

    def _choice(self) -> ChooseCaseForm:
        """The choice in the address, checked against what this member may use."""
        given = self.request.GET
        bound = "workspace" in given or "internal_workspace" in given
        form = (
            ChooseCaseForm(given, member=self.member)
            if bound
            else ChooseCaseForm(member=self.member, initial={"flow": given.get("flow", "")})
        )
        if form.is_bound and form.is_valid():
            self.version, self.workspace, self.internal_workspace = form.chosen
        return form
