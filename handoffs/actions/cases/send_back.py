"""Send back: what a step needs was not done well in an earlier one, so the case returns there."""

from datetime import datetime

from handoffs.actions._transfer import close_offer, facts_of
from handoffs.actions._words import required
from handoffs.actions.cases._entry import changing, was_last
from handoffs.actions.cases._movement import Movement, label_of
from handoffs.actions.cases._receivers import Givers, Wanted, choose
from handoffs.actions.cases._reviving import refuse_history
from handoffs.actions.cases._writing import write
from handoffs.actions.reopen import hand_again
from handoffs.flows.knowing import Course
from handoffs.flows.next import TurnState
from handoffs.flows.plan import StepKind
from handoffs.handoff import Handoff
from handoffs.judgement import judge
from handoffs.lifecycle import RETURN_REASONS, OfferState, State, Verb
from handoffs.models import Case, CaseVerb, Turn
from handoffs.passage import passage
from tenants.models import Member
from tenants.refusals import Conflict, Invalid


def send_back(
    handoff: Handoff, *, by: Member, at: datetime, to_step: str, reason: str, reason_code: str = "other"
) -> Handoff:
    """Returns the case to an earlier step and answers with its handoff, which is offered again to who completed it.

    `by` is a possible receiver of `handoff` or holds it in hand; on it this counts as a return or as handing back.
    Everything after the earlier step is undone, this one with it. Raises Conflict not_in_a_case, superseded_step,
    not_an_earlier_step or next_step_has_nobody, Invalid unknown_reason, and what `return_` and `hand_back` refuse.
    """
    case = Case.objects.filter(organization_id=by.organization_id, pk=handoff.case_id or 0).first()
    if case is None:
        raise Conflict("This is no step of a case; return it or hand it back instead.", code="not_in_a_case")
    if reason_code not in RETURN_REASONS:
        raise Invalid(
            f"Choose one of these reasons: {', '.join(RETURN_REASONS.values())}.",
            code="unknown_reason",
            details={"field": "reason_code", "choices": list(RETURN_REASONS)},
        )
    words = required(CaseVerb.SEND_BACK, "reason", reason)

    def change(course: Course, movement: Movement) -> Handoff:
        earlier = course.counting.get(to_step)
        if was_last(course, CaseVerb.SEND_BACK, by, handoff=handoff.pk, to_step=to_step) and earlier is not None:
            return Handoff.objects.get(organization_id=by.organization_id, turns=earlier)
        target = _target(course, handoff, to_step)
        assert target.handoff_id is not None
        here = movement.held.get(handoff.pk)
        if here is None:  # it ended meanwhile; the rulebook says so
            here = Handoff.objects.get(organization_id=by.organization_id, pk=handoff.pk)
        _give_back(here, by=by, at=at, words=words, code=reason_code, to=_named_to_all(course, to_step))
        own = course.turn_of(handoff)
        assert own is not None
        facts = {"step": own.step, "label": label_of(course, own.step), "to_step": to_step, "handoff": handoff.pk}
        facts |= {"to": label_of(course, to_step), "reason": words, "reason_code": reason_code}
        movement.record(course, CaseVerb.SEND_BACK, **facts)
        movement.revive(course, target, cause="return", reason=words)
        write(movement, [])
        return _hand_again(course, target, movement, words)

    earlier_ids = Turn.objects.filter(case=case, step=to_step, undone_at=None, handoff__isnull=False)
    also = [handoff.pk, *earlier_ids.values_list("handoff_id", flat=True)]
    return changing(case, CaseVerb.SEND_BACK, change, by=by, at=at, also=[each for each in also if each is not None])


def earlier_steps(course: Course, step: str) -> list[Turn]:
    """The turns to which the case could return from this step, the first of the plan first."""
    before, counting = course.plan.before(step), course.counting
    return [
        counting[each.key]
        for each in course.plan.steps
        if each.key in before and each.kind is StepKind.HANDOFF and each.key in counting
        if counting[each.key].state == TurnState.DONE
    ]


def _target(course: Course, handoff: Handoff, to_step: str) -> Turn:
    own = course.turn_of(handoff)
    if own is None or own.undone_at is not None or own.state != TurnState.LIVE:
        raise Conflict("This step is not under way any more.", code="superseded_step")
    target = next((turn for turn in earlier_steps(course, own.step) if turn.step == to_step), None)
    if target is None:
        raise Conflict(
            f"“{label_of(course, to_step)}” is no step before this one that was done.", code="not_an_earlier_step"
        )
    refuse_history(course.case, target)
    return target


def _named_to_all(course: Course, key: str) -> str:
    """How an earlier step is named on the handoff it is left from, which clients may see: never an internal one."""
    return "an earlier step" if course.plan.by_key[key].internal else f"“{label_of(course, key)}”"


def _give_back(handoff: Handoff, *, by: Member, at: datetime, words: str, code: str, to: str) -> None:
    """On their own handoff: a possible receiver returns the offer, a custodian hands back."""
    offered = handoff.status is State.OFFERED
    returns = offered or (handoff.open_offer_id is not None and judge(handoff, Verb.RETURN, by) is None)
    with passage(handoff, Verb.RETURN if returns else Verb.HAND_BACK, by=by, at=at) as step:
        step.is_repeat(False)
        facts = facts_of(close_offer(step, OfferState.RETURNED, code=code, reason=words)) if returns else {}
        step.record(**{"receiver": to, **facts}, reason=words, reason_code=code, sent_back_to=to)


def _hand_again(course: Course, target: Turn, movement: Movement, words: str) -> Handoff:
    """The earlier handoff is with its first sender again, or who is next in line, and offered to who completed it."""
    assert target.handoff_id is not None
    system = Member.objects.select_related("organization").system(movement.by.organization)
    known = movement.held[target.handoff_id]
    with passage(known, Verb.REOPEN, by=system, at=movement.at) as step:
        step.is_repeat(False)
        last = step.handoff.custodies.select_related("holder__user", "team__calendar").latest("seq")
        planned = course.plan.by_key[target.step]
        team = last.team or movement.castings_of(course)[planned.receiver][0]
        stays = team.pk in last.holder.standing.team_ids
        role = course.plan.roles_by_key[planned.receiver].label
        wanted = Wanted(planned.label, step.handoff.workspace, role, (team, last.holder if stays else None))
        sender = step.handoff.sender
        givers = Givers([sender, course.case.owner], step.handoff.sender_team_id, step.at)
        (chosen,) = choose([wanted], givers, step.at)
        hand_again(step, chosen.giver, chosen.team, chosen.member, words)
    return step.handoff
