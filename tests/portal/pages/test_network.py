"""Who hands to whom, drawn: each lane once, as thick as it is busy, from its giver to its receiver."""

import re
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from handoffs.insight.figures.sums import Lane
from portal.pages.insight.network import DOT, HEIGHT, MOST, THICK, THIN, WIDTH, Handing, network

TEAMS = st.one_of(st.none(), st.integers(1, 40))
HANDINGS = st.lists(
    st.builds(
        Handing,
        lane=st.builds(Lane, TEAMS, st.integers(1, 40)),
        offered=st.integers(1, 10_000),
        is_slow=st.booleans(),
        words=st.text(max_size=8),
    ),
    max_size=60,
    unique_by=lambda each: each.lane,
)
NAMES = {id: f"Team {id}" for id in range(1, 41)}


def ends(path: str) -> tuple[tuple[float, float], tuple[float, float]]:
    x1, y1, _, _, x2, y2 = (float(number) for number in re.findall(r"-?[\d.]+", path))
    return (x1, y1), (x2, y2)


@given(HANDINGS)
def test_every_lane_of_the_teams_that_are_drawn_is_there_once_and_keeps_inside(handings: list[Handing]) -> None:
    drawn = network(handings, NAMES)
    assert len(drawn.dots) <= MOST
    assert len(drawn.arrows) + drawn.left_out == len(handings)
    if len({team for each in handings for team in each.lane}) <= MOST:
        assert drawn.left_out == 0
    for dot in drawn.dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == len(drawn.dots)


@given(HANDINGS)
def test_a_line_goes_from_its_giver_to_its_receiver_and_is_as_thick_as_it_is_busy(handings: list[Handing]) -> None:
    drawn = network(handings, NAMES)
    places = {dot.name: (dot.x, dot.y) for dot in drawn.dots}
    by_words = sorted(handings, key=lambda each: each.offered)
    shown = [each for each in by_words if {_name(each.lane.from_team), _name(each.lane.to_team)} <= places.keys()]
    for each, arrow in zip(shown, drawn.arrows, strict=True):
        (x1, y1), (x2, y2) = ends(arrow.path)
        giver, receiver = places[_name(each.lane.from_team)], places[_name(each.lane.to_team)]
        assert hypot(x1 - giver[0], y1 - giver[1]) < DOT + 3
        assert hypot(x2 - receiver[0], y2 - receiver[1]) < DOT + THICK + 9
        assert THIN <= arrow.width <= THICK
    widths = [arrow.width for arrow in drawn.arrows]
    assert widths == sorted(widths)


def _name(team: int | None) -> str:
    return NAMES[team] if team else "Without a team"
