"""What still lives: the time that goes by while nobody writes anything, told without touching a row."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.insight.figures.asked import Asked
from handoffs.insight.split import Phase
from handoffs.kept.models import LaneStanding, Leg
from handoffs.lifecycle import OfferState
from tenants.models import Team

ZERO = timedelta()


@dataclass(frozen=True)
class Standing:
    """Legs of one lane's week, or of as many as were asked for together, that stand in one phase.

    `by` is what they were asked for by; how many there are, and how long since they were kept.
    """

    by: tuple[Any, ...]
    phase: Phase
    count: int
    inside: timedelta
    outside: timedelta


def standing(asked: Asked, at: datetime, *by: str) -> list[Standing]:
    """By these columns and the phase; one statement, and one for the hours of the teams they stand with."""
    rows = list(
        LaneStanding.objects.filter(**asked.conditions)
        .values_list(*by, "stands", "stands_team_id", "year")
        .annotate(number=Sum("count"), kept=Sum("since"), worked=Sum("stood"))
        .order_by()
    )
    gone = Gone(asked.organization_id, {row[-5] for row in rows}, at)
    return [_standing(row, gone, at) for row in rows]


def _standing(row: tuple[Any, ...], gone: "Gone", at: datetime) -> Standing:
    *by, stands, team, year, count, kept, worked = row
    raw = max((at - datetime(year, 1, 1, tzinfo=UTC)) * count - kept, ZERO)
    inside = min(max(gone.by(team, year) * count - worked, ZERO), raw)
    return Standing(by=tuple(by), phase=Phase(stands), count=count, inside=inside, outside=raw - inside)


def past_due(asked: Asked, at: datetime, *by: str) -> list[tuple[Any, ...]]:
    """What is open past due by these columns, each with its number at the end; one statement."""
    late = Leg.objects.filter(**asked.conditions, state=OfferState.OPEN, due_at__lt=at).exclude(stands="")
    return list(late.values_list(*by).annotate(number=Count("id")).order_by())


class Gone:
    """How much working time of a year had gone by an instant in the hours of each of these teams, or all time."""

    def __init__(self, organization_id: UUID, teams: Collection[int | None], at: datetime) -> None:
        found = Team.objects.filter(organization_id=organization_id, id__in=[id for id in teams if id])
        self._schedules = {team.pk: schedule_of(team.calendar) for team in found.select_related("calendar")}
        self._at = at
        self._known: dict[tuple[int | None, int], timedelta] = {}

    def by(self, team: int | None, year: int) -> timedelta:
        """From the beginning of that year, in UTC, to the instant; the years between count whole."""
        if (team, year) not in self._known:
            start = datetime(year, 1, 1, tzinfo=UTC)
            schedule = self._schedules.get(team) if team else None
            lasted = working_time.between(schedule, start, self._at) if schedule else self._at - start
            self._known[team, year] = lasted
        return self._known[team, year]
