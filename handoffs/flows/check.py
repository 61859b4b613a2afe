"""What is wrong with a flow: every name it uses must mean something. Pure over a plan and facts. No Django in here."""

from collections.abc import Iterator

from handoffs.flows.facts import Facts
from handoffs.flows.plan import Plan, Role, Step, StepKind
from handoffs.flows.problems import Problem


def problems(plan: Plan, facts: Facts) -> list[Problem]:
    """Everything that is wrong, in the order of the document."""
    found: list[Problem] = []
    if not plan.steps:
        found.append(Problem("steps", "A flow needs at least one step.", "no_steps"))
    for index, role in enumerate(plan.roles):
        found += _role(role, f"roles/{index}", facts)
    for index, step in enumerate(plan.steps):
        found += _names(step, f"steps/{index}", plan, facts)
    return found


def _role(role: Role, place: str, facts: Facts) -> Iterator[Problem]:
    if role.team and role.team not in facts.teams:
        yield Problem(f"{place}/team", f"There is no team called “{role.team}” here.", "unknown_team")
    if role.member and role.member.lower() not in facts.members:
        yield Problem(f"{place}/member", f"Nobody here has the address {role.member}.", "unknown_member")


def _names(step: Step, place: str, plan: Plan, facts: Facts) -> Iterator[Problem]:
    for index, link in enumerate(step.after):
        if link.step not in plan.by_key:
            yield Problem(f"{place}/after/{index}/step", f"There is no step “{link.step}”.", "unknown_step")
    for name in ("giver", "receiver"):
        role = getattr(step, name)
        if role and role not in plan.roles_by_key:
            yield Problem(f"{place}/{name}", f"There is no role “{role}”.", "unknown_role")
    if step.kind is StepKind.HANDOFF and step.template and step.template not in facts.templates:
        yield Problem(
            f"{place}/template", f"There is no published template called “{step.template}”.", "unknown_template"
        )
    if step.kind is StepKind.CASE and step.flow not in facts.flows:
        yield Problem(f"{place}/flow", f"There is no published flow called “{step.flow}”.", "unknown_flow")
