"""Counts and times of lanes, and the shares that follow from them. Times add up: see `handoffs.insight.split`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, overload

from django.db.models import Sum

from handoffs.insight.figures.asked import Asked, Period
from handoffs.insight.figures.standing import Standing, past_due, standing
from handoffs.insight.split import Phase
from handoffs.kept.models import LaneWeek, Split

COUNTS = (
    *("offered", "answered", "accepted", "returned", "back", "completed"),
    *("in_time", "late", "questioned", "questions", "accurate"),
)
TIMES = tuple(each.name for each in Split._meta.get_fields())
# What lies between hands: nobody works at it, and it is not set aside for something outside either.
BETWEEN = (Phase.OFFERED, Phase.QUESTIONED, Phase.WAITING, Phase.MENDING)
ZERO = timedelta()


class Lane(NamedTuple):
    """From one team to another, by their ids; who sends without a team has none."""

    from_team: int | None
    to_team: int


class Spent(NamedTuple):
    """Time inside and outside the hours of the side it waited for."""

    inside: timedelta
    outside: timedelta

    @property
    def lasted(self) -> timedelta:
        """Raw time."""
        return self.inside + self.outside


@dataclass
class Sums:
    """What was offered, how it went, and where its time has gone up to now, what still stands included."""

    offered: int = 0
    answered: int = 0
    accepted: int = 0
    returned: int = 0
    back: int = 0
    completed: int = 0
    in_time: int = 0
    late: int = 0
    questioned: int = 0
    questions: int = 0
    accurate: int = 0
    overdue: int = 0  # still open, past due
    standing: int = 0  # still live
    times: defaultdict[str, timedelta] = field(default_factory=lambda: defaultdict(timedelta))

    def add(self, row: Mapping[str, Any]) -> None:
        """Adds what was counted of one lane or week."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + row[name])
        for name in TIMES:
            self.times[name] += row[name]

    def add_standing(self, stands: Standing) -> None:
        """Adds the time that has gone by since it was counted."""
        self.standing += stands.count
        self.times[f"{stands.phase}_inside"] += stands.inside
        self.times[f"{stands.phase}_outside"] += stands.outside

    def merge(self, other: "Sums") -> None:
        """Adds all of another."""
        for name in (*COUNTS, "overdue", "standing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name, lasted in other.times.items():
            self.times[name] += lasted

    def spent(self, phase: Phase) -> Spent:
        """The time in one phase."""
        return Spent(self.times[f"{phase}_inside"], self.times[f"{phase}_outside"])

    def elapsed(self, *, working: bool) -> timedelta:
        """All the time from offers to ends: in the hours of whoever it waited for, or raw."""
        return self._of(Phase, working)

    def between(self, *, working: bool) -> timedelta:
        """The time between hands."""
        return self._of(BETWEEN, working)

    def _of(self, phases: Iterable[Phase], working: bool) -> timedelta:
        spent = [self.spent(phase) for phase in phases]
        return sum((each.inside if working else each.lasted for each in spent), ZERO)


def flow_efficiency(sums: Sums, *, working: bool = True) -> float | None:
    """Working ÷ elapsed, 0 to 1; None where no time has gone by."""
    spent = sums.spent(Phase.WORKING)
    return share(spent.inside if working else spent.lasted, sums.elapsed(working=working))


def handoff_share(sums: Sums, *, working: bool = True) -> float | None:
    """Time between hands ÷ elapsed, 0 to 1; None where no time has gone by."""
    return share(sums.between(working=working), sums.elapsed(working=working))


def on_time_share(sums: Sums) -> float | None:
    """Answered by when it was due ÷ those and all that were not, what is still open past its due time included."""
    return share(sums.in_time, sums.in_time + sums.late + sums.overdue)


def accurate_share(sums: Sums) -> float | None:
    """%C&A: accepted with no question, correction or return ÷ accepted or returned."""
    return share(sums.accurate, sums.answered)


def returned_share(sums: Sums) -> float | None:
    """Returned, or accepted and handed back ÷ accepted or returned."""
    return share(sums.returned, sums.answered)


def back_share(sums: Sums) -> float | None:
    """Ping-pong: offered to the team that had it before the giver's ÷ offered."""
    return share(sums.back, sums.offered)


def questions_per_hundred(sums: Sums) -> float | None:
    """Questions asked for every hundred offers."""
    asked = share(sums.questions, sums.offered)
    return None if asked is None else asked * 100


@overload
def share(part: timedelta, whole: timedelta) -> float | None: ...
@overload
def share(part: float, whole: float) -> float | None: ...
def share(part: Any, whole: Any) -> float | None:
    """Part ÷ whole; None of nothing."""
    return part / whole if whole else None


def by_lane(asked: Asked, at: datetime) -> dict[Lane, Sums]:
    """The sums of each lane; four statements."""
    return {Lane(*key): sums for key, sums in _by(asked, at, "from_team_id", "to_team_id").items()}


def by_week(asked: Asked, at: datetime) -> dict[date, Sums]:
    """The sums of each week of offers, in order; a week without any is not there. Three statements.

    What is open past due is not counted: nobody asks for it by week, and it is looked for among all that is open.
    """
    return {key[0]: sums for key, sums in sorted(_by(asked, at, "week", late=False).items())}


def by_column(asked: Asked, at: datetime, column: str) -> dict[int | None, Sums]:
    """The sums by workspace_id, template_id, flow_id or to_team_id; four statements."""
    return {key[0]: sums for key, sums in _by(asked, at, column).items()}


def _by(asked: Asked, at: datetime, *by: str, late: bool = True) -> dict[tuple[Any, ...], Sums]:
    found: defaultdict[tuple[Any, ...], Sums] = defaultdict(Sums)
    counted = LaneWeek.objects.filter(**asked.conditions).values(*by)
    for row in counted.annotate(**{name: Sum(name) for name in (*COUNTS, *TIMES)}).order_by():
        found[tuple(row[name] for name in by)].add(row)
    for stands in standing(asked, at, *by):
        found[stands.by].add_standing(stands)
    for *key, number in past_due(asked, at, *by) if late else ():
        found[tuple(key)].overdue += number
    return dict(found)


def is_known(asked: Asked) -> bool:
    """Whether anything was ever offered there."""
    ever = asked.in_period(Period(None, asked.period.last))
    return LaneWeek.objects.filter(**ever.conditions).exists()


def total(parts: Iterable[Sums]) -> Sums:
    """All of them together."""
    whole = Sums()
    for part in parts:
        whole.merge(part)
    return whole
