"""Reassign: a role of a running case is played by somebody else from now on; entrust: so is the case itself."""

from datetime import datetime

from handoffs.actions._words import required
from handoffs.actions.cases._entry import changing, must_be_allowed
from handoffs.actions.cases._movement import Movement
from handoffs.actions.cases._receivers import Cast, Givers, Wanted, choose
from handoffs.actions.cases._writing import write
from handoffs.actions.cases.launch import refuse_unable
from handoffs.actions.redirect import redirect
from handoffs.actions.take_over import take_over as take_handoff_over
from handoffs.flows.knowing import Course
from handoffs.flows.next import TurnState
from handoffs.handoff import Handoff
from handoffs.lifecycle import State
from handoffs.models import Case, CaseVerb, Casting
from tenants.access import may_work
from tenants.models import Member, Team
from tenants.refusals import Invalid
from tenants.rules import must_be_home


def reassign(
    case: Case,
    *,
    role: str,
    team: Team,
    by: Member,
    at: datetime,
    reason: str,
    member: Member | None = None,
    take_over: bool = False,
) -> Case:
    """Recasts a role. Open offers of its steps are redirected; what somebody has accepted stays with them.

    With `take_over` (and a `member`) that passes to the member too, on the record. Twice changes nothing. Raises
    Forbidden not_yours, Conflict not_in_this_state, Invalid unknown_role, role_cannot_receive, take_over_needs_member.
    """
    must_be_home(by, team, member)
    if take_over and member is None:
        raise Invalid("Say who takes over what is in hand.", code="take_over_needs_member", details={"field": "member"})

    def change(course: Course, movement: Movement) -> Case:
        casting, planned = movement.castings_of(course), course.plan.roles_by_key.get(role)
        if planned is None:
            raise Invalid("There is no such role in this case.", code="unknown_role", details={"field": "role"})
        must_be_allowed(course, CaseVerb.REASSIGN, by)
        former = casting.get(role)
        if former is not None and _same(former, (team, member)) and not take_over:
            return course.case
        words = required(CaseVerb.REASSIGN, "reason", reason)
        recast = {**casting, role: (team, member)}
        refuse_unable(course.plan, course.case, {role: (team, member)})
        movement.cast(course, recast)
        Casting.objects.update_or_create(
            organization_id=by.organization_id, case=course.case, role=role, defaults={"team": team, "member": member}
        )
        kept = _move(course, movement, role, take_over, words)
        receiver = member.name if member else team.name
        facts = {"role": planned.label, "receiver": receiver, "team": team.pk, "member": member.pk if member else None}
        movement.record(course, CaseVerb.REASSIGN, **facts, reason=words, kept=kept)
        write(movement, [])
        return course.case

    return changing(case, CaseVerb.REASSIGN, change, by=by, at=at)


def entrust(case: Case, *, to: Member, by: Member, at: datetime, reason: str) -> Case:
    """Somebody else answers for the case while no handoff of it is live. Raises Invalid cannot_own, and as above."""
    must_be_home(by, to)

    def change(course: Course, movement: Movement) -> Case:
        must_be_allowed(course, CaseVerb.REASSIGN, by)
        if course.case.owner_id == to.pk:
            return course.case
        if not to.can_work(movement.at) or not may_work(to, course.case.workspace):
            raise Invalid(f"{to.name} cannot answer for this case.", code="cannot_own", details={"field": "to"})
        words = required(CaseVerb.REASSIGN, "reason", reason)
        former, course.case.owner = course.case.owner, to
        movement.case_fields.add("owner")
        facts = {"role": "Owner of the case", "receiver": to.name, "owner": to.pk, "former_owner": former.pk}
        movement.record(course, CaseVerb.REASSIGN, **facts, reason=words)
        write(movement, [])
        return course.case

    return changing(case, CaseVerb.REASSIGN, change, by=by, at=at)


def _same(one: Cast, other: Cast) -> bool:
    return [part and part.pk for part in one] == [part and part.pk for part in other]


def _move(course: Course, movement: Movement, role: str, take_over: bool, words: str) -> list[str]:
    """Redirects what is offered, and answers with the references of what stays in other hands."""
    system = Member.objects.select_related("organization").system(movement.by.organization)
    kept = []
    for turn in course.counting.values():
        step = course.plan.by_key.get(turn.step)
        if turn.state != TurnState.LIVE or turn.handoff_id is None or step is None or step.receiver != role:
            continue
        handoff = movement.held[turn.handoff_id]
        team, member = movement.castings_of(course)[role]
        if handoff.status is State.OFFERED:
            label = course.plan.roles_by_key[role].label
            _redirect(
                handoff, Wanted(step.label, handoff.workspace, label, (team, member)), course, system, movement, words
            )
        elif take_over and member is not None:
            if handoff.custodian_id != member.pk:
                take_handoff_over(handoff, by=system, at=movement.at, to=member, reason=words)
        else:
            kept.append(handoff.reference)
    return kept


def _redirect(handoff: Handoff, wanted: Wanted, course: Course, system: Member, movement: Movement, words: str) -> None:
    """To the new receiver; where they hold it as its giver, somebody else has to give it to them first."""
    giver = handoff.custodian
    assert giver is not None
    givers = Givers([giver, course.case.owner], handoff.custodian_team_id, movement.at)
    (chosen,) = choose([wanted], givers, movement.at)
    if chosen.giver.pk != giver.pk:
        handoff = take_handoff_over(handoff, by=system, at=movement.at, to=chosen.giver, reason=words)
    redirect(handoff, by=system, at=movement.at, to_team=chosen.team, to_member=chosen.member)
