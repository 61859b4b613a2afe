"""What still lives: the time that goes by while nobody writes anything, told without touching a row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractYear

from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.insight.figures.asked import Asked
from handoffs.insight.split import Phase
from handoffs.kept.models import Leg
from handoffs.lifecycle import OfferState
from tenants.models import Team

ZERO = timedelta()


@dataclass(frozen=True)
class Standing:
    """Legs of one lane's week that stand in one phase: how many, how many past due, how long since they were kept."""

    week: date
    from_team: int | None
    to_team: int
    phase: Phase
    count: int
    overdue: int
    inside: timedelta
    outside: timedelta


def standing(asked: Asked, at: datetime) -> list[Standing]:
    """By lane, week and phase; one statement, and one for the hours of the teams they stand with."""
    late = Q(state=OfferState.OPEN, due_at__lt=at)
    rows = list(
        Leg.objects.filter(**asked.conditions)
        .exclude(stands="")
        .values("week", "from_team_id", "to_team_id", "stands", "stands_team_id")
        .annotate(
            year=ExtractYear("kept_at", tzinfo=UTC),
            count=Count("id"),
            overdue=Count("id", filter=late),
            raw=Sum(at - F("kept_at")),
            stood=Sum("stood_worked"),
        )
        .order_by()
    )
    gone = Gone(asked.organization_id, {row["stands_team_id"] for row in rows}, at)
    return [_standing(row, gone) for row in rows]


def _standing(row: Mapping[str, Any], gone: "Gone") -> Standing:
    raw = max(row["raw"], ZERO)
    since = gone.by(row["stands_team_id"], row["year"]) * row["count"]
    inside = min(max(since - row["stood"], ZERO), raw)
    return Standing(
        week=row["week"],
        from_team=row["from_team_id"],
        to_team=row["to_team_id"],
        phase=Phase(row["stands"]),
        count=row["count"],
        overdue=row["overdue"],
        inside=inside,
        outside=raw - inside,
    )


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
