"""The verbs of a handoff as buttons: exactly those that the rulebook allows this member now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from handoffs import actions
from handoffs.lifecycle import BY_ITSELF, Verb, allowed
from handoffs.models import Handoff
from handoffs.parties import parties
from portal.admin.dress import dressed
from portal.admin.gate import member_of
from portal.forms.forms_of import form_of
from tenants.models import Member
from tenants.refusals import Refusal

# Looking, answering, ticking and taking a sharing back belong where their things stand: on the page in the portal.
ELSEWHERE = BY_ITSELF | {Verb.DRAFT, Verb.VIEW, Verb.ANSWER, Verb.TICK, Verb.UNSHARE}
ACTIONS: Mapping[Verb, Callable[..., Handoff]] = {
    verb: getattr(actions, "return_" if verb is Verb.RETURN else verb.value) for verb in Verb if verb not in ELSEWHERE
}
DANGEROUS = frozenset({Verb.CANCEL, Verb.TAKE_OVER})


@dataclass(frozen=True)
class Button:
    """One verb: a link to the words it needs, else a button that does it."""

    text: str
    address: str
    needs_words: bool


def buttons(handoff: Handoff, member: Member) -> list[Button]:
    """What this member may do with this handoff now; what ends something comes last."""
    verbs = [
        verb
        for verb in allowed(handoff.status, handoff.open_offer is not None, parties(handoff, member))
        if verb in ACTIONS
    ]
    return [
        Button(verb.label, address(handoff, verb), form_of(verb, handoff).needs_words)
        for verb in sorted(verbs, key=lambda verb: verb in DANGEROUS)
    ]


def address(handoff: Handoff, verb: Verb) -> str:
    """Where a verb is done."""
    return reverse("admin:handoffs_handoff_verb", args=[handoff.pk, verb.value])


def verb_page(section: Any, request: HttpRequest, handoff: Handoff, name: str) -> HttpResponse:
    """The words a verb needs, then the one call; a refusal brings the page back with its sentence."""
    if name not in set(ACTIONS):
        raise Http404
    verb, member = Verb(name), member_of(request)
    back = reverse("admin:handoffs_handoff_change", args=[handoff.pk])
    kind = form_of(verb, handoff)
    if request.method != "POST":
        if not kind.needs_words:
            return HttpResponseNotAllowed(["POST"])
        return _page(section, request, handoff, verb, kind(handoff=handoff, member=member), back)
    form = kind(request.POST, request.FILES, handoff=handoff, member=member)
    if form.is_valid():
        call = partial(ACTIONS[verb], handoff, by=member, at=timezone.now(), **form.words())
        try:
            with transaction.atomic():
                done = call()
        except Refusal as refusal:
            form.refuse(refusal)
            if not kind.needs_words:
                messages.error(request, refusal.sentence)
                return HttpResponseRedirect(back)
        else:
            if done.differing is not None:
                messages.warning(request, done.differing.sentence)
            else:
                messages.success(request, f"{verb.label}: done.")
            return HttpResponseRedirect(back)
    return _page(section, request, handoff, verb, form, back)


def _page(section: Any, request: HttpRequest, handoff: Handoff, verb: Verb, form: Any, back: str) -> HttpResponse:
    facts = {
        "title": f"{verb.label} · {handoff}",
        "button": getattr(form, "sends", "") or verb.label,
        "intro": getattr(form, "intro", ""),
        "form": dressed(form),
        "danger": verb in DANGEROUS,
        "back": back,
        "opts": section.opts,
        "refused": form.told,
        "lacking": form.missing,
        "has_files": form.is_multipart(),
    }
    return TemplateResponse(request, "admin/act.html", {**section.admin_site.each_context(request), **facts})
