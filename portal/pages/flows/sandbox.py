"""A flow played on a virtual clock before it is published."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.flows.problems import errors
from handoffs.sandbox import Played, play
from portal.forms.base import ActionForm
from portal.forms.flows.sandbox import PlaceForm, SandboxForm
from portal.pages.flows import telling
from portal.pages.flows.edit import DraftPage


class Sandbox(DraftPage):
    """First where it is played, by the address; then the script. What is sent is played, and nothing of it is kept."""

    template = "flows/sandbox.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; of the newest version, draft or not."""
        return self._choose() if self.place is None else self.again(self.form(), 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Plays it."""
        return self._choose() if self.place is None or self.wrong else super().post(request)

    @cached_property
    def place_form(self) -> PlaceForm:
        """The choice in the address."""
        given = self.request.GET
        return PlaceForm(*([given] if "workspace" in given else []), member=self.member, plan=self.plan)

    @property
    def place(self) -> Any:
        """Where it is played; None until that is chosen."""
        form = self.place_form
        return form.chosen if form.is_bound and form.is_valid() else None

    @property
    def wrong(self) -> bool:
        """Whether it could not be published as it stands: then it is not played either."""
        return bool(errors(self.judged[0]))

    def form(self, *given: Any) -> SandboxForm:
        """The script of each step."""
        workspace, inside = self.place
        return SandboxForm(*given[:1], plan=self.plan, facts=self.judged[1], workspace=workspace, inside=inside)

    def act(self, form: ActionForm) -> Played:  # type: ignore[override]
        """The one call."""
        workspace, inside = self.place
        words = {"workspace": workspace, "internal_workspace": inside, **form.words()}
        return play(self.version, by=self.member, title=f"A play of {self.flow.name}"[:200], **words)

    def again(self, form: ActionForm, status: int, played: Played | None = None) -> HttpResponse:
        """The form, below what was played."""
        return self._shown(status, form=form, played=played)

    def after(self, done: Any) -> HttpResponse:
        """The protocol, with the form to play it otherwise: it is kept nowhere, so there is no address to go to."""
        response = self.again(self.form(self.request.POST), 200, done)
        response["Cache-Control"] = "no-store"
        return response

    def _choose(self) -> HttpResponse:
        bound = self.place_form.is_bound and self.place is None
        return self._shown(422 if bound or self.request.method == "POST" else 200, form=None, played=None)

    def _shown(self, status: int, **facts: Any) -> HttpResponse:
        problems = telling.told_problems(self.judged[0], self.flow.pk, self.plan)
        return self.show(
            status,
            flow=self.flow,
            version=self.version,
            place_form=self.place_form,
            place=self.place,
            problems=problems if self.wrong else [],
            errors=len(errors(self.judged[0])),
            back=self.home if self.draft else reverse("flow", args=[self.flow.pk]),
            **facts,
        )
