"""The rulebook of cases: who may do what to a case as a whole, as plain data, and what its ledger says in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handoffs.flows.models import Case, CaseEvent, CaseState, CaseVerb
from tenants.access import Permission
from tenants.models import Member
from tenants.refusals import Conflict, Forbidden, Refusal


class CaseParty(StrEnum):
    """What a member is to one case. A member can be several at once."""

    AUTHOR = "those who may send in its workspace"
    OWNER = "the case's owner"
    MANAGER = "a workspace manager"
    RUNNER = "those who run the organization"
    DOER = "whoever has or is offered a step of it"
    SENDER = "the first sender of the step"
    SYSTEM = "the system"


@dataclass(frozen=True)
class CaseRule:
    """One row: who, while the case is what, what it is called, and the sentence of the timeline."""

    by: frozenset[CaseParty]
    states: frozenset[CaseState]
    label: str
    sentence: str


_ARRANGING = frozenset({CaseParty.OWNER, CaseParty.MANAGER, CaseParty.RUNNER})
_RUNNING = frozenset({CaseState.RUNNING})

CASE_RULES: Mapping[CaseVerb, CaseRule] = {
    CaseVerb.LAUNCH: CaseRule(frozenset({CaseParty.AUTHOR}), frozenset(), "Launch case", "{by} launched this case"),
    CaseVerb.ADVANCE: CaseRule(frozenset({CaseParty.DOER}), _RUNNING, "Complete", "{by} completed “{label}”"),
    CaseVerb.SKIP: CaseRule(_ARRANGING, _RUNNING, "Skip step", "{by} skipped “{label}”: {reason}"),
    CaseVerb.SEND_BACK: CaseRule(
        frozenset({CaseParty.DOER}), _RUNNING, "Send back", "{by} sent this back from “{label}” to “{to}”: {reason}"
    ),
    CaseVerb.ADD_STEP: CaseRule(_ARRANGING, _RUNNING, "Add step", "{by} added the step “{label}”: {reason}"),
    CaseVerb.REASSIGN: CaseRule(
        _ARRANGING | {CaseParty.SYSTEM}, _RUNNING, "Reassign", "{by} gave “{role}” to {receiver}: {reason}"
    ),
    CaseVerb.MOVE: CaseRule(
        frozenset({CaseParty.RUNNER}), _RUNNING, "Move to another version", "{by} moved this case to {version}"
    ),
    CaseVerb.WAKE: CaseRule(frozenset({CaseParty.SYSTEM}), _RUNNING, "Wake", "The wait “{label}” was over"),
    CaseVerb.CANCEL: CaseRule(
        _ARRANGING | {CaseParty.SYSTEM}, _RUNNING, "Cancel case", "{by} cancelled this case: {reason}"
    ),
    CaseVerb.REOPEN: CaseRule(
        frozenset({CaseParty.SENDER}),
        frozenset({CaseState.RUNNING, CaseState.COMPLETED}),
        "Reopen",
        "{by} reopened “{label}”: {reason}",
    ),
}


def parties(case: Case, member: Member) -> frozenset[CaseParty]:
    """Every party the member is, of those that do not depend on a single step."""
    if not member.is_able or member.organization_id != case.organization_id:
        return frozenset()
    if member.is_system:
        return frozenset({CaseParty.SYSTEM})
    standing, space = member.standing, case.workspace
    held: set[CaseParty] = set()
    if case.owner_id == member.pk and standing.permits(Permission.SEND, space.pk, space.kind):
        held.add(CaseParty.OWNER)
    if standing.permits(Permission.MANAGE, space.pk, space.kind):
        held.add(CaseParty.MANAGER)
    if standing.sees_everything:
        held.add(CaseParty.RUNNER)
    return frozenset(held)


def judge(case: Case, verb: CaseVerb, member: Member) -> Refusal | None:
    """Why this member may not do that to the case now, None when they may. The instant is judged before the person."""
    rule = CASE_RULES[verb]
    if rule.states and case.state not in rule.states:
        state = CaseState(case.state).label.lower()
        return Conflict(
            f"{case.reference} is {state}; you cannot do this any more.",
            code="not_in_this_state",
            details={"verb": str(verb), "state": case.state},
        )
    if rule.by & parties(case, member):
        return None
    who = " or ".join(sorted(str(party) for party in rule.by if party is not CaseParty.SYSTEM))
    return Forbidden(f"Only {who} can do this.", code="not_yours", details={"verb": str(verb)})


def allowed(case: Case, member: Member) -> list[CaseVerb]:
    """What this member may do to the case as a whole now, in the order of the rulebook."""
    return [verb for verb in CASE_RULES if verb in _WHOLE and judge(case, verb, member) is None]


_WHOLE = (CaseVerb.SKIP, CaseVerb.ADD_STEP, CaseVerb.REASSIGN, CaseVerb.MOVE, CaseVerb.CANCEL)


class _Facts(dict[str, Any]):
    """Facts written by an older release may lack a name that the sentence uses today."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(event: CaseEvent) -> str:
    """What happened to the case, in one sentence, with the names as they were then."""
    return CASE_RULES[CaseVerb(event.verb)].sentence.format_map(_Facts(event.facts, by=event.by.name))
