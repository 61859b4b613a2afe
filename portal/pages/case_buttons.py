"""The verbs of a case that its reader may do now, and how each is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from handoffs.flows.next import TurnState
from handoffs.insight.cases import SeenCase
from handoffs.models import Case, CaseVerb
from tenants.access import Permission, may
from tenants.models import Member, Role

VERBS: Mapping[CaseVerb, tuple[str, str]] = {
    CaseVerb.SKIP: ("Skip a step", "player-skip-forward"),
    CaseVerb.SEND_BACK: ("Send back", "arrow-back-up"),
    CaseVerb.ADD_STEP: ("Add a step", "plus"),
    CaseVerb.REASSIGN: ("Reassign a role", "user-share"),
    CaseVerb.CANCEL: ("Cancel the case", "ban"),
}

DOABLE: Collection[CaseVerb] = ()


@dataclass(frozen=True)
class CaseButton:
    """One verb: the way to its form."""

    verb: CaseVerb
    text: str
    icon: str
    url: str
    kind: str = ""


def case_buttons(case: Case, seen: SeenCase, member: Member) -> Sequence[CaseButton]:
    """What this member may do with the case now; whether it is possible at a certain step is for the action to say."""
    return [
        CaseButton(verb, *VERBS[verb], reverse("case_verb", args=[case.reference, verb.value]), _kind(verb))
        for verb in VERBS
        if case.is_running and verb in DOABLE and _may(verb, case, seen, member)
    ]


def _kind(verb: CaseVerb) -> str:
    return "danger" if verb is CaseVerb.CANCEL else ""


def _may(verb: CaseVerb, case: Case, seen: SeenCase, member: Member) -> bool:
    if member.role in (Role.CLIENT, Role.VIEWER):
        return False
    runs = case.owner_id == member.pk or may(member, Permission.MANAGE, case.workspace)
    if verb is CaseVerb.SKIP:
        live = [turn.step for turn in seen.turns.values() if turn.state == TurnState.LIVE]
        return any(seen.plan.by_key[key].may_skip for key in live if key in seen.plan.by_key)
    return runs or verb is CaseVerb.SEND_BACK
