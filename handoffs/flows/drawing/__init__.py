"""A flow as a chart in plain numbers: boxes for steps, arrows for links. Plain Python.

Columns stand from left to right. Arrows that lead on cross only the gaps between columns; those that lead back run
above everything. The same plan always gives the same chart.
"""

from collections.abc import Mapping, Sequence

from handoffs.flows.drawing.arrows import backward, onward, stands_in_gap, tracks
from handoffs.flows.drawing.layout import Cell, Grid, arranged
from handoffs.flows.drawing.lettering import broken
from handoffs.flows.drawing.shapes import BETWEEN, EDGE, HEIGHT, NARROW, TRACK, WIDE, WIDTH, Arrow, Box, Drawing, Mark
from handoffs.flows.drawing.words import waits_for
from handoffs.flows.plan import Plan, Step

__all__ = ["Arrow", "Box", "Drawing", "Mark", "drawn", "waits_for"]


def drawn(plan: Plan, marks: Mapping[str, Mark] | None = None) -> Drawing:
    """The chart of a plan, with marks where a case is under way."""
    marks = marks or {}
    grid = arranged(plan)
    lefts = _lefts(grid)
    above = tracks((way for way in grid.ways if way.back), grid)
    top = EDGE + TRACK * (max(above.values(), default=-1) + 1)
    boxes = {step.key: _box(step, plan, grid.cells[step.key], lefts, top, marks.get(step.key)) for step in plan.steps}
    arrows = [onward(way, grid, boxes, lefts, top) for way in grid.ways if not way.back]
    arrows += [backward(way, grid, boxes, top - 12 - TRACK * track) for way, track in above.items()]
    rows = max((cell.row for cell in grid.taken), default=0) + 1
    return Drawing(
        width=max((box.right for box in boxes.values()), default=0) + EDGE,
        height=top + rows * (HEIGHT + BETWEEN) - BETWEEN + EDGE,
        boxes=list(boxes.values()),
        arrows=arrows,
    )


def _lefts(grid: Grid) -> list[int]:
    """Where each column begins. A gap is wide where words stand in it: before the step that they lead to."""
    columns = max((cell.column for cell in grid.cells.values()), default=-1) + 1
    worded = {grid.cells[way.end].column for way in grid.ways if stands_in_gap(way)}
    lefts, x = [], EDGE
    for column in range(columns):
        x += (WIDE if column in worded else NARROW) if column else 0
        lefts.append(x)
        x += WIDTH
    return lefts


def _box(step: Step, plan: Plan, cell: Cell, lefts: Sequence[int], top: int, mark: Mark | None) -> Box:
    role = plan.roles_by_key.get(step.receiver)
    return Box(
        key=step.key,
        label=step.label,
        kind=step.kind,
        column=cell.column,
        row=cell.row,
        x=lefts[cell.column],
        y=top + cell.row * (HEIGHT + BETWEEN),
        lines=broken(step.label, 21, 2),
        waits=waits_for(step, plan),
        who=role.label if role else "",
        mark=mark,
        internal=step.internal,
    )
