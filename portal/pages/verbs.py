"""Every verb from its button: a form where it needs words, one call to its action, its refusal in the same place."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from handoffs import actions
from handoffs.judgement import judge
from handoffs.lifecycle import BY_ITSELF, Verb
from handoffs.models import Handoff, Question
from portal.forms.base import ActionForm
from portal.forms.complete import CompleteStepForm
from portal.forms.forms_of import form_of
from portal.forms.verb import VerbForm
from portal.forms.verbs import EditForm, OfferForm
from portal.pages import cursor
from portal.pages.base import STATUS, ActingPage, SeeOther
from portal.pages.drafts import keeps_itself, kept
from portal.pages.handoff import SheetPage, found, reached
from portal.pages.mentions import told_in_words
from portal.templatetags.times import in_words
from tenants.refusals import Refusal

ACTIONS: Mapping[Verb, Callable[..., Handoff]] = {
    verb: getattr(actions, "return_" if verb is Verb.RETURN else verb.value)
    for verb in Verb
    if verb not in BY_ITSELF | {Verb.DRAFT}
}
DONE: Mapping[Verb, str] = {
    Verb.EDIT: "Saved.",
    Verb.OFFER: "Offered to {receiver}. You answer for it until they accept.",
    Verb.PLAN: "",
    Verb.UNPLAN: "It is not offered by itself any more.",
    Verb.PASS_ON: "Offered to {receiver}. You answer for it until they accept.",
    Verb.HAND_BACK: "{receiver} is asked to take it back. You answer for it until they accept.",
    Verb.REDIRECT: "The offer goes to {receiver} now.",
    Verb.WITHDRAW: "The offer is withdrawn.",
    Verb.ASK: "Your question is asked.",
    Verb.ANSWER: "Your answer is given.",
    Verb.ACCEPT: "Accepted. You answer for it now.",
    Verb.RETURN: "Returned with your reason.",
    Verb.START: "Started.",
    Verb.HOLD: "On hold; it resumes by itself.",
    Verb.RESUME: "Resumed.",
    Verb.COMPLETE: "Completed.",
    Verb.REOPEN: "Reopened and offered to {receiver}. You answer for it until they accept.",
    Verb.CANCEL: "Cancelled.",
    Verb.TAKE_OVER: "You answer for it now.",
    Verb.NOTE: "Note added.",
    Verb.ATTACH: "Attached.",
    Verb.NUDGE: "They are reminded.",
    Verb.LINK: "Link added.",
    Verb.SHARE: "Shared. They can see it now.",
    Verb.UNSHARE: "It is not shared with them any more.",
    Verb.TICK: "",
    Verb.VIEW: "",
}
# What the button of the form says where the verb's own word would not do.
SENDS: Mapping[Verb, str] = {Verb.EDIT: "Save", Verb.CANCEL: "Cancel this handoff"}
# Where on the page the thing is, to come back to it.
ANCHORS: Mapping[Verb, str] = {
    Verb.TICK: "#checklist",
    Verb.ATTACH: "#documents",
    Verb.LINK: "#links",
    Verb.NOTE: "#notes",
    Verb.ANSWER: "#questions",
    Verb.ASK: "#questions",
    Verb.SHARE: "#sharing",
    Verb.UNSHARE: "#sharing",
}


class VerbPage(ActingPage, SheetPage):
    """One verb on one handoff."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for what is no verb of a page."""
        if kwargs["verb"] not in set(ACTIONS):
            raise Http404
        self.verb = Verb(kwargs["verb"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, reference: str, verb: str) -> HttpResponse:
        """The form of a verb that needs words; 405 for one that needs none."""
        self.handoff = reached(self.member, reference)
        form_class = form_of(self.verb, self.handoff)
        if not form_class.needs_words:
            return self.http_method_not_allowed(request)
        form = form_class(handoff=self.handoff, member=self.member, initial=_chosen(request))
        refusal = self._refusal()
        if refusal is not None:
            form.refuse(refusal)
        return self.again(form, STATUS[refusal.kind] if refusal else 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it."""
        self.handoff = reached(self.member, kwargs["reference"])
        form = self.form(request.POST, request.FILES)
        if isinstance(form, EditForm) and keeps_itself(request):
            return kept(form, self.member, partial(actions.edit, self.handoff, by=self.member, at=self.now))
        if isinstance(form, CompleteStepForm) and form.asks_more:
            return self.again(form.once_more(), 200)
        return super().post(request)

    def form(self, *given: Any) -> VerbForm:
        """The verb's form with what was sent."""
        return form_of(self.verb, self.handoff)(*given, handoff=self.handoff, member=self.member)

    def act(self, form: ActionForm) -> Handoff:
        """The one call to the verb's action."""
        if isinstance(form, OfferForm) and form.waits:
            return actions.plan(self.handoff, by=self.member, at=self.now, **form.words())
        return ACTIONS[self.verb](self.handoff, by=self.member, at=self.now, **form.words())

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The verb's own page; for one without words the handoff as it stands now, with the sentence on top."""
        if self._is_dropped:
            return JsonResponse({"sentence": form.sentence}, status=status)
        if not getattr(form, "needs_words", False):
            return self.sheet(found(self.member, self.handoff.reference), status, refused=form)
        fresh = reached(self.member, self.handoff.reference)
        self.template = "handoff/verb.html"
        return self.show(
            status,
            form=form,
            handoff=fresh,
            about=self._about(form),
            verb=self.verb,
            label=self.verb.label,
            sends=getattr(form, "sends", "") or SENDS.get(self.verb, self.verb.label),
        )

    def after(self, done: Any) -> HttpResponse:
        """Back to the handoff, told what happened; to the inbox when it is out of sight by now."""
        if self.verb is Verb.VIEW:
            return HttpResponse(status=204)
        if self._is_dropped:
            return JsonResponse({"reference": done.reference}, status=201)
        address = reverse("handoff", args=[done.reference]) + ANCHORS.get(self.verb, "")
        offer = done.open_offer
        sentence = DONE[self.verb].format(receiver=offer.receiver_name if offer else "")
        if self.verb in (Verb.OFFER, Verb.PLAN) and done.planned_at is not None:
            sentence = (
                f"It is offered {in_words(done.planned_at, None, self.now)}, when they open. Until then it is yours."
            )
        if done.differing is not None:
            messages.warning(self.request, done.differing.sentence)
            return SeeOther(reverse("handoff", args=[done.reference]) + ANCHORS[Verb.ASK])
        if not Handoff.objects.reachable_by(self.member).filter(id=done.id).exists():
            address = reverse("inbox")
        if self.verb is Verb.NOTE:
            sentence = f"{sentence} {told_in_words(done, self.member)}".strip()
        return self.told(sentence, address)

    @property
    def _is_dropped(self) -> bool:
        """Whether the page's script attaches one of several documents."""
        return self.verb is Verb.ATTACH and self.request.headers.get("X-Documents") == "add"

    def _about(self, form: ActionForm) -> str:
        """The question that is being answered."""
        if self.verb is not Verb.ANSWER:
            return ""
        visible = Question.objects.visible_to(self.member).filter(handoff_id=self.handoff.id)
        question = visible.filter(id=cursor.whole(str(form["question"].value()))).first()
        return question.body if question else ""

    def _refusal(self) -> Refusal | None:
        """Why the rulebook does not allow this verb now, before anybody fills in a form for it."""
        asked = self.verb is Verb.ANSWER
        questions = Question.objects.filter(handoff_id=self.handoff.id, answered_at=None) if asked else ()
        return judge(self.handoff, self.verb, self.member, questions)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the way here has chosen already: a place for a document, a question."""
    return {name: request.GET[name] for name in ("slot", "question") if name in request.GET}
