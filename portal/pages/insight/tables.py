"""The tables behind the pages of insight: by name, made when they are asked for. Times are hours, shares 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from handoffs.insight.figures import sums
from handoffs.insight.figures.returns import returns_by_reason
from handoffs.insight.split import Phase
from handoffs.insight.words import MEASURES
from handoffs.models import Handoff
from portal.pages.insight.returned import reason_in_words
from portal.pages.insight.sheets import Sheet
from portal.pages.spent import PHASES

if TYPE_CHECKING:
    from portal.pages.insight.lane import Figures as LaneFigures
    from portal.pages.insight.overview import Figures, LaneRow

Tables = Mapping[str, Callable[[], Sheet]]
SHARES = (0.5, 0.85, 0.95)


def of_overview(figures: Figures, rows: Sequence[LaneRow]) -> Tables:
    """Lanes in the order in which they are shown, where the time went, and the weeks."""
    return {"lanes": lambda: lanes(rows), "split": lambda: split(figures.total), "weeks": lambda: weeks(figures)}


def of_lane(figures: LaneFigures) -> Tables:
    """How long it takes, its weeks, its median by week, its returns, and what is open."""
    return {
        "times": lambda: times(figures),
        "medians": lambda: medians(figures),
        "weeks": lambda: Sheet(
            "weeks", ["Week of", "Came", "Taken"], [(week.monday, week.came, week.taken) for week in figures.weeks]
        ),
        "returns": lambda: returns(figures),
        "open": lambda: open_offers(figures),
    }


def lanes(rows: Sequence[LaneRow]) -> Sheet:
    """Every lane with its figures."""
    head = ["From and to", "Offered", "Hours between hands", "Half accepted within (h)", "85 % accepted within (h)"]
    head += ["In time", "Returned", "Answered", "Clean", "Questions", "Open past due"]
    return Sheet("lanes", head, [_lane(row) for row in rows])


def _lane(row: LaneRow) -> Sequence[Any]:
    each = row.sums
    half, most = (row.curve.quantile(within) if row.curve else None for within in (0.5, 0.85))
    return [
        row.words,
        each.offered,
        hours(row.waited),
        hours(half),
        hours(most),
        share(sums.on_time_share(each)),
        each.returned,
        each.answered,
        each.accurate,
        each.questions,
        each.overdue,
    ]


def split(total: sums.Sums) -> Sheet:
    """Where the time went."""
    whole = total.elapsed(working=True)
    rows = []
    for phase in Phase:
        spent = total.spent(phase)
        part = share(sums.share(spent.inside, whole))
        rows.append([str(PHASES[phase]), hours(spent.inside), part, hours(spent.outside)])
    return Sheet("split", ["What it waited for", "Working hours (h)", "Share", "Outside of them (h)"], rows)


def weeks(figures: Figures) -> Sheet:
    """What each week's offers came to."""
    rows = [
        [
            *(week, each.offered, share(sums.handoff_share(each)), share(sums.flow_efficiency(each))),
            *(each.returned, each.answered),
        ]
        for week, each in figures.weeks.items()
    ]
    return Sheet("weeks", ["Week of", "Offered", "Waiting between hands", "Worked at", "Returned", "Answered"], rows)


def times(figures: LaneFigures) -> Sheet:
    """Each measure in working and in all hours; a share that was never reached is left empty."""
    rows = [
        [words, clock, *(hours(curve.quantile(within)) for within in SHARES), curve.count, curve.ended]
        for measure, words in MEASURES.items()
        for clock, working in (("Working hours", True), ("All hours", False))
        for curve in [figures.times.curve(measure, working=working)]
    ]
    head = ["What", "Hours", *(f"{within * 100:.0f} % within (h)" for within in SHARES), "Seen", "Happened"]
    return Sheet("times", head, rows)


def medians(figures: LaneFigures) -> Sheet:
    """By when half of each week's offers were accepted, and whether that is more than noise."""
    rows = [[week, hours(found), "More than noise" if real else ""] for week, found, real in figures.medians]
    return Sheet("medians", ["Week of", "Half accepted within (h)", "Signal"], rows)


def returns(figures: LaneFigures) -> Sheet:
    """Why it came back."""
    rows = [
        [reason_in_words(each.code), each.returns, share(each.share), share(each.so_far)]
        for each in returns_by_reason(figures.asked)
    ]
    return Sheet("returns", ["Reason", "Returns", "Share", "Up to here"], rows)


def open_offers(figures: LaneFigures) -> Sheet:
    """What is open now, the longest waiting first."""
    known = Handoff.objects.in_bulk([each.handoff_id for each in figures.waiting])
    rows = [
        [known[each.handoff_id].reference, known[each.handoff_id].title, hours(each.waited), each.is_late]
        for each in figures.waiting
        if each.handoff_id in known
    ]
    return Sheet("open", ["Handoff", "Title", "Has waited (h)", "Past due"], rows)


def hours(lasted: timedelta | None) -> float | None:
    """In hours, to a hundredth."""
    return None if lasted is None else round(lasted / timedelta(hours=1), 2)


def share(part: float | None) -> float | None:
    """To a hundredth of a hundredth."""
    return None if part is None else round(part, 4)
