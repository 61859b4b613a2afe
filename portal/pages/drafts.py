"""A draft that keeps itself: what its form has so far is saved while somebody writes, and what is missing is told."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone

from handoffs.lifecycle import Verb
from handoffs.models import Handoff
from handoffs.refusals import Incomplete
from portal.forms.specification import SpecifiedForm
from portal.pages.base import STATUS
from portal.pages.handoff import reached
from portal.pages.sheet import Sheet
from tenants.models import Member
from tenants.refusals import Refusal

HEADER = "X-Draft"


def keeps_itself(request: HttpRequest) -> bool:
    """Whether the page's script sends this, and not somebody who is done with the form."""
    return request.headers.get(HEADER) == "keep"


def kept(form: SpecifiedForm, member: Member, save: Callable[..., Handoff]) -> JsonResponse:
    """Saves what is right as it stands, by `save(**words)`; what is not waits in the form, and is named.

    Answers {saved, address, page, reference, missing: [{sentence, url}], wrong: [sentence]}, or why nothing was saved.
    """
    form.is_valid()
    words = form.words_so_far()
    if "title" not in words:
        return JsonResponse({"sentence": "It saves itself once it has a title."}, status=422)
    wrong = _wrong(form)
    try:
        try:
            handoff = _saved(save, words)
        except Incomplete as refusal:
            lacks = {lack["key"]: lack["sentence"] for lack in refusal.details["missing"]}
            right = {key: value for key, value in words[form.part].items() if key not in lacks}
            handoff = _saved(save, {**words, form.part: right})
            wrong += lacks.values()
    except Refusal as refusal:
        return JsonResponse({"sentence": refusal.sentence, "code": refusal.code}, status=STATUS[refusal.kind])
    now = timezone.now()
    missing = Sheet(reached(member, handoff.reference), member, now).missing
    return JsonResponse(
        {
            "saved": f"{timezone.localtime(now):%H:%M}",
            "reference": handoff.reference,
            "page": reverse("handoff", args=[handoff.reference]),
            "address": reverse("verb", args=[handoff.reference, Verb.EDIT.value]),
            "missing": [{"sentence": lack.sentence, "url": lack.url} for lack in missing],
            "wrong": wrong,
        }
    )


def _saved(save: Callable[..., Handoff], words: dict[str, Any]) -> Handoff:
    with transaction.atomic():
        return save(**words)


def _wrong(form: SpecifiedForm) -> list[str]:
    """What was not saved, each with its reason."""
    faults: dict[str, Any] = form.errors
    return [f"{form[name].label}: {' '.join(faults[name])}" for name in faults if name in form.fields]
