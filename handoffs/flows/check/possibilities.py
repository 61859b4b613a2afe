"""Every way in which some conditions may turn out together, as far as it can be told without knowing the case."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Any

from handoffs.flows.conditions import Comparison, Condition
from handoffs.flows.facts import FieldFact

MOST = 20_000  # beyond that nobody could say why either
Path = tuple[str, str, str]


@dataclass(frozen=True)
class Possibility:
    """One way it may be: what each field holds, and of comparisons that cannot be laid out, whether they hold."""

    values: Mapping[Path, Any]
    held: Mapping[Comparison, bool]

    def holds(self, condition: Condition) -> bool:
        """Whether the condition is true then."""
        if not isinstance(condition, Comparison):
            return (all if condition.word == "and" else any)(self.holds(part) for part in condition.parts)
        if condition in self.held:
            return self.held[condition]
        path = (condition.step, condition.side, condition.field)
        return condition.holds({path[0]: {path[1]: {path[2]: self.values[path]}}})


def possibilities(
    conditions: Iterable[Condition], fields: Mapping[Path, FieldFact], given: frozenset[Path]
) -> Iterator[Possibility]:
    """All of them, those that are never left out; more than there are, where fields cannot be laid out.

    `given` are the paths that surely hold a value. Nothing at all when there are too many to look through.
    """
    compared = [comparison for condition in conditions for comparison in comparisons(condition)]
    domains: dict[Any, Sequence[Any]] = {}
    for comparison in compared:
        (path,) = comparison.paths()
        values = _values(fields.get(path), [one.value for one in compared if list(one.paths()) == [path]])
        if values is None:
            domains[comparison] = (True, False)
        else:
            domains[path] = values if path in given else (*values, None)
    if prod(len(domain) for domain in domains.values()) > MOST:
        return
    for chosen in product(*domains.values()):
        world = dict(zip(domains, chosen, strict=True))
        yield Possibility(
            values={key: value for key, value in world.items() if isinstance(key, tuple)},
            held={key: value for key, value in world.items() if isinstance(key, Comparison)},
        )


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison in it."""
    if isinstance(condition, Comparison):
        yield condition
        return
    for part in condition.parts:
        yield from comparisons(part)


def _values(field: FieldFact | None, compared: Sequence[Any]) -> Sequence[Any] | None:
    """Values of which one stands for each that the field may hold, as far as these comparisons see; None if unknown."""
    match field.type if field else "":
        case "choice":
            return field.choices if field else None
        case "yes_no":
            return (True, False)
        case "number":
            return [format(number, "f") for number in _numbers([v for v in compared if isinstance(v, Decimal)])]
        case "date" | "date_time":
            return [day.isoformat() for day in _days([v for v in compared if isinstance(v, date)])]
    return None


def _numbers(compared: Sequence[Decimal]) -> Sequence[Decimal]:
    """Those that are compared with, one below, one above, and one between each two."""
    edges = sorted(set(compared)) or [Decimal()]
    return sorted({edges[0] - 1, edges[-1] + 1, *edges, *((low + high) / 2 for low, high in pairwise(edges))})


def _days(compared: Sequence[date]) -> Sequence[date]:
    """Those that are compared with, and the day before and after each."""
    edges, one = set(compared) or {date(2000, 1, 1)}, timedelta(days=1)
    before = {day - one for day in edges if day != date.min}
    return sorted(edges | before | {day + one for day in edges if day != date.max})
