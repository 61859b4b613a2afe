"""When it will probably be taken: made of what was known, said only where enough is, and it holds."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.insight.figures.back_test import Life, Result, back_test
from handoffs.insight.figures.curves import ENOUGH, Curve
from handoffs.insight.figures.forecast import Pool, forecast
from tests.handoffs.insight.log_figures import Told, quantile, told
from tests.handoffs.test_replay import real_log

HOUR = timedelta(hours=1)
NOTHING = Curve.of_each([])
NOW = datetime(2014, 5, 5, 12, tzinfo=UTC)
times = st.lists(st.tuples(st.integers(1, 30).map(lambda n: n * HOUR), st.booleans()), max_size=60)


@given(times, st.sampled_from([(1, 2), (17, 20), (19, 20), (1, 10)]))
def test_a_curve_is_the_product_limit_estimate(seen: list[tuple[timedelta, bool]], share: tuple[int, int]) -> None:
    assert Curve.of_each(seen).quantile(share[0] / share[1]) == quantile(seen, Fraction(*share))


@given(times)
def test_less_and_less_remains(seen: list[tuple[timedelta, bool]]) -> None:
    curve = Curve.of_each(seen)
    remain = [curve.remaining(n * HOUR) for n in range(32)]
    assert remain == sorted(remain, reverse=True)
    assert remain[0] == 1
    assert curve.count == len(seen)


def test_what_is_open_makes_a_lane_no_quicker() -> None:
    over = [(n * HOUR, True) for n in range(1, 11)]
    still = [(9 * HOUR, False)] * 10
    quick, slow = Curve.of_each(over).quantile(0.5), Curve.of_each([*over, *still]).quantile(0.5)
    assert quick == 5 * HOUR
    assert slow is not None
    assert slow > quick


def test_the_nearest_history_that_has_enough_speaks() -> None:
    lane = Curve.of_each([(HOUR, True)] * (ENOUGH - 1))
    team = Curve.of_each([(n * HOUR, True) for n in range(1, 101)])
    found = forecast(lambda pool: {Pool.LANE: lane, Pool.TEAM: team}.get(pool, NOTHING))
    assert found is not None
    assert (found.pool, found.of) == (Pool.TEAM, 100)
    assert (found.low, found.middle, found.high) == (10 * HOUR, 50 * HOUR, 90 * HOUR)
    assert forecast(lambda pool: lane) is None


def test_what_has_waited_is_compared_with_what_waited_as_long() -> None:
    curve = Curve.of_each([(n * HOUR, True) for n in range(1, 101)])
    found = forecast(lambda pool: curve, waited=50 * HOUR)
    assert found is not None
    assert (found.low, found.middle, found.high, found.of) == (5 * HOUR, 25 * HOUR, 45 * HOUR, 50)


def held_by(result: Result) -> None:
    """What the product promises of its forecasts."""
    assert result.forecast > 30 * result.silent
    assert result.coverage is not None
    assert 0.75 <= result.coverage <= 0.85
    assert result.loss_ratio is not None
    assert result.loss_ratio < 1


def accepting(each: Told) -> Life:
    took = each.closed_at - each.at if each.closed_at else None
    return Life(each.from_team, each.to_team, each.at, each.closed_at, took, each.how == "accepted")


def in_hand(each: Told) -> Life:
    assert each.closed_at is not None
    took = each.left_at - each.closed_at if each.left_at else None
    return Life(each.from_team, each.to_team, each.closed_at, each.left_at, took, each.left_at is not None)


def test_it_holds_on_a_permit_office() -> None:
    """In that log everything is accepted in the instant: what can be told is how long it stays in hand."""
    offers = told(str(real_log("receipt.xes.gz")), NOW)
    assert all(each.closed_at == each.at for each in offers)
    held_by(back_test(in_hand(each) for each in offers))


@pytest.mark.long
@pytest.mark.timeout(600)
def test_it_holds_on_a_help_desk() -> None:
    offers = told(str(real_log("bpic2013_incidents.xes.gz")), NOW)
    held_by(back_test(accepting(each) for each in offers))


def test_a_back_test_would_tell_of_a_bad_forecast() -> None:
    """A lane that becomes slower and slower is always later than it was, and that is said."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    lives = []
    for n in range(200):
        start, took = began + n * 6 * HOUR, HOUR * 1.03**n
        lives.append(Life(1, 2, start, start + took, took, True))
    result = back_test(lives)
    assert result.silent >= ENOUGH
    assert result.coverage is not None
    assert result.coverage < 0.75
