"""The part of a plan that clients see: what is internal stands there as a stretch without a name. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handoffs.flows.plan import Link, Plan, Step


@dataclass(frozen=True)
class Part:
    """The plan as clients see it. `stands_in` says which step of it stands for each internal one."""

    plan: Plan
    stands_in: Mapping[str, str]

    def of(self, step: str) -> str:
        """The step under which clients see this one."""
        return self.stands_in.get(step, step)


def seen_by_clients(plan: Plan, label: str) -> Part:
    """The plan with each stretch of internal steps in one, called `label`; conditions, takes and roles are left out.

    Two internal steps are in one stretch when nothing that clients see lies between them on any way.
    """
    stands_in = {step.key: f"with-us-{number}" for number, step in enumerate(plan.steps, 1) if step.internal}
    for step in plan.steps:
        for link in step.after:
            if (
                not link.is_loop
                and step.key in stands_in
                and link.step in stands_in
                and _are_one(plan, link.step, step)
            ):
                kept, merged = stands_in[link.step], stands_in[step.key]
                stands_in = {key: kept if name == merged else name for key, name in stands_in.items()}
    steps: dict[str, Step] = {}
    for step in plan.steps:
        key = stands_in.get(step.key, step.key)
        links = list(_links(step, key, stands_in))
        if key in steps:
            known = {(link.step, link.is_loop) for link in steps[key].after}
            links = [*steps[key].after, *(link for link in links if (link.step, link.is_loop) not in known)]
            steps[key] = replace(steps[key], after=tuple(links))
        elif step.internal:
            steps[key] = Step(key, label, waits_for=step.waits_for, after=tuple(links))
        else:
            steps[key] = Step(
                key, step.label, step.kind, step.waits_for, tuple(links), receiver=step.receiver, giver=step.giver
            )
    roles = {role for step in plan.steps if not step.internal for role in (step.receiver, step.giver)}
    return Part(Plan(tuple(role for role in plan.roles if role.key in roles), tuple(steps.values())), stands_in)


def _links(step: Step, key: str, stands_in: Mapping[str, str]) -> Iterable[Link]:
    """The links to a step without what they say; none inside of a stretch."""
    found: dict[tuple[str, bool], Link] = {}
    for link in step.after:
        source = stands_in.get(link.step, link.step)
        if source != key or not step.internal:
            found.setdefault((source, link.is_loop), Link(source, again_at_most=link.again_at_most))
    return found.values()


def _are_one(plan: Plan, first: str, last: Step) -> bool:
    """Whether no way from one internal step to the next leads by something that clients see."""
    between = plan.from_here(first) & plan.before(last.key) - {first}
    return all(plan.by_key[key].internal for key in between)
