"""Who hands to whom: teams on a circle, a line for each lane, as thick as it is busy, broken where it is slow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt

from handoffs.insight.figures.sums import Lane

WIDTH, HEIGHT = 720, 460
RADIUS = 165  # of the circle
DOT = 9  # of a team
MOST = 14  # teams; more would be a ball of wool, and the table has them all
THIN, THICK = 1.0, 9.0
BEND = 0.22  # how far a line leaves the straight one, of its length: there and back are two lines
SLOW = 2.0  # times the usual
LOOP = 34.0  # how far the line of a team to itself reaches

Team = int | None


@dataclass(frozen=True)
class Handing:
    """One lane as it is drawn: how many were offered, whether it is slow, and what is said of it."""

    lane: Lane
    offered: int
    is_slow: bool
    words: str


@dataclass(frozen=True)
class Dot:
    """A team: where it stands and where its name goes."""

    x: float
    y: float
    name: str
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True)
class Arrow:
    """A lane: its line, its thickness, the three corners of its head, and what it says."""

    path: str
    width: float
    head: str
    is_slow: bool
    words: str


@dataclass(frozen=True)
class Network:
    """The drawing, and how many lanes have no place in it."""

    dots: Sequence[Dot]
    arrows: Sequence[Arrow]
    left_out: int
    width: int = WIDTH
    height: int = HEIGHT


def network(handings: Sequence[Handing], names: Mapping[int, str]) -> Network:
    """Of the busiest teams; the busiest lanes last, so that they lie on top."""
    places = _places(_order(handings))
    drawn = [each for each in handings if each.lane.from_team in places and each.lane.to_team in places]
    busiest = max((each.offered for each in drawn), default=1)
    arrows = [_arrow(each, places, busiest) for each in sorted(drawn, key=lambda each: each.offered)]
    looped = {each.lane.to_team for each in drawn if each.lane.from_team == each.lane.to_team}
    dots = [_dot(team, place, names, LOOP if team in looped else 0) for team, place in places.items()]
    return Network(dots, arrows, len(handings) - len(drawn))


def _order(handings: Sequence[Handing]) -> list[Team]:
    """The busiest team first, then always the one that has most to do with those before it: neighbours stand near."""
    between: dict[frozenset[Team], int] = {}
    busy: dict[Team, int] = {}
    for each in handings:
        ends = frozenset((each.lane.from_team, each.lane.to_team))
        between[ends] = between.get(ends, 0) + each.offered
        for team in ends:
            busy[team] = busy.get(team, 0) + each.offered
    left = sorted(busy, key=lambda team: (-busy[team], team or 0))[:MOST]
    order = left[:1]
    left = left[1:]
    while left:
        near = max(left, key=lambda team: (between.get(frozenset((order[-1], team)), 0), busy[team], -(team or 0)))
        order.append(near)
        left.remove(near)
    return order


def _places(order: Sequence[Team]) -> dict[Team, tuple[float, float, float]]:
    """Of each team x, y and the angle at which it stands, from the top, clockwise."""
    found = {}
    for n, team in enumerate(order):
        angle = 2 * pi * n / len(order) - pi / 2
        found[team] = (WIDTH / 2 + RADIUS * cos(angle), HEIGHT / 2 + RADIUS * sin(angle), angle)
    return found


def _dot(team: Team, place: tuple[float, float, float], names: Mapping[int, str], further: float) -> Dot:
    x, y, angle = place
    away = DOT + 9 + further
    anchor = "middle" if abs(cos(angle)) < 0.2 else "start" if cos(angle) > 0 else "end"
    name = names.get(team, "A team") if team else "Without a team"
    low = 4 + (8 if sin(angle) > 0.8 else -4 if sin(angle) < -0.8 else 0)
    return Dot(_r(x), _r(y), name, _r(x + away * cos(angle)), _r(y + away * sin(angle) + low), anchor)


def _arrow(each: Handing, places: Mapping[Team, tuple[float, float, float]], busiest: int) -> Arrow:
    """A bent line from edge to edge of two dots; of a team to itself a loop outside of the circle."""
    width = _r(THIN + (THICK - THIN) * sqrt(each.offered / busiest))
    (x1, y1, angle), (x2, y2, _) = places[each.lane.from_team], places[each.lane.to_team]
    if each.lane.from_team == each.lane.to_team:
        bent = (x1 + 2 * LOOP * cos(angle), y1 + 2 * LOOP * sin(angle))
        start, end = _edge((x1, y1), angle - 0.7), _edge((x1, y1), angle + 0.7, width)
    else:
        bent = ((x1 + x2) / 2 + BEND * (y2 - y1), (y1 + y2) / 2 - BEND * (x2 - x1))
        start = _edge((x1, y1), _angle((x1, y1), bent))
        end = _edge((x2, y2), _angle((x2, y2), bent), width)
    path = f"M{_r(start[0])} {_r(start[1])}Q{_r(bent[0])} {_r(bent[1])} {_r(end[0])} {_r(end[1])}"
    return Arrow(path, width, _head(end, bent, width), each.is_slow, each.words)


def _head(end: tuple[float, float], bent: tuple[float, float], width: float) -> str:
    """Its tip goes on from the end of the line, away from where it comes from."""
    angle = _angle(bent, end)
    long, half = 5 + width, 3 + width * 0.8
    tip = (end[0] + long * cos(angle), end[1] + long * sin(angle))
    sides = [(end[0] + half * cos(angle + turn), end[1] + half * sin(angle + turn)) for turn in (pi / 2, -pi / 2)]
    return " ".join(f"{_r(x)},{_r(y)}" for x, y in (tip, *sides))


def _edge(centre: tuple[float, float], angle: float, width: float = 0) -> tuple[float, float]:
    """On the rim of a dot, or so far off it that a head for a line of this width fits between."""
    away = DOT + 2 + (5 + width if width else 0)
    return centre[0] + away * cos(angle), centre[1] + away * sin(angle)


def _angle(start: tuple[float, float], end: tuple[float, float]) -> float:
    return atan2(end[1] - start[1], end[0] - start[0])


def _r(number: float) -> float:
    return round(number, 1)
