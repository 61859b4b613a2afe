"""A new handoff: choose where and of which kind, fill in what is known, keep it as a draft."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from handoffs.actions import draft
from handoffs.definition.specification import specification
from handoffs.models import Handoff, Side
from portal.forms.base import ActionForm
from portal.forms.draft import ChooseForm, DraftForm
from portal.pages.base import ActingPage
from portal.pages.drafts import keeps_itself, kept
from portal.pages.handoff import found
from portal.pages.like import Like


class New(ActingPage):
    """Two steps at one address: `?workspace=…&template=…` is the second; `?like=…` begins with an earlier handoff."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice, or the form of what was chosen."""
        if self.like and "workspace" not in request.GET:
            return HttpResponseRedirect(f"{reverse('handoff_new')}?{self.like.choice}")
        choice = self._choice()
        if not choice.is_bound or not choice.is_valid():
            return self._choose(choice, 422 if choice.is_bound else 200)
        return self.again(self.form(), 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keeps the draft."""
        choice = self._choice()
        if not choice.is_bound or not choice.is_valid():
            return self._choose(choice, 422)
        if keeps_itself(request):
            return kept(self.form(request.POST), self.member, self._draft)
        return super().post(request)

    @cached_property
    def like(self) -> Like | None:
        """The handoff it begins like; 404 for one that this member does not see."""
        reference = self.request.GET.get("like")
        return Like(found(self.member, reference), self.member) if reference else None

    def form(self, *given: Any) -> DraftForm:
        """The form of the chosen template."""
        initial = self.like.initial if self.like and not given else None
        return DraftForm(
            *given[:1], member=self.member, workspace=self.workspace, version=self.version, initial=initial
        )

    def act(self, form: ActionForm) -> Handoff:
        """The one call."""
        return self._draft(**form.words())

    def _draft(self, **words: Any) -> Handoff:
        return draft(self.workspace, by=self.member, at=self.now, template=self.version, **words)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The second step."""
        self.template = "new/draft.html"
        slots = [slot for slot in specification(self.version).slots if slot.side == Side.SENDER]
        return self.show(
            status, form=form, workspace=self.workspace, version=self.version, slots=slots, like=self._told_like(form)
        )

    def _told_like(self, form: ActionForm) -> dict[str, Any] | None:
        """Like which it begins, and what of it has no place here."""
        return {"reference": self.like.reference, "left": self.like.left_out(form.fields)} if self.like else None

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
