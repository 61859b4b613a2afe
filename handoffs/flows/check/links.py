"""Links: each leads from a step there is, forward without a circle, or back with a limit."""

from collections.abc import Iterator

from handoffs.flows.plan import Link, Plan, Step, StepKind
from handoffs.flows.problems import Problem


def misplaced(plan: Plan) -> Iterator[Problem]:
    """What keeps the steps from being put in an order."""
    for what, keys in (("roles", [r.key for r in plan.roles]), ("steps", [s.key for s in plan.steps])):
        for index, key in enumerate(keys):
            if key in keys[:index]:
                yield Problem(f"{what}/{index}/key", f"“{key}” stands twice; each needs a key of its own.", "key_twice")
    places = {step.key: index for index, step in enumerate(plan.steps)}
    for index, step in enumerate(plan.steps):
        for at, link in enumerate(step.after):
            place = f"steps/{index}/after/{at}"
            if link.step not in places:
                yield Problem(f"{place}/step", f"There is no step “{link.step}”.", "unknown_step")
            else:
                yield from _link(plan, step, link, place, leads_down=places[link.step] < index)
        yield from _twice(step, f"steps/{index}")
    if plan.steps and not plan.starts:
        yield Problem("steps", "No step is a start: something leads to each of them.", "no_start")


def _link(plan: Plan, step: Step, link: Link, place: str, *, leads_down: bool) -> Iterator[Problem]:
    source, after = plan.by_key[link.step], plan.from_here(step.key)
    if link.otherwise and (link.when is not None or link.is_loop):
        yield Problem(
            f"{place}/otherwise", "“Otherwise” is a way on for when nothing else is; it has no condition.", "otherwise"
        )
    if link.is_loop:
        if link.step not in after:
            yield Problem(
                f"{place}/again_at_most",
                f"“{source.label}” does not come after “{step.label}”, so this link leads on and not back; "
                "a limit belongs to a link that leads back.",
                "loop_leads_on",
            )
        if source.kind is StepKind.MILESTONE:
            yield Problem(
                f"{place}/step", "A milestone is passed at once and sends nothing back.", "loop_from_milestone"
            )
    elif link.step in after and not leads_down:  # one of a circle's links, at least, leads up the document
        yield Problem(
            place,
            f"“{source.label}” comes after “{step.label}”, so this goes round in a circle; say how often at most.",
            "cycle_without_limit",
        )


def _twice(step: Step, place: str) -> Iterator[Problem]:
    seen: set[tuple[str, bool]] = set()
    for at, link in enumerate(step.after):
        if (link.step, link.is_loop) in seen:
            yield Problem(
                f"{place}/after/{at}",
                f"“{link.step}” leads here twice; join the conditions by “or” in one link.",
                "link_twice",
            )
        seen.add((link.step, link.is_loop))
