"""Which team has more coming in than it takes: the last four whole weeks, and what is open now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from handoffs.insight.figures.asked import WEEK, Asked, Period
from handoffs.insight.figures.load import RECENT
from handoffs.kept.models import LaneWeek, Leg
from handoffs.lifecycle import OfferState

TOO_LONG = timedelta(days=7)  # to take what is open, at the pace of those weeks
LATEST = 4 * WEEK  # an offer that was taken in those weeks was made at most so long before them


@dataclass(frozen=True)
class Pressure:
    """Of one team: offers that are open, and offers that came and that were taken in the last four whole weeks."""

    team: int
    open: int
    came: int
    taken: int

    @property
    def utilisation(self) -> float | None:
        """Came ÷ taken: above 1 the queue grows. None where none was taken."""
        return self.came / self.taken if self.taken else None

    @property
    def to_clear(self) -> timedelta | None:
        """How long what is open would take at that pace; None where none was taken."""
        return self.open * RECENT * WEEK / self.taken if self.taken else None

    @property
    def is_overloaded(self) -> bool:
        """More came than was taken, and what is open would take more than a week, or for ever."""
        return self.came > self.taken and self.open > 0 and (self.to_clear is None or self.to_clear > TOO_LONG)


def pressures(asked: Asked, zone: str) -> list[Pressure]:
    """Of every team that has anything open or had anything coming, the one with most open first; three statements.

    The weeks are those before the last one of `asked`, by their Mondays in this zone.
    """
    recent = Period(asked.period.last - RECENT * WEEK, asked.period.last - WEEK)
    since, until = (
        datetime.combine(monday, datetime.min.time(), ZoneInfo(zone))
        for monday in (recent.first or recent.last, asked.period.last)
    )
    came = LaneWeek.objects.filter(**asked.in_period(recent).conditions)
    of_then = asked.in_period(Period(asked.period.last - RECENT * WEEK - LATEST, asked.period.last))
    taken = Leg.objects.filter(
        **of_then.conditions, state=OfferState.ACCEPTED, closed_at__gte=since, closed_at__lt=until
    )
    ever = asked.in_period(Period(None, asked.period.last))
    live = Leg.objects.filter(**ever.conditions, state=OfferState.OPEN).exclude(stands="")
    counted = [
        _by_team(came.values_list("to_team_id").annotate(n=Sum("offered")).order_by()),
        _by_team(taken.values_list("to_team_id").annotate(n=Count("id")).order_by()),
        _by_team(live.values_list("to_team_id").annotate(n=Count("id")).order_by()),
    ]
    came_by, taken_by, open_by = counted
    found = [
        Pressure(team, open_by.get(team, 0), came_by.get(team, 0), taken_by.get(team, 0))
        for team in {*came_by, *taken_by, *open_by}
    ]
    return sorted(found, key=lambda each: (-each.open, -each.came, each.team))


def _by_team(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    return {team: number for team, number in rows if number}
