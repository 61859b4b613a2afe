"""Several handoffs at once: accepted, or redirected to somebody else; what became of each is told."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from handoffs import actions
from handoffs.actions.together import Outcome, together
from handoffs.faces import show_faces
from handoffs.lifecycle import Verb
from handoffs.models import Handoff, number_from
from portal.forms.together import WORKSPACES, RedirectTogetherForm
from portal.pages.base import Page

MOST = 50
DONE = {Verb.ACCEPT: "Accepted. You answer for it now.", Verb.REDIRECT: "The offer goes to {receiver} now."}


class Together(Page):
    """POST `handoff` (several references) with `verb`, and for `redirect` the receiver, who is asked for first."""

    http_method_names = ["post"]
    template = "inbox/together.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Does it to each; what does not go is told and changes nothing else."""
        references = list(dict.fromkeys(request.POST.getlist("handoff")))
        verb = request.POST.get("verb", "")
        if verb not in DONE:
            return self._told("Choose whether to accept or to redirect.")
        if not references:
            return self._told("Choose at least one handoff.")
        if len(references) > MOST:
            return self._told(f"Choose at most {MOST} handoffs at once.")
        numbers = [number for reference in references if (number := number_from(reference)) is not None]
        reached = Handoff.objects.reachable_by(self.member).filter(number__in=numbers)
        chosen = show_faces(sorted(reached, key=lambda handoff: numbers.index(handoff.number)))
        if not chosen:
            return self._told("None of these handoffs is here any more.")
        missing = len(references) - len(chosen)
        if Verb(verb) is Verb.REDIRECT:
            return self._redirect(chosen, missing)
        return self._outcomes(
            Verb.ACCEPT,
            together(chosen, lambda handoff: actions.accept(handoff, by=self.member, at=self.now)),
            missing,
        )

    def _redirect(self, chosen: Sequence[Handoff], missing: int) -> HttpResponse:
        """First to whom, then the redirecting."""
        workspaces = list({handoff.workspace_id: handoff.workspace for handoff in chosen}.values())
        if len(workspaces) > WORKSPACES:
            return self._told(f"These lie in {len(workspaces)} workspaces; choose handoffs of at most {WORKSPACES}.")
        givers = {handoff.open_offer.giver_id for handoff in chosen if handoff.open_offer}
        given = [self.request.POST] if "receiver" in self.request.POST else []
        form = RedirectTogetherForm(*given, workspaces=workspaces, givers=givers)
        if not form.is_valid():
            return self.show(422 if given else 200, form=form, chosen=chosen, verb=Verb.REDIRECT)
        words = form.words()
        return self._outcomes(
            Verb.REDIRECT,
            together(chosen, lambda handoff: actions.redirect(handoff, by=self.member, at=self.now, **words)),
            missing,
        )

    def _outcomes(self, verb: Verb, outcomes: Sequence[Outcome], missing: int) -> HttpResponse:
        done = [outcome for outcome in outcomes if outcome.refusal is None]
        told = [
            {
                "handoff": outcome.handoff,
                "done": outcome.refusal is None,
                "sentence": outcome.refusal.sentence if outcome.refusal else _said(verb, outcome.handoff),
            }
            for outcome in outcomes
        ]
        return self.show(outcomes=told, done=len(done), asked=len(outcomes) + missing, missing=missing, verb=verb)

    def _told(self, sentence: str) -> HttpResponse:
        return self.show(422, refused=sentence)


def _said(verb: Verb, handoff: Handoff) -> str:
    offer = handoff.open_offer
    return DONE[verb].format(receiver=offer.receiver_name if offer else "")
