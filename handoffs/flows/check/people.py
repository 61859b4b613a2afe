"""Roles: each is played by people who can take the work, and everything that is done has one."""

from collections.abc import Iterator

from handoffs.flows.facts import Facts, PeopleFact
from handoffs.flows.plan import Plan, Role, Step, StepKind
from handoffs.flows.problems import Problem


def wrong_people(plan: Plan, facts: Facts) -> Iterator[Problem]:
    """Roles without people, steps without a role, and roles that nobody needs."""
    used = {
        role for step in plan.steps for role in (step.giver, step.receiver, step.pause.hours_of, *step.cast.values())
    }
    for index, role in enumerate(plan.roles):
        yield from _fixed(role, f"roles/{index}", facts)
        if role.key not in used:
            yield Problem(f"roles/{index}", f"No step needs “{role.label}”.", "role_not_used", is_error=False)
    for index, step in enumerate(plan.steps):
        yield from _of_step(step, f"steps/{index}", plan, facts)
        if step.kind is StepKind.CASE:
            yield from _cast(step, f"steps/{index}", plan, facts)


def people_of(role: Role, facts: Facts) -> PeopleFact | None:
    """Who always plays it; None when that is chosen at launch, or they are not there."""
    return facts.members.get(role.member.lower()) if role.member else facts.teams.get(role.team)


def _fixed(role: Role, place: str, facts: Facts) -> Iterator[Problem]:
    team, member = facts.teams.get(role.team), facts.members.get(role.member.lower())
    if role.team and team is None:
        yield Problem(f"{place}/team", f"There is no team called “{role.team}” here.", "unknown_team")
    elif team is not None and team.why_not:
        yield Problem(
            f"{place}/team", f"{team.name} cannot play “{role.label}”: {team.why_not}.", "role_without_people"
        )
    if role.member and member is None:
        yield Problem(f"{place}/member", f"Nobody here has the address {role.member}.", "unknown_member")
    elif member is not None and member.why_not:
        sentence = f"{member.name} cannot play “{role.label}”: {member.why_not}."
        yield Problem(f"{place}/member", sentence, "role_without_people")
    elif member is not None and role.team and role.team not in member.teams:
        yield Problem(f"{place}/member", f"{member.name} is not in {role.team}.", "member_not_in_team")
    elif member is not None and not member.teams:
        sentence = f"{member.name} is in no team; work goes to somebody in a team."
        yield Problem(f"{place}/member", sentence, "role_without_people")


def _of_step(step: Step, place: str, plan: Plan, facts: Facts) -> Iterator[Problem]:
    for name in ("giver", "receiver"):
        role = getattr(step, name)
        if role and role not in plan.roles_by_key:
            yield Problem(f"{place}/{name}", f"There is no role “{role}”.", "unknown_role")
    if step.kind is not StepKind.HANDOFF:
        return
    if not step.receiver:
        yield Problem(f"{place}/receiver", f"Say which role takes “{step.label}” over.", "no_receiver")
        return
    receiver = plan.roles_by_key.get(step.receiver)
    people = people_of(receiver, facts) if receiver else None
    if people is None or people.why_not:
        return
    if step.internal and people.is_client:
        yield Problem(
            f"{place}/receiver", f"{people.name} is a client's and cannot take an internal step.", "client_inside"
        )
    elif not (people.receives_in & {"internal"} if step.internal else people.receives_in):
        where = "any internal workspace" if step.internal else "any workspace"
        yield Problem(
            f"{place}/receiver",
            f"{people.name} may not receive in {where}; grant it in one, or choose somebody else.",
            "may_not_receive",
        )


def _cast(step: Step, place: str, plan: Plan, facts: Facts) -> Iterator[Problem]:
    other = facts.flows.get(step.flow)
    for theirs, ours in sorted(step.cast.items()):
        at = f"{place}/cast/{theirs}"
        if ours not in plan.roles_by_key:
            yield Problem(at, f"There is no role “{ours}”.", "unknown_role")
        if other is not None and theirs not in other.open | other.fixed:
            yield Problem(at, f"“{step.flow}” has no role “{theirs}”.", "unknown_role")
        elif other is not None and theirs in other.fixed:
            yield Problem(at, f"“{step.flow}” fills its role “{theirs}” itself.", "role_is_fixed")
    for theirs in sorted(other.open - step.cast.keys()) if other is not None else ():
        yield Problem(f"{place}/cast", f"Say who plays “{theirs}” of “{step.flow}”.", "role_not_cast")
