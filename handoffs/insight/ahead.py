"""Before and while something is offered: when it will probably be taken, there and elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count

from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.clocks.schedule import Schedule
from handoffs.insight.figures.asked import Asked, Period
from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.forecast import WEEKS, Forecast, Pool, forecast
from handoffs.insight.figures.steps import together
from handoffs.insight.figures.sums import Lane
from handoffs.insight.figures.times import accepting_by_lane
from handoffs.models import Offer
from tenants.models import Organization, Team

ZERO = timedelta()


@dataclass(frozen=True)
class Ahead:
    """When a team will probably take an offer: three instants inside its hours, None for "not seen to happen by then".

    `told` is None where there is not enough history; `opens_at` is when it opens next, or now; `before` is how many
    open offers the team has already.
    """

    team: Team
    told: Forecast | None
    low: datetime | None
    middle: datetime | None
    high: datetime | None
    opens_at: datetime
    before: int


class Looking:
    """Looks ahead from one instant for any of these teams; two statements, two more where a team has no history."""

    def __init__(self, organization: Organization, teams: Collection[Team], at: datetime) -> None:
        self._at = at
        self._everything = Asked(organization.pk, Period.of(at, organization.zone, WEEKS))
        ids = frozenset(team.pk for team in teams)
        self._near = accepting_by_lane(Asked(organization.pk, self._everything.period, to_teams=ids), at)
        waiting = Offer.objects.open().filter(organization_id=organization.pk, to_team_id__in=ids)
        self._before = dict(waiting.values_list("to_team_id").annotate(n=Count("id")).order_by())

    @cached_property
    def _anywhere(self) -> Curve:
        return together(accepting_by_lane(self._everything, self._at).values())

    def to(self, team: Team, from_team: int | None, waiting_since: datetime | None = None) -> Ahead:
        """For an offer from that team, made now, or one that has been open since."""
        schedule = schedule_of(team.calendar)
        waited = working_time.between(schedule, waiting_since, self._at) if waiting_since else ZERO
        told = forecast(lambda pool: self._history(pool, Lane(from_team, team.pk)), waited)
        low, middle, high = (told.low, told.middle, told.high) if told else (None, None, None)
        return Ahead(
            team=team,
            told=told,
            low=self._instant(schedule, low),
            middle=self._instant(schedule, middle),
            high=self._instant(schedule, high),
            opens_at=working_time.next_opening(schedule, self._at),
            before=self._before.get(team.pk, 0) - (1 if waiting_since else 0),
        )

    def _history(self, pool: Pool, lane: Lane) -> Curve:
        if pool is Pool.LANE:
            return self._near[lane].curve if lane in self._near else Curve.of(())
        if pool is Pool.TEAM:
            return together(steps for other, steps in self._near.items() if other.to_team == lane.to_team)
        return self._anywhere

    def _instant(self, schedule: Schedule, time: timedelta | None) -> datetime | None:
        """So much working time from now on, never outside the hours."""
        if time is None:
            return None
        return max(working_time.add(schedule, self._at, time), working_time.next_opening(schedule, self._at))
