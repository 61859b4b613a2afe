"""Figures as drawings: plain numbers for SVG, each beside the words that its table says too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil, log10

WIDTH, HEIGHT, LEFT, FOOT, HEAD = 640, 190, 72, 26, 12  # of a chart, in its own units, with room for words
BAR = 1000  # the width of a bar that shows parts of a whole


@dataclass(frozen=True)
class Mark:
    """A column, a point or a piece: where it is, how it looks, what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str

    @property
    def middle(self) -> tuple[float, float]:
        """Of a point."""
        return round(self.x + self.width / 2, 1), round(self.y, 1)


@dataclass(frozen=True)
class Line:
    """A line across the chart at a height, or from top to bottom at a place, and what stands at it."""

    at: float
    words: str
    kind: str = "grid"


@dataclass
class Chart:
    """A drawing with what it says for who cannot see it."""

    title: str
    marks: list[Mark] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ticks: list[Line] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    foot: int = HEIGHT - FOOT

    def at(self, share: float) -> float:
        """The height at which a share of the scale lies."""
        return round(self.foot - min(share, 1) * (self.foot - HEAD), 1)

    @property
    def path(self) -> str:
        """A line through the points."""
        return " ".join(f"{x},{y}" for x, y in (mark.middle for mark in self.marks))


@dataclass(frozen=True)
class Value:
    """What is drawn over one place of the axis below; nothing where there is no value."""

    label: str
    value: float | None
    words: str
    kind: str = ""


def columns(title: str, values: Sequence[Value], unit: str = "", top: float | None = None) -> Chart:
    """A column for each value, from zero up."""
    chart = Chart(title)
    top = top or _round_up(max((each.value or 0 for each in values), default=0) or 1)
    _scale(chart, top, unit)
    step = (WIDTH - LEFT) / max(1, len(values))
    for index, each in enumerate(values):
        if each.value is None:
            continue
        width = max(2.0, round(step * 0.7, 1))
        x = round(LEFT + step * index + (step - width) / 2, 1)
        y = chart.at(each.value / top)
        chart.marks.append(Mark(x, y, width, round(chart.foot - y, 1), each.kind, each.words))
    _label(chart, [each.label for each in values], step)
    return chart


def points(title: str, values: Sequence[Value], across: Iterable[tuple[float, str, str]], unit: str = "") -> Chart:
    """A point for each value joined by a line, and lines across: (height, words, kind)."""
    chart = Chart(title)
    across = list(across)
    top = _round_up(max([each.value or 0 for each in values] + [height for height, _, _ in across], default=0) or 1)
    _scale(chart, top, unit)
    step = (WIDTH - LEFT) / max(1, len(values))
    for index, each in enumerate(values):
        if each.value is not None:
            x = round(LEFT + step * index, 1)
            chart.marks.append(Mark(x, chart.at(each.value / top), round(step, 1), 0, each.kind, each.words))
    for height, words, kind in across:
        chart.lines.append(Line(chart.at(height / top), words, kind))
    _label(chart, [each.label for each in values], step)
    return chart


def strip(title: str, dots: Sequence[Value], marked: Sequence[tuple[float, str]]) -> Chart:
    """Dots along one axis of time in seconds, and where certain shares lie: (seconds, words)."""
    chart = Chart(title, height=84, foot=62, left=8)
    longest = max([each.value or 0 for each in dots] + [at for at, _ in marked], default=0) or 1
    top = _round_up_hours(longest)
    room = WIDTH - 16
    chart.lines.append(Line(WIDTH - 8, f"{top / 3600:g} h"))
    for seconds, words in marked:
        chart.ticks.append(Line(round(8 + min(seconds, top) / top * room, 1), words, "share"))
    for index, each in enumerate(dots):
        if each.value is not None:
            x = round(8 + each.value / top * room, 1)
            chart.marks.append(Mark(x, 26 + index % 5 * 7, 0, 0, each.kind, each.words))
    return chart


@dataclass(frozen=True)
class Piece:
    """A part of a whole: in thousandths where it begins and how wide it is."""

    x: float
    width: float
    kind: str
    words: str


def bar(parts: Iterable[tuple[str, timedelta, str]]) -> list[Piece]:
    """Pieces of one bar that add up to it: (kind, how long, words); nothing of what is nothing."""
    shown = [(kind, lasted, words) for kind, lasted, words in parts if lasted > timedelta()]
    whole = sum((lasted for _, lasted, _ in shown), timedelta())
    found, passed = [], timedelta()
    for kind, lasted, words in shown:
        x = passed / whole * BAR
        passed += lasted
        found.append(Piece(round(x, 1), round(max(2, passed / whole * BAR - x), 1), kind, words))
    return found


def _scale(chart: Chart, top: float, unit: str) -> None:
    for share in (0, 0.5, 1):
        words = f"{top * share:g}{unit}"
        chart.lines.append(Line(chart.at(share), words))


def _label(chart: Chart, labels: Sequence[str], step: float) -> None:
    """The first, the last and so many between as there is room for."""
    every = max(1, ceil(len(labels) / 6))
    for index, label in enumerate(labels):
        if index % every == 0:
            kind = "between" if index // every % 2 else "label"
            chart.ticks.append(Line(round(LEFT + step * index + step / 2, 1), label, kind))


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 and so on."""
    scale = 10 ** (ceil(log10(value)) - 1)
    return float(next(scale * each for each in (1, 2, 2.5, 5, 10) if scale * each >= value * 0.999999))


def _round_up_hours(seconds: float) -> float:
    return _round_up(seconds / 3600) * 3600
