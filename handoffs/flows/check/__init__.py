"""What is wrong with a flow, each thing a sentence at its place. Pure over a plan and facts. No Django in here."""

from collections.abc import Iterator

from handoffs.flows.check.dropping import Dropped, dropped
from handoffs.flows.check.links import misplaced
from handoffs.flows.check.people import wrong_people
from handoffs.flows.check.shape import misshapen
from handoffs.flows.check.surely import Sight
from handoffs.flows.check.values import wrong_values
from handoffs.flows.check.ways import wrong_ways
from handoffs.flows.facts import Facts
from handoffs.flows.plan import Plan
from handoffs.flows.problems import Problem

__all__ = ["Dropped", "Sight", "dropped", "problems"]


def problems(plan: Plan, facts: Facts) -> list[Problem]:
    """Everything that is wrong, in the order of the document. What hangs on links is asked once these are right."""
    return sorted(_all(plan, facts), key=lambda problem: _order(problem.place))


def _all(plan: Plan, facts: Facts) -> Iterator[Problem]:
    if not plan.steps:
        yield Problem("steps", "A flow needs at least one step.", "no_steps")
    links = list(misplaced(plan))
    yield from links
    yield from misshapen(plan, facts)
    yield from wrong_people(plan, facts)
    if links:
        return
    sight = Sight(plan, facts)
    yield from wrong_values(sight)
    yield from wrong_ways(sight)


def _order(place: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in place.split("/")]
