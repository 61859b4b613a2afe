"""How each arrow of a chart runs: those that lead on through the gaps, those that lead back above everything."""

from collections.abc import Iterable, Mapping, Sequence

from handoffs.flows.drawing.layout import Cell, Grid, Way
from handoffs.flows.drawing.lettering import broken, shortened
from handoffs.flows.drawing.shapes import BETWEEN, HEIGHT, LETTER, WIDTH, Arrow, Box, Point, around, curve, dent
from handoffs.flows.drawing.words import label, times

LINE, PASSING = 18, 25  # letters of a line of words: in a gap, and in a column that is passed
BESIDE = HEIGHT * 0.2  # how far above the middle an arrow back leaves or arrives at a side
SHORTEST = 26  # letters that an arrow back has room for, however short it is


def tracks(ways: Iterable[Way], grid: Grid) -> dict[Way, int]:
    """Which track above the chart each arrow back runs on, so that none lies on another; short ones lowest."""
    reaches = {way: sorted((grid.cells[way.start].column, grid.cells[way.end].column)) for way in ways}
    found: dict[Way, int] = {}
    filled: list[list[Sequence[int]]] = []
    for way, (first, last) in sorted(reaches.items(), key=lambda pair: pair[1][1] - pair[1][0]):
        fits = (n for n, spans in enumerate(filled) if all(last < begins or ends < first for begins, ends in spans))
        number = next(fits, len(filled))
        if number == len(filled):
            filled.append([])
        filled[number].append((first, last))
        found[way] = number
    return found


def onward(way: Way, grid: Grid, boxes: Mapping[str, Box], lefts: Sequence[int], top: int) -> Arrow:
    """An arrow through the gaps, straight through the columns between on a row that is free there.

    Its words stand above it where it passes columns, else before the step that it leads to.
    """
    start, end = boxes[way.start], boxes[way.end]
    beside = [other for other in grid.ways if other.end == way.end and not other.back]
    into = _port(way, beside, grid, end) if any(map(stands_in_gap, beside)) else end.middle
    last = (end.x + dent(end.kind, into - end.middle), into)
    x, y = float(start.right), start.middle
    path = [f"M{x:g} {y:g}"]
    at, letters, anchor = (end.x - 12, into - 8), LINE, "end"
    if way.row is not None:
        height = top + way.row * (HEIGHT + BETWEEN) + HEIGHT / 2
        first = lefts[start.column + 1]
        path += [curve(x, y, first, height), f"H{lefts[end.column - 1] + WIDTH}"]
        x, y = lefts[end.column - 1] + WIDTH, height
        at, letters, anchor = (first + 8, height - 8), PASSING, "start"
    lines = broken(label(way.link), letters, 2 if len(beside) == 1 or way.row is not None else 1)
    if y < into and way.row is None:  # it comes down: there is room below
        at = (at[0], into + 4 + 14 * len(lines))
    path.append(curve(x, y, *last))
    return Arrow(
        start=way.start,
        end=way.end,
        path=" ".join(path),
        first=(start.right, start.middle),
        last=last,
        label=lines,
        at=at,
        anchor=anchor,
        full=label(way.link),
        taken=_is_taken(way, end),
    )


def stands_in_gap(way: Way) -> bool:
    """Whether the words of an arrow need room between two columns."""
    return not way.back and way.row is None and bool(label(way.link))


def _port(way: Way, beside: Sequence[Way], grid: Grid, end: Box) -> float:
    """The height at which an arrow arrives where several carry words: one below the other, as they come."""
    ordered = sorted(beside, key=lambda other: grid.cells[other.start].row if other.row is None else other.row)
    return end.y + HEIGHT * (ordered.index(way) + 1) / (len(beside) + 1)


def backward(way: Way, grid: Grid, boxes: Mapping[str, Box], height: float) -> Arrow:
    """An arrow around: up from its step, back at that height, down to the other; beside them, if something is above."""
    start, end = boxes[way.start], boxes[way.end]
    up = _straight(start, 0.64) if _open_above(grid, way.start) else _beside(start, start.right, 14)
    down = _straight(end, 0.36) if _open_above(grid, way.end) else _beside(end, end.x, -16)
    corners = [*up, (up[-1][0], height), (down[-1][0], height), *reversed(down)]
    words = [label(way.link), times(way.link.again_at_most) if way.link.again_at_most is not None else ""]
    full = ", ".join(word for word in words if word)
    fits = int((abs(up[-1][0] - down[-1][0]) - 16) / LETTER)
    return Arrow(
        start=way.start,
        end=way.end,
        path=around(corners),
        first=corners[0],
        last=corners[-1],
        back=True,
        label=(shortened(full, max(SHORTEST, fits)),) if full else (),
        at=((up[-1][0] + down[-1][0]) / 2, height - 6),
        anchor="middle",
        full=full,
        taken=_is_taken(way, end),
        downwards=len(down) == 1,
    )


def _straight(box: Box, share: float) -> list[Point]:
    return [(box.x + WIDTH * share, box.y)]


def _beside(box: Box, side: float, away: float) -> list[Point]:
    """From one side of a box into the gap beside it."""
    inside = dent(box.kind, BESIDE)
    y = box.middle - BESIDE
    return [(side - inside if away > 0 else side + inside, y), (side + away, y)]


def _open_above(grid: Grid, key: str) -> bool:
    cell = grid.cells[key]
    return all(Cell(cell.column, row) not in grid.taken for row in range(cell.row))


def _is_taken(way: Way, end: Box) -> bool:
    return bool(end.mark and way.start in end.mark.came_from)
