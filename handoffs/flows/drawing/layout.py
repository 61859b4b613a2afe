"""Which column and row each step of a chart stands in, and through which cells its long arrows run. Plain Python.

Columns are the longest ways from a start. Rows are given in one pass, each step as near to those before it as there is
room; what was placed stays placed. So a step that is added at the end of a plan moves nothing that was drawn before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from handoffs.flows.plan import Link, Plan, Step


class Cell(NamedTuple):
    """A place in the grid, counted from the left and from the top."""

    column: int
    row: int


class Way(NamedTuple):
    """One link as it is drawn: from one step to another, on the row that it keeps to while it passes columns."""

    start: str
    end: str
    link: Link
    back: bool
    row: int | None


@dataclass
class Grid:
    """Where everything stands. `taken` says of each cell which step lies in it or whose arrows pass through it."""

    cells: dict[str, Cell] = field(default_factory=dict)
    taken: dict[Cell, str] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)

    def is_free(self, column: int, row: int, whose: str) -> bool:
        """Whether the cell is empty, or only passed by arrows of the same step."""
        return self.taken.get(Cell(column, row), whose) == whose


def arranged(plan: Plan) -> Grid:
    """The grid of a plan; a draft with links to nowhere or round in a circle has one as well."""
    order, led_to = _order(plan)
    grid = Grid()
    columns: dict[str, int] = {}
    for step in order:
        links = led_to[step.key]
        columns[step.key] = max((columns[link.step] + 1 for link in links), default=0)
        row = _row(grid, columns[step.key], [grid.cells[link.step].row for link in links])
        grid.cells[step.key] = Cell(columns[step.key], row)
        grid.taken[grid.cells[step.key]] = step.key
        for link in links:
            grid.ways.append(Way(link.step, step.key, link, False, _passed(grid, link, step.key)))
    for step in plan.steps:
        backwards = [link for link in step.after if link not in led_to[step.key] and link.step in plan.by_key]
        grid.ways += [Way(link.step, step.key, link, True, None) for link in backwards]
    return grid


def _order(plan: Plan) -> tuple[Sequence[Step], dict[str, list[Link]]]:
    """The steps, each after all that lead to it and else as written, and the links by which they are reached.

    Where a draft goes round in a circle, the earliest step of those left is taken first: links to it lead back then.
    """
    open_links = {
        step.key: [
            link for link in step.after if not link.is_loop and link.step in plan.by_key and link.step != step.key
        ]
        for step in plan.steps
    }
    waiting = {key: {link.step for link in links} for key, links in open_links.items()}
    places = {step.key: place for place, step in enumerate(plan.steps)}
    ready = [places[key] for key, before in waiting.items() if not before]
    heapify(ready)
    order: list[Step] = []
    done: set[str] = set()
    while len(order) < len(places):
        place = heappop(ready) if ready else min(places[key] for key in places if key not in done)
        step = plan.steps[place]
        order.append(step)
        done.add(step.key)
        open_links[step.key] = [link for link in open_links[step.key] if link.step in done]
        for other, before in waiting.items():
            if step.key in before:
                before.discard(step.key)
                if not before and other not in done:
                    heappush(ready, places[other])
    return order, open_links


def _row(grid: Grid, column: int, before: Sequence[int]) -> int:
    """The free row nearest to the middle of those before; of two as near, the upper one."""
    middle = sum(before) / len(before) if before else 0
    rows = range(len(grid.taken) + len(before) + 1)
    return min((row for row in rows if Cell(column, row) not in grid.taken), key=lambda row: (abs(row - middle), row))


def _passed(grid: Grid, link: Link, end: str) -> int | None:
    """The row on which an arrow passes the columns between its steps, which it takes; None if there are none.

    Arrows of one step may share it, unless words stand on them.
    """
    first, last = grid.cells[link.step], grid.cells[end]
    between = range(first.column + 1, last.column)
    if not between:
        return None
    whose = f"{link.step}>{end}" if link.when or link.otherwise else link.step
    rows = range(max(cell.row for cell in grid.taken) + 2)
    free = [row for row in rows if all(grid.is_free(column, row, whose) for column in between)]
    chosen = min(free, key=lambda row: (abs(row - first.row) + abs(row - last.row), abs(row - last.row), row))
    for column in between:
        grid.taken[Cell(column, chosen)] = whose
    return chosen
