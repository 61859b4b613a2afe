"""The figures of a replayed log equal, on every lane, what plain code makes of the file itself."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from handoffs import keeping
from handoffs.insight.figures import sums
from handoffs.insight.figures.asked import Asked, Period
from handoffs.insight.figures.times import Times, accepting_by_lane
from handoffs.insight.split import Phase
from handoffs.kept.models import Measure
from tenants.arrival import organization_at
from tenants.models import Organization, Team
from tenants.scope import scope
from tests.handoffs.insight.log_figures import Told, by_lane, quantile, time_to_accept, time_to_complete, told
from tests.handoffs.test_replay import real_log, replayed

KEPT = datetime(2014, 5, 5, 12, tzinfo=UTC)
NOW = KEPT + timedelta(days=40)  # what still lives has gone on since it was kept
SHARES = (Fraction(1, 2), Fraction(85, 100), Fraction(95, 100))
ZERO = timedelta()


def agree(organization: Organization, offers: list[Told]) -> None:
    """Every lane, and all of them together."""
    names = dict(Team.objects.values_list("id", "name"))
    everything = Asked(organization.id, Period.of(NOW, organization.zone, None))
    found = {(names[lane.from_team or 0], names[lane.to_team]): (lane, each) for lane, each in _lanes(everything)}
    lanes = by_lane(offers)
    assert set(found) - set(lanes) == set(lanes) - set(found) == set()
    rough = accepting_by_lane(everything, NOW)
    for names_of_lane, of_lane in lanes.items():
        lane, counted = found[names_of_lane]
        _same(counted, of_lane)
        asked = Asked(organization.id, everything.period, from_team=lane.from_team, to_team=lane.to_team)
        accepting, completing = time_to_accept(of_lane, NOW), time_to_complete(of_lane, NOW)
        times = Times(asked, NOW)
        accepted = [times.curve(Measure.ACCEPT, working=working) for working in (True, False)]
        completed = times.curve(Measure.COMPLETE, working=False)
        for share in SHARES:
            exact = quantile(accepting, share)
            assert {each.quantile(float(share)) for each in accepted} == {exact}
            assert completed.quantile(float(share)) == quantile(completing, share)
            _about(rough[lane].curve.quantile(float(share)), exact)
    _same(sums.total(each for _, each in found.values()), offers)


def _lanes(asked: Asked) -> list[tuple[sums.Lane, sums.Sums]]:
    return list(sums.by_lane(asked, NOW).items())


def _same(counted: sums.Sums, of_lane: list[Told]) -> None:
    assert counted.offered == len(of_lane)
    assert counted.accepted == counted.answered == sum(each.how == "accepted" for each in of_lane)
    assert counted.completed == sum(each.completed_at is not None for each in of_lane)
    assert counted.back == sum(each.is_back for each in of_lane)
    offered = sum((each.offered for each in of_lane), ZERO)
    held = sum((each.held for each in of_lane), ZERO)
    assert counted.spent(Phase.OFFERED).lasted == offered
    assert counted.spent(Phase.WAITING).lasted == held
    assert counted.elapsed(working=False) == counted.elapsed(working=True) == offered + held
    if offered + held:
        assert sums.handoff_share(counted) == pytest.approx(1)  # a log does not say when work was begun


def _about(found: timedelta | None, exact: timedelta | None) -> None:
    """What is kept in steps of 2 % is no further off than one of them."""
    if exact is None or found is None:
        assert found is exact
    elif exact > timedelta(seconds=1):
        assert found / exact == pytest.approx(1, abs=0.02)


def figures_agree(name: str, cases: int | None = None) -> None:
    file = real_log(name)
    replayed(file, cases=cases)
    organization = organization_at("harbour")
    assert organization is not None
    with scope(organization):
        assert sum(keeping.catch_up(organization.id, KEPT))
        agree(organization, told(str(file), NOW, cases))


def test_of_the_first_cases(db: None) -> None:
    figures_agree("bpic2013_incidents.xes.gz", 25)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_of_the_whole_smaller_log(db: None) -> None:
    figures_agree("receipt.xes.gz")


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_of_the_whole_larger_log(db: None) -> None:
    figures_agree("bpic2013_incidents.xes.gz")
