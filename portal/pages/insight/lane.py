"""One lane: how long it takes, whether that moves, what comes back and why, and what lies open in it now."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dateformat import format as format_date

from handoffs.insight.figures import load, sums
from handoffs.insight.figures.asked import Asked
from handoffs.insight.figures.control import Limits, limits, signals
from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.sums import Lane, is_known
from handoffs.insight.figures.times import Times, weekly_medians
from handoffs.insight.words import MEASURES, by_when, lane_in_words, percent, roughly
from handoffs.kept.models import Measure
from handoffs.models import Handoff
from portal.pages.base import Page
from portal.pages.insight import charts, tables
from portal.pages.insight.asking import Asking
from portal.pages.insight.returned import pareto
from portal.pages.insight.sheets import sheet_response
from portal.pages.insight.tables import SHARES
from tenants.models import Role, Team

HOUR = timedelta(hours=1)
LISTED = 10  # open offers by name


class Figures:
    """What the page says of one lane, read once."""

    def __init__(self, asking: Asking, lane: Lane, names: dict[int, str], at: datetime) -> None:
        self.asking, self.lane, self.at = asking, lane, at
        self.asked: Asked = asking.asked
        self.words = lane_in_words(lane, names)
        self.sums = sums.total(sums.by_lane(self.asked, at).values())
        self.times = Times(self.asked, at)
        self.accepting = self.times.curve(Measure.ACCEPT, working=True)
        self.waiting = load.waiting(self.asked, at)
        self.open_now = load.open_now(self.asked)
        self.weeks = load.weeks(self.asked, asking.zone)
        titles = Handoff.objects.in_bulk([each.handoff_id for each in self.waiting[:LISTED]])
        shown = [each for each in self.waiting[:LISTED] if each.handoff_id in titles]
        self.longest = [(titles[each.handoff_id], roughly(each.waited), each.is_late) for each in shown]

    def measures(self) -> list[tuple[str, list[str], list[str]]]:
        """Each measure: what it is called, its shares in working time, and in raw time."""
        found = []
        for measure, words in MEASURES.items():
            worked, raw = (_shares(self.times.curve(measure, working=working)) for working in (True, False))
            found.append((words, worked, raw))
        return found

    def facts(self) -> list[tuple[str, str, str]]:
        """(what, how much, beside)."""
        each = self.sums
        days = load.days_to_clear(self.open_now, self.weeks)
        pace = "nothing was taken lately" if days is None else f"{days:.0f} days at the pace of four weeks"
        return [
            ("Offered", str(each.offered), f"{each.accepted} accepted, {each.completed} completed"),
            ("Open now", str(self.open_now), pace if self.open_now else ""),
            ("Answered in time", percent(sums.on_time_share(each)), f"{each.overdue} open past due"),
            ("Clean at first sight", percent(sums.accurate_share(each)), f"of {each.answered} answered"),
            ("Came back", percent(sums.returned_share(each)), f"{each.returned} of {each.answered}"),
            ("Between hands", roughly(each.between(working=True)), percent(sums.handoff_share(each)) + " of its time"),
        ]

    def aging(self) -> charts.Chart:
        """What waits now, by how long it has, against the shares of the lane."""
        dots = [
            charts.Value("", each.waited.total_seconds(), roughly(each.waited), "late" if each.is_late else "")
            for each in self.waiting
        ]
        marked = [
            (found.total_seconds(), f"{share * 100:.0f} %")
            for share in SHARES
            if self.accepting.is_enough and (found := self.accepting.quantile(share)) is not None
        ]
        return charts.strip("How long what is open has waited", dots, marked)

    @cached_property
    def _halves(self) -> list[tuple[date, timedelta]]:
        return [(week, found) for week, found in weekly_medians(self.asked, self.at) if found]

    @cached_property
    def within(self) -> Limits | None:
        """Between what, in hours, the median of a week moves by itself; None of too few weeks."""
        return limits([found / HOUR for _, found in self._halves], skewed=True)

    @cached_property
    def medians(self) -> list[tuple[date, timedelta, bool]]:
        """The median time to accept of each week in which half were accepted, and whether it is more than noise."""
        real = signals([found / HOUR for _, found in self._halves], self.within) if self.within else set()
        return [(week, found, n in real) for n, (week, found) in enumerate(self._halves)]

    def control(self) -> dict[str, Any] | None:
        """The median time to accept week by week, within its limits; None of too few weeks."""
        medians, within = self.medians, self.within
        if within is None:
            return None
        values = [
            charts.Value(_day(week), found / HOUR, f"Week of {_day(week)}: {roughly(found)}", "real" if is_real else "")
            for week, found, is_real in medians
        ]
        across = [(within.upper, "", "limit"), (within.centre, "", "centre"), (within.lower, "", "limit")]
        return {
            "chart": charts.points("Median time to accept, by week of the offer", values, across, " h"),
            "rows": [
                (value.label, roughly(found), value.kind) for value, (_, found, _) in zip(values, medians, strict=True)
            ],
            "within": [roughly(timedelta(hours=each)) for each in within],
            "real": sum(is_real for _, _, is_real in medians),
        }

    def flow(self) -> dict[str, Any]:
        """What came and what was taken, week by week."""
        came = [charts.Value(_day(w.monday), w.came, f"Week of {_day(w.monday)}: {w.came} came") for w in self.weeks]
        taken = [
            charts.Value(_day(w.monday), w.taken, f"Week of {_day(w.monday)}: {w.taken} taken") for w in self.weeks
        ]
        top = max([1, *(w.came for w in self.weeks), *(w.taken for w in self.weeks)])
        return {
            "came": charts.columns("Offers that came, by week", came, top=top),
            "taken": charts.columns("Offers that were accepted, by week", taken, top=top),
            "rows": [(_day(week.monday), week.came, week.taken) for week in self.weeks],
        }

    def returns(self) -> list[dict[str, Any]]:
        """Why it came back."""
        return pareto(self.asked)


class LanePage(Page):
    """The page of "from-to", the ids of two teams; 0 for who sends without a team. `sheet=weeks.csv` brings a table."""

    template = "insight/lane.html"

    def get(self, request: HttpRequest, lane: str) -> HttpResponse:
        """404 for teams that this organization does not have."""
        found, names = self._lane(lane)
        asking = Asking(self.member, request.GET, self.now)
        asking.asked = replace(asking.asked, from_team=found.from_team or 0, to_team=found.to_team)
        if self.member.role == Role.CLIENT and not is_known(asking.asked):
            raise Http404  # nor are they told what teams there are
        figures = Figures(asking, found, names, self.now)
        if taken := sheet_response(request.GET.get("sheet", ""), tables.of_lane(figures)):
            return taken
        shown = [each for each in asking.filters() if each.name not in ("from_team", "to_team")]
        return self.show(
            asking=asking,
            figures=figures,
            filters=shown,
            taken=asking.address(),
            back=asking.address(),
        )

    def _lane(self, text: str) -> tuple[Lane, dict[int, str]]:
        match = re.fullmatch(r"(\d{1,18})-(\d{1,18})", text, re.ASCII)
        if not match:
            raise Http404
        from_team, to_team = int(match[1]) or None, int(match[2])
        wanted = {id for id in (from_team, to_team) if id}
        teams = Team.objects.filter(organization_id=self.member.organization_id, id__in=wanted)
        names = dict(teams.values_list("id", "name"))
        if set(names) != wanted or not to_team:
            raise Http404
        return Lane(from_team, to_team), names


def _shares(found: Curve) -> list[str]:
    return [by_when(found, share) for share in SHARES]


def _day(day: Any) -> str:
    return format_date(day, "j M")
