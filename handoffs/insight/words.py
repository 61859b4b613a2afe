"""What figures are called and how they are said."""

from collections.abc import Mapping
from datetime import timedelta

from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.sums import Lane
from handoffs.kept.models import Measure

NOBODY = "No team"
MEASURES: Mapping[Measure, str] = {
    Measure.VIEW: "Time to view",
    Measure.ACCEPT: "Time to accept",
    Measure.START: "Time to start",
    Measure.COMPLETE: "Time to complete",
    Measure.HAND: "Time in hand",
}


def percent(share: float | None) -> str:
    """ "62 %", with one digit after the point where it is small; a dash where there is nothing to say."""
    if share is None:
        return "–"
    return f"{share * 100:.1f} %" if 0 < share < 0.1 else f"{share * 100:.0f} %"


def roughly(lasted: timedelta | None) -> str:
    """A time to compare: "24 m", "3.4 h", "310 h"; a dash where there is none."""
    if lasted is None:
        return "–"
    hours = lasted / timedelta(hours=1)
    if hours < 1:
        return f"{round(hours * 60)} m"
    return f"{hours:.1f} h" if hours < 10 else f"{hours:,.0f} h"


def by_when(curve: Curve | None, share: float) -> str:
    """By when this share of a lane has happened; what was never seen to happen is said as such."""
    if curve is None or not curve.ended:
        return "–"
    found = curve.quantile(share)
    return f"over {roughly(curve.steps[-1].took)}" if found is None else roughly(found)


def points_moved(now: float | None, before: float | None) -> str:
    """As in "3 points more than before"; nothing where there is nothing to compare."""
    if now is None or before is None:
        return ""
    moved = round(now * 100) - round(before * 100)
    if not moved:
        return "as before"
    return f"{abs(moved)} {'point' if abs(moved) == 1 else 'points'} {'more' if moved > 0 else 'less'} than before"


def lane_in_words(lane: Lane, names: Mapping[int, str]) -> str:
    """ "Sales → Onboarding"."""
    return f"{names.get(lane.from_team or 0, NOBODY)} → {names.get(lane.to_team, NOBODY)}"
