"""Add a step: one running case takes a way that its flow does not know."""

from collections.abc import Sequence
from datetime import datetime

from handoffs.actions._words import required
from handoffs.actions.cases._entry import changing, must_be_allowed
from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._movement import Movement
from handoffs.actions.cases._writing import prepare, write
from handoffs.actions.cases.launch import refuse_unable
from handoffs.flows.document import written
from handoffs.flows.knowing import Course
from handoffs.flows.plan import Amendment, Plan, Step, StepKind
from handoffs.models import Case, CaseVerb, TemplateVersion
from tenants.models import Member
from tenants.refusals import Conflict, Invalid

MOST_ADDED = 20


def add_step(
    case: Case,
    *,
    step: Step,
    by: Member,
    at: datetime,
    reason: str,
    before: Sequence[str] = (),
    given: Given | None = None,
) -> Case:
    """Adds `step` to this case alone, after the steps its links name; the steps in `before` wait for it as well.

    It may be a handoff, a milestone or a wait. Where what it waits for is done, it is entered at once. Raises Forbidden
    not_yours, Conflict not_in_this_state or step_was_entered, Invalid cannot_add_step with a sentence.
    """

    def change(course: Course, movement: Movement) -> Case:
        must_be_allowed(course, CaseVerb.ADD_STEP, by)
        words = required(CaseVerb.ADD_STEP, "reason", reason)
        casting = movement.castings_of(course)
        plan = _amended(course, step, before)
        if step.kind is StepKind.HANDOFF:
            if step.receiver not in casting:
                raise _cannot("the role that receives it is not cast in this case", "receiver")
            only = Plan(plan.roles, (step,))
            refuse_unable(only, course.case, {step.receiver: casting[step.receiver]})
        version = _template(step, by)
        course.case.amendments = [
            *course.case.amendments,
            {
                "step": written(Plan((), (step,)))["steps"][0],
                "before": list(before),
                "template_version": version.pk if version else None,
            },
        ]
        movement.case_fields.add("amendments")
        course.plan = plan
        movement.record(course, CaseVerb.ADD_STEP, step=step.key, label=step.label, reason=words, before=list(before))
        movement.settle(course)
        write(movement, prepare(movement))
        return course.case

    return changing(case, CaseVerb.ADD_STEP, change, by=by, at=at, given=given)


def _amended(course: Course, step: Step, before: Sequence[str]) -> Plan:
    """The plan with the step in it; raises when the case could not go on by it."""
    plan, entered = course.plan, course.counting
    if step.key in plan.by_key or any(turn.step == step.key for turn in course.turns):
        raise _cannot(f"“{step.key}” is the key of another step", "step")
    if len(course.case.amendments) >= MOST_ADDED:
        raise _cannot(f"a case may have {MOST_ADDED} steps of its own", "step")
    if step.kind is StepKind.CASE:
        raise _cannot("a step that launches another flow belongs into the flow", "step")
    unknown = [key for key in (*(link.step for link in step.after), *before) if key not in plan.by_key]
    if unknown:
        raise _cannot(f"there is no step “{unknown[0]}”", "after")
    if not step.after or any(link.is_loop for link in step.after):
        raise _cannot("say after which steps it comes; it cannot lead back", "after")
    for key in before:
        if key in entered:
            label = plan.by_key[key].label
            raise Conflict(f"The case has come to “{label}” already.", code="step_was_entered", details={"step": key})
        if any(key in {link.step, *plan.before(link.step)} for link in step.after):
            raise _cannot(f"“{plan.by_key[key].label}” comes before what the new step waits for", "before")
    return plan.amended([Amendment(step, tuple(before))])


def _template(step: Step, by: Member) -> TemplateVersion | None:
    if step.kind is not StepKind.HANDOFF or not step.template:
        return None
    current = TemplateVersion.objects.filter(organization_id=by.organization_id, template__name=step.template).current()
    version = current.select_related("template").first()
    if version is None:
        raise _cannot(f"there is no published template called “{step.template}”", "template")
    return version


def _cannot(why: str, field: str) -> Invalid:
    return Invalid(f"This step cannot be added: {why}.", code="cannot_add_step", details={"field": field})
