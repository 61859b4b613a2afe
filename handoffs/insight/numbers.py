"""The few numbers that say how handing over goes: each with its name, its words, and what is beside it."""

from dataclasses import dataclass

from handoffs.insight.figures import sums
from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.sums import Sums
from handoffs.insight.split import Phase
from handoffs.insight.words import by_when, percent, points_moved, roughly


@dataclass(frozen=True)
class Number:
    """A figure in words; `term` is where the page defines it."""

    label: str
    value: str
    beside: str = ""
    term: str = ""


def the_two(now: Sums, before: Sums | None) -> list[Number]:
    """How much of all time lay between hands, and in how much of it somebody worked."""
    told = (
        ("Waiting between hands", sums.handoff_share, "handoff-share"),
        ("Worked at", sums.flow_efficiency, "flow-efficiency"),
    )
    found = []
    for label, figure, term in told:
        moved = points_moved(figure(now), figure(before)) if before else ""
        raw = f"{percent(figure(now, working=False))} of all hours"
        found.append(Number(label, percent(figure(now)), ", ".join(filter(None, [raw, moved])), term))
    return found


def others(now: Sums, accepting: Curve) -> list[Number]:
    """What else a lead asks for; `accepting` is the time to accept of all of them."""
    per_hundred = sums.questions_per_hundred(now)
    asked = "–" if per_hundred is None else f"{per_hundred:.0f}"
    most = f"85 % by {by_when(accepting, 0.85)}"
    return [
        Number("Time to accept", by_when(accepting, 0.5), most, "time-to-accept"),
        Number("Answered in time", percent(sums.on_time_share(now)), f"{now.overdue} open past due", "on-time"),
        Number("Clean at first sight", percent(sums.accurate_share(now)), f"of {now.answered} answered", "clean"),
        Number("Came back", percent(sums.returned_share(now)), f"{now.returned} of {now.answered}", "returned"),
        Number("Sent back and forth", percent(sums.back_share(now)), f"{now.back} of {now.offered}", "ping-pong"),
        Number("Questions per hundred", asked, f"cost {roughly(now.spent(Phase.QUESTIONED).inside)}", "questions"),
    ]
