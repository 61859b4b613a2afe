"""Time in hands and between hands: every instant of a case's life in exactly one stretch, whatever runs beside what."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handoffs.insight.case_time import Share, Side, Span, stretches, sums

BEGAN = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Up to eight spans anywhere around the case's life, side by side or not."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        starts, lasts = draw(st.integers(-20, 120)), draw(st.integers(-5, 90))
        found.append(Span(at(starts), at(starts + lasts), draw(st.sampled_from(Share)), draw(st.sampled_from(Side))))
    return found


@given(spans(), st.integers(0, 100))
def test_stretches_follow_each_other_and_add_up(known: list[Span], lasts: int) -> None:
    found = stretches(known, BEGAN, at(lasts))
    assert sum((each.lasted for each in found), timedelta()) == timedelta(minutes=lasts)
    assert sum(sums(found).values(), timedelta()) == timedelta(minutes=lasts)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found))
    assert all(one[2:] != other[2:] for one, other in pairwise(found))


@given(spans(), st.integers(1, 100), st.integers(0, 99))
def test_each_instant_is_what_comes_first_of_what_lies_there(known: list[Span], lasts: int, minute: int) -> None:
    instant = at(min(minute, lasts - 1)) + timedelta(seconds=30)
    there = [span for span in known if span.starts_at <= instant < span.ends_at]
    (stretch,) = [each for each in stretches(known, BEGAN, at(lasts)) if each.starts_at <= instant < each.ends_at]
    order = list(Share)
    assert stretch.share is min((span.share for span in there), key=order.index, default=Share.IDLE)


def test_a_case_is_in_hands_while_anybody_is_at_it_and_then_on_both_sides() -> None:
    known = [
        Span(at(0), at(10), Share.BETWEEN_HANDS, Side.OURS),
        Span(at(10), at(40), Share.IN_HANDS, Side.OURS),
        Span(at(20), at(60), Share.IN_HANDS, Side.CLIENT),
        Span(at(70), at(80), Share.PAUSED),
    ]
    assert [(each.share, each.side, each.lasted.seconds // 60) for each in stretches(known, BEGAN, at(90))] == [
        (Share.BETWEEN_HANDS, Side.OURS, 10),
        (Share.IN_HANDS, Side.OURS, 10),
        (Share.IN_HANDS, Side.BOTH, 20),
        (Share.IN_HANDS, Side.CLIENT, 20),
        (Share.IDLE, Side.NOBODY, 10),
        (Share.PAUSED, Side.NOBODY, 10),
        (Share.IDLE, Side.NOBODY, 10),
    ]
