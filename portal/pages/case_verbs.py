"""Every verb of a case from its button: a form, one call to its action, its refusal in the same place."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from handoffs.actions import cases
from handoffs.flows.rules import judge
from handoffs.insight.cases import SeenCase
from handoffs.models import CaseVerb
from portal.forms.base import ActionForm
from portal.forms.case_verbs import CASE_FORMS, CaseForm, ReassignForm
from portal.pages.base import STATUS, ActingPage
from portal.pages.case_buttons import VERBS
from portal.pages.cases import reached_case

ACTIONS: Mapping[CaseVerb, Callable[..., Any]] = {
    CaseVerb.SKIP: cases.skip,
    CaseVerb.REASSIGN: cases.reassign,
    CaseVerb.ADD_STEP: cases.add_step,
    CaseVerb.CANCEL: cases.cancel_case,
}
DONE: Mapping[CaseVerb, str] = {
    CaseVerb.SEND_BACK: "Sent back; it is offered again to who completed it.",
    CaseVerb.SKIP: "Skipped; the case goes on.",
    CaseVerb.REASSIGN: "Reassigned.",
    CaseVerb.ADD_STEP: "The step is added to this case.",
    CaseVerb.CANCEL: "The case is cancelled, and whatever was under way in it.",
}


class CaseVerbPage(ActingPage):
    """One verb on one case."""

    template = "cases/verb.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for what is no verb of a page."""
        if kwargs["verb"] not in {verb.value for verb in CASE_FORMS}:
            raise Http404
        self.verb = CaseVerb(kwargs["verb"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, reference: str, verb: str) -> HttpResponse:
        """The form, with the refusal on top where it may not be done."""
        self.case = reached_case(self.member, reference)
        form = self.form()
        refusal = judge(self.case, self.verb, self.member) if self.verb is not CaseVerb.SEND_BACK else None
        if refusal is not None:
            form.refuse(refusal)
        return self.again(form, STATUS[refusal.kind] if refusal else 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it."""
        self.case = reached_case(self.member, kwargs["reference"])
        return super().post(request)

    def form(self, *given: Any) -> CaseForm:
        """The verb's form with what was sent."""
        return CASE_FORMS[self.verb](*given[:1], seen=SeenCase(self.case, self.member, self.now))

    def act(self, form: ActionForm) -> Any:
        """The one call to the verb's action."""
        words = form.words()
        if self.verb is CaseVerb.SEND_BACK:
            return cases.send_back(words.pop("handoff"), by=self.member, at=self.now, **words)
        if isinstance(form, ReassignForm) and form.is_about_the_whole:
            return cases.entrust(self.case, by=self.member, at=self.now, **words)
        return ACTIONS[self.verb](self.case, by=self.member, at=self.now, **words)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The verb's own page."""
        text, icon = VERBS[self.verb]
        return self.show(status, form=form, case=self.case, verb=self.verb.value, label=text, icon=icon)

    def after(self, done: Any) -> HttpResponse:
        """Back to the case, told what happened."""
        return self.told(DONE[self.verb], reverse("case", args=[self.case.reference]))
