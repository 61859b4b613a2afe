"""Launch: a case of a flow begins, and its first steps are offered in the same instant."""

from collections.abc import Mapping
from datetime import datetime

from handoffs.actions._words import required
from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._movement import Movement
from handoffs.actions.cases._receivers import Cast, Wanted, able
from handoffs.actions.cases._waiting import fixed
from handoffs.actions.cases._writing import prepare, write
from handoffs.actions.draft import home_team
from handoffs.flows.knowing import Course, plan_of_case
from handoffs.flows.plan import Plan, StepKind
from handoffs.models import Case, CaseVerb, FlowVersion
from tenants.access import Permission, may
from tenants.models import Member, Workspace
from tenants.refusals import Conflict, Forbidden, Invalid
from tenants.rules import must_be_home


def launch(
    version: FlowVersion,
    *,
    by: Member,
    at: datetime,
    workspace: Workspace,
    title: str,
    internal_workspace: Workspace | None = None,
    casting: Mapping[str, Cast] | None = None,
    given: Given | None = None,
    due_at: datetime | None = None,
    owner: Member | None = None,
) -> Case:
    """Makes a case in which every role of the plan is cast, and offers its first steps.

    `casting` says who plays the roles that the flow does not fill itself; `given`, by step, what the first steps ask.
    `owner` (else `by`) answers for the case while no handoff of it is live. Raises Forbidden may_not_launch,
    clients_do_not_launch, Conflict
    flow_not_published, flow_retired, workspace_closed or next_step_has_nobody, Invalid needs_internal_workspace,
    role_not_cast, role_cannot_receive or unknown_role, and `Incomplete` with everything that is missing.
    """
    must_be_home(by, version, workspace, internal_workspace, owner)
    must_not_be_a_client(by)
    _refuse_version(version)
    case = Case(
        organization_id=by.organization_id,
        flow_version=version,
        workspace=workspace,
        title=required(CaseVerb.LAUNCH, "title", title, limit=200),
        launched_by=by,
        owner=owner or by,
        launched_at=at,
        changed_at=at,
        due_at=due_at,
    )
    plan = plan_of_case(case)
    case.internal_workspace = _internal(plan, workspace, internal_workspace)
    for space in filter(None, (workspace, case.internal_workspace)):
        _refuse_space(space, by)
    cast = _cast(plan, case, casting or {})
    movement = Movement(by=by, at=at, given=given)
    movement.team = home_team(by)
    course = Course(case, plan)
    movement.launched.append((course, cast))
    movement.cast(course, cast)
    movement.begin(course)
    write(movement, prepare(movement, code="incomplete_to_launch"))
    return case


def must_not_be_a_client(by: Member) -> None:
    """Who plays which role is for the organization's own people to say, who know them all."""
    if by.role == Member.Role.CLIENT:
        raise Forbidden(
            f"Cases are launched by {by.organization.name}'s own people; send them a handoff that asks for one.",
            code="clients_do_not_launch",
        )


def _refuse_version(version: FlowVersion) -> None:
    if not version.is_frozen:
        raise Conflict("This flow is not published yet.", code="flow_not_published")
    if version.flow.retired_at is not None:
        raise Conflict(f"{version.flow.name} is retired; choose another flow.", code="flow_retired")


def _internal(plan: Plan, workspace: Workspace, given: Workspace | None) -> Workspace | None:
    """Where internal steps happen, which only a case in a client's workspace has to be told."""
    if not workspace.is_client or not any(step.internal for step in plan.steps):
        return None
    if given is None:
        raise Invalid(
            "This flow has internal steps; choose the internal workspace in which they happen.",
            code="needs_internal_workspace",
            details={"field": "internal_workspace"},
        )
    if given.is_client:
        raise Invalid(
            f"{given.name} is a client's workspace; choose an internal one for the internal steps.",
            code="needs_internal_workspace",
            details={"field": "internal_workspace"},
        )
    return given


def _refuse_space(workspace: Workspace, by: Member) -> None:
    if not may(by, Permission.SEND, workspace):
        raise Forbidden(f"Only those who may send in {workspace.name} can launch a case there.", code="may_not_launch")
    if workspace.closed_at is not None:
        raise Conflict(f"{workspace.name} is closed; choose another workspace.", code="workspace_closed")


def _cast(plan: Plan, case: Case, casting: Mapping[str, Cast]) -> dict[str, Cast]:
    """Who plays each role that the plan uses, everybody able to receive where their steps happen."""
    fixed_ones = fixed(case.flow_version, plan)
    unknown = sorted(casting.keys() - plan.roles_by_key.keys())
    if unknown:
        raise Invalid(
            f"There is no role “{unknown[0]}” in this flow.", code="unknown_role", details={"field": unknown[0]}
        )
    cast = {**casting, **fixed_ones}
    for key in sorted(used(plan) - cast.keys()):
        label = plan.roles_by_key[key].label
        raise Invalid(f"Choose who plays “{label}”.", code="role_not_cast", details={"field": key, "role": label})
    refuse_unable(plan, case, cast)
    return {key: cast[key] for key in plan.roles_by_key if key in cast}


def used(plan: Plan) -> set[str]:
    """The roles without which the plan cannot be gone through."""
    found = {step.receiver for step in plan.steps if step.kind is StepKind.HANDOFF}
    found |= {role for step in plan.steps for role in step.cast.values()}
    found |= {step.pause.hours_of for step in plan.steps if step.pause.hours_of}
    return {role for role in found if role}


def refuse_unable(plan: Plan, case: Case, cast: Mapping[str, Cast]) -> None:
    """Raises Invalid role_cannot_receive, which names the role, when who is cast could not take their steps."""
    wanted = []
    for step in plan.steps:
        if step.kind is StepKind.HANDOFF and step.receiver in cast:
            inside = step.internal and case.internal_workspace is not None
            space = case.internal_workspace if inside else case.workspace
            assert space is not None
            label = plan.roles_by_key[step.receiver].label
            wanted.append((step.receiver, Wanted(step.label, space, label, cast[step.receiver])))
    answers = able([one for _, one in wanted])
    for (role, one), answer in zip(wanted, answers, strict=True):
        if not answer:
            team, member = one.cast
            who = member.name if member else team.name
            raise Invalid(
                f"{who} cannot play “{one.role}”: nobody there may take work in {one.workspace.name}.",
                code="role_cannot_receive",
                details={"field": role, "role": one.role, "team": team.name},
            )
