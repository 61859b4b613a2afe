"""How long it takes until an offer is viewed, accepted, started, completed, handed on; what is open counts too."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Count, Q, QuerySet, SmallIntegerField, Sum
from django.db.models.expressions import RawSQL

from handoffs.insight.figures.asked import WEEK, Asked
from handoffs.insight.figures.curves import Curve, Step
from handoffs.insight.figures.standing import Gone
from handoffs.insight.figures.steps import Steps
from handoffs.insight.figures.sums import Lane
from handoffs.kept.models import LaneStanding, LaneTime, LaneWeek, Leg, Measure
from handoffs.kept.writing import step_of
from handoffs.lifecycle import OfferState

# How long an open offer has waited in the hours of who it was offered to; what had gone of each year by now is given.
_WAITED = """((%s::jsonb ->> concat(to_team_id, ' ', extract(year FROM offered_at AT TIME ZONE 'UTC')))::float8
              * interval '1 second' - offered_worked)"""
A_DAY = timedelta(days=1)
EXACT = 10_000  # legs up to which each is looked at; of more, what is kept in steps of 2 % is read
ZERO = timedelta()

LegRead = Mapping[str, Any]  # what is read of a leg, by name


@dataclass(frozen=True)
class _Between:
    """What a measure lies between: names of instants of a leg, and of the working times up to its end."""

    start: str
    end: str
    otherwise: str  # when it no longer could
    worked: str
    otherwise_worked: str


_BETWEEN: Mapping[Measure, _Between] = {
    Measure.VIEW: _Between("offered_at", "viewed_at", "closed_at", "viewed_worked", "closed_worked"),
    Measure.ACCEPT: _Between("offered_at", "closed_at", "closed_at", "closed_worked", "closed_worked"),
    Measure.START: _Between("closed_at", "started_at", "left_at", "started_worked", "left_worked"),
    Measure.COMPLETE: _Between("closed_at", "completed_at", "left_at", "completed_worked", "left_worked"),
    Measure.HAND: _Between("closed_at", "left_at", "left_at", "left_worked", "left_worked"),
}
_NAMES = sorted({name for between in _BETWEEN.values() for name in astuple(between)})


class Times:
    """How long everything took on the lanes asked for, read once: four statements at most.

    Exact up to 10,000 legs; of more, each time is told as the middle of a step of 2 %. Of one person's legs (`whose`)
    nothing is kept in steps: the newest 10,000 are told of.
    """

    def __init__(self, asked: Asked, at: datetime, whose: Q | None = None) -> None:
        self._at = at
        legs = Leg.objects.filter(**asked.conditions)
        if whose is not None:
            self._is_exact = True
            legs = legs.filter(whose).order_by("-week", "-id")[:EXACT]
        else:
            offered = LaneWeek.objects.filter(**asked.conditions).aggregate(n=Sum("offered"))["n"] or 0
            self._is_exact = offered <= EXACT
        self._legs = _read(legs if self._is_exact else legs.exclude(stands=""))
        self._gone = _gone(asked, self._legs, at)
        self._kept: defaultdict[tuple[Measure, bool], Steps] = defaultdict(Steps)
        if not self._is_exact:
            kept = LaneTime.objects.filter(**asked.conditions).values_list(
                "measure", "worked", "steps", "ended", "left"
            )
            for measure, worked, *counted in kept:
                self._kept[Measure(measure), worked].add(*counted)

    def curve(self, measure: Measure, *, working: bool) -> Curve:
        """How long this took, in working time of the team it was offered to or in raw time."""
        legs = self._legs if self._is_exact else [leg for leg in self._legs if _is_open(leg, measure)]
        seen = _each(legs, measure, self._gone if working else None, self._at)
        steps = (Step(took, int(ended), int(not ended)) for _, took, ended in seen)
        return Curve.of(chain(self._kept[measure, working], steps))


def accepting_by_lane(asked: Asked, at: datetime) -> dict[Lane, Steps]:
    """How long it took until offers of each lane were accepted, in working time; four statements."""
    return {Lane(*key): steps for key, steps in _accepting(asked, at, "from_team_id", "to_team_id").items()}


def weekly_medians(asked: Asked, at: datetime) -> list[tuple[date, timedelta | None]]:
    """By when half the offers of each week were accepted, in working time and in order of the weeks.

    None where half have not been. Four statements.
    """
    weeks = sorted(_accepting(asked, at, "week").items())
    return [(week, steps.curve.quantile(0.5)) for (week,), steps in weeks]


def _accepting(asked: Asked, at: datetime, *by: str) -> dict[tuple[Any, ...], Steps]:
    found: defaultdict[tuple[Any, ...], Steps] = defaultdict(Steps)
    kept = LaneTime.objects.filter(**asked.conditions, measure=Measure.ACCEPT, worked=True)
    for *key, steps, ended, left in kept.values_list(*by, "steps", "ended", "left"):
        found[tuple(key)].add(steps, ended, left)
    for *key, step, number in _waiting(asked, at, *by):
        found[tuple(key)].add_waiting(step, number)
    return dict(found)


def _waiting(asked: Asked, at: datetime, *by: str) -> list[tuple[Any, ...]]:
    """What is open by these columns, by the step that tells how long it has waited, and its number."""
    lives = LaneStanding.objects.filter(**asked.conditions).values_list("to_team_id", "week").distinct().order_by()
    years = {(team, day.year) for team, week in lives for day in (week - A_DAY, week + WEEK)}
    gone = Gone(asked.organization_id, {team for team, _ in years}, at)
    seconds = {f"{team} {year}": gone.by(team, year).total_seconds() for team, year in years}
    step = RawSQL(step_of(_WAITED), [json.dumps(seconds)] * 2, SmallIntegerField())
    open_now = Leg.objects.filter(**asked.conditions, state=OfferState.OPEN).exclude(stands="")
    return list(open_now.annotate(step=step).values_list(*by, "step").annotate(number=Count("id")).order_by())


def _is_open(leg: LegRead, measure: Measure) -> bool:
    """The same of one that was read."""
    if measure in (Measure.VIEW, Measure.ACCEPT):
        return leg["state"] == OfferState.OPEN and (measure is Measure.ACCEPT or leg["viewed_at"] is None)
    return leg["state"] == OfferState.ACCEPTED and leg["left_at"] is None and leg[_BETWEEN[measure].end] is None


def _read(legs: QuerySet[Leg]) -> list[LegRead]:
    return list(legs.values("from_team_id", "to_team_id", "state", "offered_worked", *_NAMES))


def _gone(asked: Asked, legs: Iterable[LegRead], at: datetime) -> Gone:
    return Gone(asked.organization_id, {leg["to_team_id"] for leg in legs if leg["offered_worked"] is not None}, at)


def _each(
    legs: Iterable[LegRead], measure: Measure, gone: Gone | None, at: datetime
) -> Iterator[tuple[Lane, timedelta, bool]]:
    """The lane of each leg, how long it took or has been waiting, and whether it happened; raw time without `gone`."""
    between = _BETWEEN[measure]
    for leg in legs:
        state, end, otherwise = leg["state"], leg[between.end], leg[between.otherwise]
        if state != OfferState.ACCEPTED and measure not in (Measure.VIEW, Measure.ACCEPT):
            continue
        ended = end is not None and (measure is not Measure.ACCEPT or state == OfferState.ACCEPTED)
        took: Any
        if gone is None:
            took = (end or otherwise or at) - leg[between.start]
        elif end is not None or otherwise is not None:
            took = leg[between.worked if end is not None else between.otherwise_worked]
        elif leg["offered_worked"] is None:  # no longer its handoff's last one, and nothing came of it
            continue
        else:
            took = gone.by(leg["to_team_id"], leg["offered_at"].astimezone(UTC).year) - leg["offered_worked"]
            took -= leg["closed_worked"] or ZERO
        yield Lane(leg["from_team_id"], leg["to_team_id"]), max(took, ZERO), ended
