"""The chart of a flow, as numbers: nothing lies on anything else, arrows meet their boxes, what is drawn stays."""

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.flows.conditions import parsed
from handoffs.flows.drawing import Box, Mark, drawn
from handoffs.flows.drawing.lettering import broken, room, shortened
from handoffs.flows.drawing.shapes import HEIGHT, WIDTH
from handoffs.flows.plan import Link, Plan, Role, Step, StepKind, WaitsFor
from tests.handoffs.flows.plans import plans, step

FEWER = settings(max_examples=50, deadline=None)


def overlap(a: Box, b: Box) -> bool:
    return abs(a.x - b.x) < WIDTH and abs(a.y - b.y) < HEIGHT


@given(plans())
@FEWER
def test_boxes_never_overlap_and_lie_inside(plan: Plan) -> None:
    chart = drawn(plan)
    assert {box.key for box in chart.boxes} == set(plan.by_key)
    assert not [pair for pair in combinations(chart.boxes, 2) if overlap(*pair)]
    for box in chart.boxes:
        assert min(box.x, box.y) >= 0
        assert box.right <= chart.width
        assert box.y + HEIGHT <= chart.height


@given(plans())
@FEWER
def test_each_link_is_an_arrow_that_starts_and_ends_at_its_boxes(plan: Plan) -> None:
    chart = drawn(plan)
    boxes = {box.key: box for box in chart.boxes}
    links = sorted((link.step, to.key) for to in plan.steps for link in to.after)
    assert sorted((arrow.start, arrow.end) for arrow in chart.arrows) == links
    for arrow in chart.arrows:
        for (x, y), box in ((arrow.first, boxes[arrow.start]), (arrow.last, boxes[arrow.end])):
            at_side = min(abs(x - box.x), abs(x - box.right)) <= 16 and box.y <= y <= box.y + HEIGHT
            on_top = y == box.y and box.x <= x <= box.right
            assert at_side or on_top


@given(plans())
@FEWER
def test_an_arrow_runs_through_no_box(plan: Plan) -> None:
    chart = drawn(plan)
    for arrow in chart.arrows:
        for x, y in passed(arrow.path):
            for box in chart.boxes:
                inside = box.x + 17 < x < box.right - 17 and box.y + 1 < y < box.y + HEIGHT - 1
                assert not inside, (arrow.start, arrow.end, box.key)


def passed(path: str) -> list[tuple[float, float]]:
    """Points along a path: the corners, and ten between each two."""
    points: list[tuple[float, float]] = []
    for letter, numbers in re.findall(r"([MLHCQ])([-\d. ]+)", path):
        values = [float(value) for value in numbers.split()]
        x, y = (values[-1], points[-1][1]) if letter == "H" else (values[-2], values[-1])
        if points and letter in "LH":
            (ax, ay) = points[-1]
            points += [(ax + (x - ax) * n / 10, ay + (y - ay) * n / 10) for n in range(1, 10)]
        points.append((x, y))
    return points


@given(plans(most=20), st.data())
@FEWER
def test_a_step_added_at_the_end_moves_nothing(plan: Plan, data: st.DataObject) -> None:
    last = data.draw(st.sampled_from(plan.steps)).key
    added = replace(data.draw(step("added", [last])), after=(Link(last),))
    before = {box.key: (box.x, box.y) for box in drawn(plan).boxes}
    after = {box.key: (box.x, box.y) for box in drawn(Plan(plan.roles, (*plan.steps, added))).boxes}
    assert {key: after[key] for key in before} == before


@given(plans())
@FEWER
def test_the_same_plan_is_the_same_chart(plan: Plan) -> None:
    assert drawn(plan) == drawn(Plan(plan.roles, plan.steps))


@given(plans(), st.data())
@FEWER
def test_every_step_comes_after_those_that_lead_to_it(plan: Plan, data: st.DataObject) -> None:
    columns = {box.key: box.column for box in drawn(plan).boxes}
    for to in plan.steps:
        assert all(columns[link.step] < columns[to.key] for link in to.after if not link.is_loop)


def test_a_draft_that_goes_round_in_a_circle_or_leads_nowhere_is_drawn() -> None:
    circle = Plan(
        (), (Step("a", "A", after=(Link("b"), Link("nowhere"))), Step("b", "B", after=(Link("a"), Link("b"))))
    )
    chart = drawn(circle)
    assert len(chart.boxes) == 2
    assert sorted((arrow.start, arrow.end, arrow.back) for arrow in chart.arrows) == [
        ("a", "b", False),
        ("b", "a", True),
        ("b", "b", True),
    ]
    assert drawn(Plan()).boxes == []


REVIEW = Plan(
    (Role("legal", "Legal"),),
    (
        Step("intake", "Intake"),
        Step(
            "review",
            "Review",
            after=(Link("intake"), Link("sign", parsed('sign.result.decision = "No"'), again_at_most=2)),
        ),
        Step("sign", "Sign", receiver="legal", after=(Link("review", parsed('review.result.decision = "Yes"')),)),
        Step("end", "Over", StepKind.MILESTONE, WaitsFor.ANY, after=(Link("sign"), Link("review", otherwise=True))),
    ),
)


def test_the_main_line_is_straight_and_a_branch_lies_below() -> None:
    boxes = {box.key: (box.column, box.row) for box in drawn(REVIEW).boxes}
    assert boxes == {"intake": (0, 0), "review": (1, 0), "sign": (2, 0), "end": (3, 0)}
    skipping = next(arrow for arrow in drawn(REVIEW).arrows if (arrow.start, arrow.end) == ("review", "end"))
    assert skipping.label == ("otherwise",)


def test_conditions_limits_and_what_is_waited_for_are_said_in_words() -> None:
    chart = drawn(REVIEW)
    assert [box.waits for box in chart.boxes] == [
        "when the case begins",
        "after Intake; again after Sign (if decision of Sign is “No”, 2 times at most)",
        "after Review (if decision of Review is “Yes”)",
        "after Sign or Review (otherwise)",
    ]
    assert [arrow.full for arrow in chart.arrows if arrow.back] == ["decision = “No”, 2 times at most"]


def test_kinds_have_shapes_of_their_own() -> None:
    steps = [Step(kind.value, kind.value, kind) for kind in StepKind]
    assert len({box.outline for box in drawn(Plan((), tuple(steps))).boxes}) == len(StepKind)


def test_marks_say_how_a_step_stands_and_which_way_was_taken() -> None:
    marks = {"intake": Mark("done", "Ana", "Done"), "review": Mark("live", "Ben", "Accepted", came_from=("intake",))}
    chart = drawn(REVIEW, marks)
    assert [box.said for box in chart.boxes][:3] == ["Intake, Ana, Done", "Review, Ben, Accepted", "Sign, Legal"]
    assert [(arrow.start, arrow.end) for arrow in chart.arrows if arrow.taken] == [("intake", "review")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Review", ("Review",)),
        ("Sign the contract", ("Sign the", "contract")),
        ("Onboarding-and-everything-else", ("Onboarding", "-and-ever…")),
        ("", ()),
    ],
)
def test_a_label_is_broken_into_lines_that_fit(text: str, lines: tuple[str, ...]) -> None:
    assert broken(text, 10, 2) == lines


@given(st.text(max_size=80), st.integers(4, 30))
def test_no_line_is_longer_than_there_is_room(text: str, width: int) -> None:
    lines = broken(text, width, 2)
    assert len(lines) <= 2
    assert all(room(line) <= width for line in (*lines, shortened(text, width)))
