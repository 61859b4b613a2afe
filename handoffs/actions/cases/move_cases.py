"""Move: running cases go on by another version of their flow, where that is safe."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handoffs.actions.cases._entry import changing
from handoffs.actions.cases._movement import Movement
from handoffs.actions.cases._pinned import template_of
from handoffs.actions.cases._receivers import Cast, castings_of_all
from handoffs.actions.cases._waiting import fixed
from handoffs.actions.cases._writing import prepare, write
from handoffs.actions.cases.launch import refuse_unable, used
from handoffs.flows.knowing import Course, amendments
from handoffs.flows.next import TurnState
from handoffs.flows.plan import Plan, StepKind
from handoffs.flows.versions import pins_of, plan_of
from handoffs.models import Case, CaseState, CaseVerb, Casting, Flow, FlowVersion, Turn
from tenants.models import Member
from tenants.refusals import Conflict, Invalid, Refusal
from tenants.rules import must_be_home, must_run_the_organization


@dataclass(frozen=True)
class Moving:
    """One case, and why it cannot be moved: nothing when it can be, or was."""

    case: Case
    why_not: Sequence[str] = field(default_factory=tuple)

    @property
    def is_safe(self) -> bool:
        return not self.why_not


def move_cases(
    flow: Flow, *, to: FlowVersion, by: Member, at: datetime, dry_run: bool = False, cases: Sequence[Case] | None = None
) -> list[Moving]:
    """Moves the running cases of `flow` (or those of them in `cases`) to version `to`; each wholly or not at all.

    A dry run changes nothing and lists for each whether it is safe, and else why not. Raises Forbidden not_an_admin,
    Conflict flow_not_published, Invalid other_flow.
    """
    must_be_home(by, flow, to)
    must_run_the_organization(by)
    if not to.is_frozen:
        raise Conflict("This version is not published yet.", code="flow_not_published")
    if to.flow_id != flow.pk:
        raise Invalid("That is a version of another flow.", code="other_flow", details={"field": "to"})
    running = Case.objects.running().filter(organization_id=by.organization_id, flow_version__flow=flow)
    running = running.exclude(flow_version=to).select_related("flow_version", "workspace", "internal_workspace")
    if cases is not None:
        running = running.filter(pk__in=[case.pk for case in cases])
    if dry_run:
        return _looked_through(list(running.order_by("pk")), to)
    return [_moved(case, to, by, at) for case in running.order_by("pk")]


def _looked_through(cases: Sequence[Case], to: FlowVersion) -> list[Moving]:
    """Whether each could be moved: as many statements for many as for one, if they are cast alike."""
    castings, answers = castings_of_all(cases), Answers()
    return [Moving(each.case, _why_not(each, to, castings[each.case.pk], answers)) for each in Course.of_all(cases)]


class Answers(dict[Hashable, str]):
    """Why those who are cast could not take their steps somewhere, empty if they could: asked once for all alike."""

    def of(self, plan: Plan, case: Case, cast: Mapping[str, Cast]) -> str:
        """The sentence for this case."""
        players = frozenset((role, team.pk, member and member.pk) for role, (team, member) in cast.items())
        alike = (case.flow_version_id, case.workspace_id, case.internal_workspace_id, len(case.amendments), players)
        if case.amendments or alike not in self:
            try:
                refuse_unable(plan, case, cast)
                self[alike] = ""
            except Refusal as refusal:
                self[alike] = refusal.sentence
        return self[alike]


def _moved(case: Case, to: FlowVersion, by: Member, at: datetime) -> Moving:
    def change(course: Course, movement: Movement) -> Moving:
        casting = movement.castings_of(course)
        why_not = _why_not(course, to, casting, Answers())
        if course.case.flow_version_id == to.pk or course.case.state != CaseState.RUNNING or why_not:
            return Moving(course.case, why_not)
        former, course.case.flow_version = course.case.flow_version, to
        course.plan = _plan(course.case, to)
        added = {role: cast for role, cast in fixed(to, course.plan).items() if role not in casting}
        Casting.objects.bulk_create(
            Casting(organization_id=by.organization_id, case=course.case, role=role, team=team, member=member)
            for role, (team, member) in added.items()
        )
        movement.cast(course, {**casting, **added})
        movement.case_fields.add("flow_version")
        movement.record(course, CaseVerb.MOVE, version=str(to), former=str(former), to=to.pk)
        movement.settle(course)
        write(movement, prepare(movement))
        return Moving(course.case)

    try:
        return changing(case, CaseVerb.MOVE, change, by=by, at=at)
    except Refusal as refusal:  # nothing of it stays
        return Moving(case, [refusal.sentence])


def _plan(case: Case, to: FlowVersion) -> Plan:
    return plan_of(to).amended(amendments(case))


def _why_not(course: Course, to: FlowVersion, casting: Mapping[str, Cast], answers: Answers) -> list[str]:
    """Why the case cannot go on by that version, in sentences."""
    new = _plan(course.case, to)
    why = [why for turn in course.counting.values() for why in _unlike(course, turn, new, to)]
    entered = {key for key, turn in course.counting.items() if turn.state != TurnState.BYPASSED}
    for step in new.steps:
        later = sorted(new.by_key[key].label for key in (new.from_here(step.key) - {step.key}) & entered)
        if step.key not in course.plan.by_key and later:
            why.append(f"“{step.label}” is new and would come before “{later[0]}”, which the case has come to already.")
    cast = {**casting, **{role: who for role, who in fixed(to, new).items() if role not in casting}}
    why += [f"Nobody plays “{new.roles_by_key[role].label}” in it." for role in sorted(used(new) - cast.keys())]
    if not why:
        if course.case.workspace.is_client and course.case.internal_workspace_id is None:
            why += [
                f"“{step.label}” is internal, and the case has no internal workspace."
                for step in new.steps
                if step.internal
            ]
        unable = answers.of(new, course.case, cast)
        why += [unable] if unable else []
    return why


def _unlike(course: Course, turn: Turn, new: Plan, to: FlowVersion) -> list[str]:
    """What the new plan has differently of a step that the case has come to."""
    old, same = course.plan.by_key.get(turn.step), new.by_key.get(turn.step)
    if old is None:
        return []
    if same is None:
        return [f"“{old.label}” is not in that version, and the case has come to it."]
    if same.kind is not old.kind:
        return [f"“{old.label}” is something else in that version."]
    why = []
    if (same.giver, same.receiver) != (old.giver, old.receiver):
        why.append(f"“{old.label}” belongs to other roles in that version.")
    if turn.state == TurnState.LIVE and old.kind is StepKind.HANDOFF:
        theirs = pins_of(to).template_version(turn.step)
        ours = template_of(course.case, turn.step)
        if not _is_added(course.case, turn.step) and (theirs and theirs.template_id) != (ours and ours.template_id):
            why.append(f"“{old.label}” has another template in that version.")
    return why


def _is_added(case: Case, step: str) -> bool:
    return any(stored["step"]["key"] == step for stored in case.amendments)
