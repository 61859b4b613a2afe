"""How long it takes until an offer is viewed, accepted, started, completed, handed on; what is open counts too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet, Sum

from handoffs.insight.figures.asked import Asked
from handoffs.insight.figures.curves import Curve, Step
from handoffs.insight.figures.standing import Gone
from handoffs.insight.figures.sums import Lane
from handoffs.kept.models import LaneTime, LaneWeek, Leg, Measure
from handoffs.kept.writing import GROWTH
from handoffs.lifecycle import OfferState

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
        self._kept: defaultdict[tuple[Measure, bool], list[Step]] = defaultdict(list)
        if not self._is_exact:
            kept = LaneTime.objects.filter(**asked.conditions).values_list("measure", "worked", "step")
            for measure, worked, step, ended, left in kept.annotate(a=Sum("ended"), b=Sum("left")).order_by():
                self._kept[Measure(measure), worked].append(Step(middle(step), ended, left))

    def curve(self, measure: Measure, *, working: bool) -> Curve:
        """How long this took, in working time of the team it was offered to or in raw time."""
        legs = self._legs if self._is_exact else [leg for leg in self._legs if _is_open(leg, measure)]
        seen = _each(legs, measure, self._gone if working else None, self._at)
        steps = (Step(took, int(ended), int(not ended)) for _, took, ended in seen)
        return Curve.of(chain(self._kept[measure, working], steps))


def curves_by_lane(asked: Asked, measure: Measure, at: datetime, *, working: bool) -> dict[Lane, Curve]:
    """The same of each lane, from the steps that are kept; three statements."""
    return {lane: Curve.of(steps) for lane, steps in steps_by_lane(asked, measure, at, working=working).items()}


def middle(step: int) -> timedelta:
    """The time that stands for all in a step: nothing below a second, else no further off than 1 %."""
    return timedelta(seconds=round(GROWTH ** (step - 0.5), 3)) if step else ZERO


def steps_by_lane(asked: Asked, measure: Measure, at: datetime, *, working: bool) -> dict[Lane, list[Step]]:
    """Of each lane what its curve is made of."""
    found: defaultdict[Lane, list[Step]] = defaultdict(list)
    kept = LaneTime.objects.filter(**asked.conditions, measure=measure, worked=working)
    sums = kept.values_list("from_team_id", "to_team_id", "step").annotate(a=Sum("ended"), b=Sum("left")).order_by()
    for from_team, to_team, step, ended, left in sums:
        found[Lane(from_team, to_team)].append(Step(middle(step), ended, left))
    legs = _read(Leg.objects.filter(_open(measure), **asked.conditions).exclude(stands=""))
    for lane, took, _ in _each(legs, measure, _gone(asked, legs, at) if working else None, at):
        found[lane].append(Step(took, 0, 1))
    return dict(found)


def _open(measure: Measure) -> Q:
    """Legs of which it may still happen."""
    if measure is Measure.VIEW:
        return Q(state=OfferState.OPEN, viewed_at=None)
    if measure is Measure.ACCEPT:
        return Q(state=OfferState.OPEN)
    return Q(state=OfferState.ACCEPTED, left_at=None, **{_BETWEEN[measure].end: None})


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


def weekly_medians(asked: Asked, at: datetime) -> list[tuple[date, timedelta | None]]:
    """By when half the offers of each week were accepted, in working time and in order of the weeks.

    From the steps that are kept; None where half have not been.
    """
    found: defaultdict[date, list[Step]] = defaultdict(list)
    kept = LaneTime.objects.filter(**asked.conditions, measure=Measure.ACCEPT, worked=True)
    for week, step, ended, left in kept.values_list("week", "step").annotate(a=Sum("ended"), b=Sum("left")).order_by():
        found[week].append(Step(middle(step), ended, left))
    live = Leg.objects.filter(_open(Measure.ACCEPT), **asked.conditions).exclude(stands="")
    rows = list(live.values_list("week", "to_team_id", "offered_at", "offered_worked"))
    gone = Gone(asked.organization_id, {row[1] for row in rows}, at)
    for week, team, offered_at, worked in rows:
        waited = gone.by(team, offered_at.year) - (worked or ZERO)
        found[week].append(Step(max(waited, ZERO), 0, 1))
    return [(week, Curve.of(found[week]).quantile(0.5)) for week in sorted(found)]
