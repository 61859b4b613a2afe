"""What a chart is made of, and the lines its shapes and arrows are drawn with. Pixels from the top left corner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

from handoffs.flows.drawing.lettering import shortened
from handoffs.flows.plan import StepKind

WIDTH, HEIGHT = 172, 88  # of a box
NARROW, WIDE = 46, 150  # a gap between columns: without words on its arrows, with them
BETWEEN = 28  # rows
EDGE = 24
TRACK = 30  # height of one arrow that leads back
POINT = 16  # how far the sides of a milestone come to a point
LETTER = 6.2  # width of a small letter
Point = tuple[float, float]
STANDING = ("to_come", "live", "done", "skipped", "bypassed", "cancelled")


@dataclass(frozen=True)
class Mark:
    """How one step of a running case stands. `state` is one of STANDING; the rest are words, and where it is read on.

    `came_from` are the steps that led there; `times` says how often the case came to it; `is_late` that it is overdue.
    """

    state: str
    who: str = ""
    note: str = ""
    href: str = ""
    came_from: tuple[str, ...] = ()
    times: int = 1
    is_late: bool = False


@dataclass(frozen=True)
class Box:
    """One step. `lines` is its label as it fits; `waits` says what it waits for, in words."""

    key: str
    label: str
    kind: StepKind
    column: int
    row: int
    x: int
    y: int
    lines: tuple[str, ...]
    waits: str
    who: str = ""
    mark: Mark | None = None
    internal: bool = False

    @property
    def outline(self) -> str:
        """The shape as an SVG path around the box: each kind of step has its own."""
        return _outlines[self.kind]

    @property
    def middle(self) -> float:
        """Where arrows arrive and leave."""
        return self.y + HEIGHT / 2

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.x + WIDTH

    @property
    def heights(self) -> Sequence[tuple[float, str]]:
        """The lines of the label, each with its height inside the box: all the words together stand in its middle."""
        below = 16 * (bool(self.told_who) + bool(self.mark and self.mark.note))
        first = (HEIGHT - 17 * len(self.lines) - below) / 2 + 13
        return [(first + 17 * n, line) for n, line in enumerate(self.lines)]

    @property
    def below(self) -> Sequence[tuple[float, str, str]]:
        """The lines below the label, each with its height and what it is: "who" or "note"."""
        words = [("who", self.shown_who), ("note", self.shown_note)]
        first = self.heights[-1][0] + 18 if self.heights else HEIGHT / 2
        lines = [(what, text) for what, text in words if text]
        return [(first + 16 * n, what, text) for n, (what, text) in enumerate(lines)]

    @property
    def kind_word(self) -> str:
        """What kind of step it is, in a word."""
        return _kinds[self.kind]

    @property
    def told_who(self) -> str:
        """Who does it, in full."""
        return (self.mark and self.mark.who) or self.who

    @property
    def state(self) -> str:
        """How it stands, "" where no case is under way."""
        return self.mark.state if self.mark else ""

    @property
    def said(self) -> str:
        """All of it in one breath, for who does not see the chart."""
        parts = [self.label, self.told_who, self.mark.note if self.mark else ""]
        return ", ".join(part for part in parts if part)

    @property
    def shown_who(self) -> str:
        """Who does it, as it fits."""
        return shortened(self.told_who, 25)

    @property
    def shown_note(self) -> str:
        """How it stands, as it fits."""
        return shortened(self.mark.note, 25) if self.mark else ""


@dataclass(frozen=True)
class Arrow:
    """One link: an SVG path from box to box, its first and last point, and its words with their place.

    `anchor` says whether the words end, begin or are centred there; `full` are the words without abbreviation.
    """

    start: str
    end: str
    path: str
    first: Point
    last: Point
    back: bool = False
    label: tuple[str, ...] = ()
    at: Point = (0, 0)
    anchor: str = "end"
    full: str = ""
    taken: bool = False
    downwards: bool = False

    @property
    def head(self) -> str:
        """The point of the arrow as an SVG path."""
        x, y = self.last
        return f"M{x:g} {y:g}l-4.5 -9h9z" if self.downwards else f"M{x:g} {y:g}l-9 -4.5v9z"

    @property
    def words(self) -> Sequence[tuple[float, str]]:
        """The lines of its words, each with its height: the last one stands on `at`."""
        return [(self.at[1] - 14 * (len(self.label) - 1 - n), line) for n, line in enumerate(self.label)]


@dataclass(frozen=True)
class Drawing:
    """The whole chart."""

    width: int
    height: int
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


def curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """The next part of a path: from one height to another, level at both ends."""
    if y == to_y:
        return f"H{to_x:g}"
    half = (x + to_x) / 2
    return f"C{half:g} {y:g} {half:g} {to_y:g} {to_x:g} {to_y:g}"


def around(corners: Sequence[Point], radius: float = 8) -> str:
    """A path along right angles with its corners rounded."""
    points = [point for point, _ in groupby(corners)]
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before, radius), _towards(corner, after, radius)
        path.append(f"L{near[0]:g} {near[1]:g} Q{corner[0]:g} {corner[1]:g} {far[0]:g} {far[1]:g}")
    return " ".join([*path, f"L{points[-1][0]:g} {points[-1][1]:g}"])


def _towards(corner: Point, other: Point, radius: float) -> Point:
    """The point on the way from a corner to another, at most so far away."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(radius, length / 2) / length if length else 0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def dent(kind: StepKind, off: float) -> float:
    """How far the outline lies inside the box on its left and right, so far off the middle."""
    half = HEIGHT / 2
    if kind is StepKind.WAIT:
        return half - sqrt(half**2 - off**2)
    return POINT * abs(off) / half if kind is StepKind.MILESTONE else 0.0


def _rounded(inset: float, radius: float) -> str:
    w, h, r, i = WIDTH - inset, HEIGHT - inset, radius, inset
    return (
        f"M{i + r:g} {i:g}H{w - r:g}A{r:g} {r:g} 0 0 1 {w:g} {i + r:g}V{h - r:g}A{r:g} {r:g} 0 0 1 {w - r:g} {h:g}"
        f"H{i + r:g}A{r:g} {r:g} 0 0 1 {i:g} {h - r:g}V{i + r:g}A{r:g} {r:g} 0 0 1 {i + r:g} {i:g}Z"
    )


_kinds: Mapping[StepKind, str] = {
    StepKind.HANDOFF: "Handoff",
    StepKind.MILESTONE: "Milestone",
    StepKind.WAIT: "Wait",
    StepKind.CASE: "Case of another flow",
}
_outlines: Mapping[StepKind, str] = {
    StepKind.HANDOFF: _rounded(0, 10),
    StepKind.WAIT: _rounded(0, HEIGHT / 2),
    StepKind.CASE: _rounded(0, 10) + _rounded(5, 6),
    StepKind.MILESTONE: (
        f"M{POINT} 0H{WIDTH - POINT}L{WIDTH} {HEIGHT / 2:g}L{WIDTH - POINT} {HEIGHT}H{POINT}L0 {HEIGHT / 2:g}Z"
    ),
}
