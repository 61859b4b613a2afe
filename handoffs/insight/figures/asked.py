"""What a figure is asked about: which weeks of which lanes."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from handoffs.insight.legs import week_of

WEEK = timedelta(weeks=1)
USUAL = 13  # weeks, a quarter of a year
PERIODS = (4, USUAL, 26, 52)


@dataclass(frozen=True)
class Period:
    """Whole weeks in the organization's zone, by the week of the offer; the last one is the running week.

    `first` and `last` are their Mondays; no `first` means everything up to `last`.
    """

    first: date | None
    last: date

    @classmethod
    def of(cls, at: datetime, zone: str, weeks: int | None = USUAL) -> Self:
        """So many weeks that end with the week of this instant; None for all that there ever was."""
        last = week_of(at, ZoneInfo(zone))
        return cls(last - WEEK * (weeks - 1) if weeks else None, last)

    def before(self) -> "Period | None":
        """As many weeks just before; nothing lies before everything."""
        if self.first is None:
            return None
        return Period(self.first - (self.last - self.first) - WEEK, self.first - WEEK)

    def both(self) -> "Period":
        """This one and the one before as one."""
        before = self.before()
        return Period(before.first if before else None, self.last)

    def holds(self, week: date) -> bool:
        """Whether the week that begins on this Monday lies within."""
        return (self.first is None or self.first <= week) and week <= self.last


@dataclass(frozen=True)
class Asked:
    """Which legs a figure counts. `workspaces` are those its reader may see into, None for all of them.

    `from_team` 0 is who sends without a team.
    """

    organization_id: UUID
    period: Period
    workspaces: Collection[int] | None = None
    workspace: int | None = None
    template: int | None = None
    flow: int | None = None
    from_team: int | None = None
    to_team: int | None = None
    to_teams: Collection[int] | None = None

    def in_period(self, period: Period) -> "Asked":
        """The same of other weeks."""
        return replace(self, period=period)

    @property
    def conditions(self) -> dict[str, Any]:
        """As the querysets of legs and of what is counted of them want it."""
        named = {
            "workspace_id": self.workspace,
            "template_id": self.template,
            "flow_id": self.flow,
            "from_team_id": self.from_team,
            "to_team_id": self.to_team,
        }
        found: dict[str, Any] = {name: id for name, id in named.items() if id}
        if self.from_team == 0:
            found["from_team_id"] = None
        if self.workspaces is not None:
            found["workspace_id__in"] = sorted(self.workspaces)
        if self.to_teams is not None:
            found["to_team_id__in"] = sorted(self.to_teams)
        if self.period.first is not None:
            found["week__gte"] = self.period.first
        return {"organization_id": self.organization_id, "week__lte": self.period.last, **found}
