"""The verbs of a case that its reader may do now, and how each is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from handoffs.flows.rules import allowed
from handoffs.insight.cases import SeenCase
from handoffs.models import CaseVerb
from portal.forms.case_verbs import earlier, skippable

VERBS: Mapping[CaseVerb, tuple[str, str]] = {
    CaseVerb.SEND_BACK: ("Send back", "arrow-back-up"),
    CaseVerb.SKIP: ("Skip a step", "player-skip-forward"),
    CaseVerb.REASSIGN: ("Reassign a role", "user-share"),
    CaseVerb.ADD_STEP: ("Add a step", "plus"),
    CaseVerb.CANCEL: ("Cancel the case", "ban"),
}


@dataclass(frozen=True)
class CaseButton:
    """One verb: the way to its form."""

    verb: CaseVerb
    text: str
    icon: str
    url: str
    kind: str = ""


def case_buttons(seen: SeenCase) -> Sequence[CaseButton]:
    """What the reader may do with the case now, where there is anything to do it with."""
    if not seen.case.is_running:
        return []
    verbs = set(allowed(seen.case, seen.reader))
    if not skippable(seen):
        verbs.discard(CaseVerb.SKIP)
    if earlier(seen):
        verbs.add(CaseVerb.SEND_BACK)
    return [_button(verb, seen) for verb in VERBS if verb in verbs]


def _button(verb: CaseVerb, seen: SeenCase) -> CaseButton:
    url = reverse("case_verb", args=[seen.case.reference, verb.value])
    return CaseButton(verb, *VERBS[verb], url, "danger" if verb is CaseVerb.CANCEL else "")
