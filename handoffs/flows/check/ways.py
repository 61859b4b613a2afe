"""Ways: every step can be reached, and from every step there is a way on, whatever comes of it."""

from collections.abc import Iterator, Sequence

from handoffs.flows.check.possibilities import Path, Possibility, possibilities
from handoffs.flows.check.surely import Sight
from handoffs.flows.plan import Link, Step, StepKind
from handoffs.flows.problems import Problem


def wrong_ways(sight: Sight) -> Iterator[Problem]:
    """Steps that no case comes to, links that no case takes, and ends where nobody wanted one."""
    never = {(to.key, link) for step in sight.plan.steps for to, link in _never_taken(sight, step)}
    reached = _reached(sight, never)
    for index, step in enumerate(sight.plan.steps):
        if step.key not in reached:
            sentence = f"No case ever comes to “{step.label}”: no condition that leads here can be true."
            yield Problem(f"steps/{index}", sentence, "unreachable")
        for at, link in enumerate(step.after):
            if step.key in reached and (step.key, link) in never:
                sentence = f"No case ever comes this way from “{sight.plan.by_key[link.step].label}”."
                yield Problem(f"steps/{index}/after/{at}", sentence, "never_taken", is_error=False)
        yield from _end(sight, step, f"steps/{index}")


def _reached(sight: Sight, never: set[tuple[str, Link]]) -> set[str]:
    found = {step.key for step in sight.plan.starts}
    waiting = list(found)
    while waiting:
        key = waiting.pop()
        for step, link in (*sight.plan.forward(key), *sight.plan.loops(key)):
            if step.key not in found and (step.key, link) not in never:
                found.add(step.key)
                waiting.append(step.key)
    return found


def _never_taken(sight: Sight, step: Step) -> Iterator[tuple[Step, Link]]:
    ahead = sight.plan.forward(step.key)
    worlds = list(_worlds(sight, step, [link for _, link in ahead]))
    for to, link in ahead:
        others = [other for _, other in ahead if not other.otherwise]
        shut_out = link.otherwise and any(other.when is None for other in others)
        if worlds and link.otherwise:
            shut_out |= all(_any_leads(world, others) for world in worlds)
        if worlds and link.when is not None:
            shut_out |= not any(world.holds(link.when) for world in worlds)
        if shut_out:
            yield to, link
    for to, link in sight.plan.loops(step.key):
        if link.when is not None:
            worlds = list(_worlds(sight, step, [link]))
            if worlds and not any(world.holds(link.when) for world in worlds):
                yield to, link


def _end(sight: Sight, step: Step, place: str) -> Iterator[Problem]:
    """A step after which nothing follows, for some outcome, though something should."""
    ahead = [link for _, link in sight.plan.forward(step.key)]
    loops = sight.plan.loops(step.key)
    if not ahead:
        if loops:
            sentence = (
                f"“{step.label}” may send work back, but when the limit is reached nothing follows; "
                "add a step that comes after it."
            )
            yield Problem(place, sentence, "loop_without_way_on")
        return
    if any(link.otherwise or link.when is None for link in ahead):
        return
    missed = _missed(sight, step, ahead)
    if missed is not None:
        back = " once the loop's limit is reached" if loops else ""
        yield Problem(
            place,
            f"After “{step.label}” nothing follows{back} {missed}; add a link that is taken otherwise.",
            "dead_end",
        )


def _missed(sight: Sight, step: Step, ahead: Sequence[Link]) -> str | None:
    """When no link leads on, in words; None if one always does."""
    none = True
    for world in _worlds(sight, step, ahead):
        none = False
        if not _any_leads(world, ahead):
            return _told(sight, world)
    return "for some outcomes" if none else None


def _any_leads(world: Possibility, links: Sequence[Link]) -> bool:
    return any(link.when is None or world.holds(link.when) for link in links if not link.otherwise)


def _worlds(sight: Sight, step: Step, links: Sequence[Link]) -> Iterator[Possibility]:
    """Every way it may be when the step has ended."""
    conditions = [link.when for link in links if link.when is not None]
    given = sight.given(step.key, after=True)
    paths = {path for condition in conditions for path in condition.paths()}
    fields = {path: fact for path in paths if (fact := sight.field(path)) is not None}
    yield from possibilities(conditions, fields, given)


def _told(sight: Sight, world: Possibility) -> str:
    said = [_said(sight, path, value) for path, value in world.values.items()]
    said += [f"{'' if holds else 'not '}{comparison}" for comparison, holds in world.held.items()]
    return f"when {' and '.join(said[:3])}" if said else "for some outcomes"


def _said(sight: Sight, path: Path, value: object) -> str:
    fact = sight.field(path)
    label = fact.label if fact else ".".join(path)
    if value is None:
        skippable = sight.plan.by_key[path[0]].may_skip and sight.plan.by_key[path[0]].kind is StepKind.HANDOFF
        return f"“{label}” is not given" + (" (the step may be skipped)" if skippable else "")
    return f"“{label}” is {'yes' if value is True else 'no' if value is False else value}"
