"""Where work waits in an organization: two numbers, where the time went, which lane costs most, and how it moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateformat import format as format_date

from handoffs.insight.figures import sums
from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.sides import sides
from handoffs.insight.figures.steps import together
from handoffs.insight.figures.sums import Lane, Sums
from handoffs.insight.figures.times import accepting_by_lane
from handoffs.insight.numbers import Number, others, the_two
from handoffs.insight.split import Phase
from handoffs.insight.words import by_when, lane_in_words, percent, roughly
from portal.pages.base import Page
from portal.pages.insight import charts, tables
from portal.pages.insight.asking import Asking
from portal.pages.insight.network import SLOW, Handing, Network, network
from portal.pages.insight.sheets import sheet_response
from portal.pages.insight.views import tabs
from portal.pages.spent import PHASES
from tenants.models import Team

ORDERS = {"waiting": "Hours between hands", "slow": "Slowest to accept", "returns": "Most returns"}
SHOWN = 15  # lanes of the page; the sheet has all of them
NAMED = 3  # clients of the bar that says whose turn it was
FEW = 10  # answered offers below which a lane's share of returns says little


@dataclass(frozen=True)
class LaneRow:
    """One lane of the table."""

    lane: Lane
    words: str
    url: str
    sums: Sums
    curve: Curve | None
    share: float  # of all time between hands

    @property
    def waited(self) -> timedelta:
        """Working time between hands."""
        return self.sums.between(working=True)

    @property
    def width(self) -> int:
        """Of its bar, in hundredths."""
        return round(self.share * 100)

    @property
    def cells(self) -> list[str]:
        """As the table says them."""
        return [
            str(self.sums.offered),
            roughly(self.waited),
            by_when(self.curve, 0.5),
            by_when(self.curve, 0.85),
            percent(sums.on_time_share(self.sums)),
            percent(sums.returned_share(self.sums)),
        ]


class Figures:
    """What the page says, read once."""

    def __init__(self, asking: Asking, at: Any) -> None:
        self.asking, asked = asking, asking.asked
        self.lanes = sums.by_lane(asked, at)
        self.total = sums.total(self.lanes.values())
        self.accepting = accepting_by_lane(asked, at)
        self.everything = together(self.accepting.values())
        both = sums.by_week(asked.in_period(asked.period.both()), at)
        self.weeks = {week: each for week, each in both.items() if asked.period.holds(week)}
        before = [each for week, each in both.items() if not asked.period.holds(week)]
        self.before = sums.total(before) if before else None
        ids = {id for lane in self.lanes for id in lane if id}
        teams = Team.objects.filter(organization_id=asked.organization_id, id__in=ids).only("id", "name", "kind")
        self.names: Mapping[int, str] = {team.pk: team.name for team in teams}
        self.clients = {team.pk for team in teams if team.is_client}

    def numbers(self) -> list[Number]:
        """The two."""
        return the_two(self.total, self.before)

    def others(self) -> list[Number]:
        """What else a lead asks for."""
        return others(self.total, self.everything)

    @cached_property
    def rows(self) -> list[LaneRow]:
        """All lanes, the one with most hours between hands first."""
        whole = self.total.between(working=True)
        found = []
        for lane, each in self.lanes.items():
            url = reverse("insight_lane", args=[f"{lane.from_team or 0}-{lane.to_team}"])
            share = sums.share(each.between(working=True), whole) or 0.0
            words = lane_in_words(lane, self.names)
            address = url + self.asking.address(from_team=None, to_team=None)
            found.append(
                LaneRow(
                    lane, words, address, each, self.accepting[lane].curve if lane in self.accepting else None, share
                )
            )
        return sorted(found, key=lambda row: (-row.waited, row.words))

    def ordered(self, by: str) -> list[LaneRow]:
        """By hours, by slowness or by returns."""
        if by == "slow":
            return sorted(self.rows, key=_slowness, reverse=True)
        if by == "returns":
            return sorted(self.rows, key=lambda row: (row.sums.returned, row.words), reverse=True)
        return self.rows

    def sentences(self) -> list[dict[str, str]]:
        """What stands out, each with the way to what is behind it."""
        found = []
        first = self.rows[0] if self.rows else None
        if first and first.waited:
            text = f"costs most: {roughly(first.waited)} between hands, {percent(first.share)} of all there is."
            found.append({"lane": first.words, "url": first.url, "text": text})
        answered = [row for row in self.rows if row.sums.answered >= FEW and row.sums.returned]
        if answered:
            most = max(answered, key=lambda row: sums.returned_share(row.sums) or 0)
            part = percent(sums.returned_share(most.sums))
            text = f"comes back most: {most.sums.returned} of {most.sums.answered} answered offers, {part}."
            found.append({"lane": most.words, "url": most.url, "text": text})
        slow = [row for row in self.rows if row.curve and row.curve.is_enough]
        if slow:
            slowest = max(slow, key=_slowness)
            half, most_of_it = (by_when(slowest.curve, share) for share in (0.5, 0.85))
            text = f"is taken most slowly: half within {half}, 85 % within {most_of_it}."
            found.append({"lane": slowest.words, "url": slowest.url, "text": text})
        return found

    def split(self) -> dict[str, Any]:
        """Where the time went in the hours of whoever it waited for, and beside each what lay outside of them."""
        whole = self.total.elapsed(working=True)
        spent = [(phase, self.total.spent(phase)) for phase in Phase]
        outside = sum((each.outside for _, each in spent), timedelta())
        return {
            "pieces": charts.bar(
                (phase, each.inside, f"{PHASES[phase]}: {roughly(each.inside)}") for phase, each in spent
            ),
            "lines": [
                {
                    "kind": phase,
                    "words": PHASES[phase],
                    "cells": [roughly(each.inside), percent(sums.share(each.inside, whole)), roughly(each.outside)],
                }
                for phase, each in spent
            ],
            "whole": [roughly(whole), "100 %", roughly(outside)],
        }

    def sides(self) -> dict[str, Any] | None:
        """Whose turn it was, of work that lay between hands; nothing where there is one side only."""
        found = sides(self.lanes, self.clients)
        if found is None:
            return None
        us = self.asking.member.organization.name
        named = ", ".join(sorted(self.names[team] for team in self.clients)[:NAMED])
        parts = (("offered", named, found.clients), ("waiting", us, found.own))
        whole = found.clients + found.own
        return {
            "pieces": charts.bar((kind, lasted, f"{who}: {roughly(lasted)}") for kind, who, lasted in parts),
            "lines": [
                {"kind": kind, "words": who, "cells": [roughly(lasted), percent(sums.share(lasted, whole))]}
                for kind, who, lasted in parts
            ],
        }

    def network(self) -> Network | None:
        """Who hands to whom; nothing of a single lane."""
        if len(self.rows) < 2:
            return None
        usual = self.everything.quantile(0.5)
        return network([_handing(row, usual) for row in self.rows], self.names)

    def trend(self) -> dict[str, Any]:
        """The share of time between hands, week by week of the offer."""
        values = [_of_week(week, each) for week, each in self.weeks.items()]
        chart = charts.columns("Waiting between hands, by week of the offer", values, " %", top=100)
        rows = [(value.label, percent(None if value.value is None else value.value / 100)) for value in values]
        return {"chart": chart, "rows": rows}


class Overview(Page):
    """The page; `sheet=lanes.csv` or `sheet=lanes.xlsx` brings that table, and so on for each."""

    template = "insight/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Everything in the address narrows it; `by` orders the lanes."""
        asking = Asking(self.member, request.GET, self.now)
        figures = Figures(asking, self.now)
        by = request.GET.get("by", "")
        by = by if by in ORDERS else "waiting"
        rows = figures.ordered(by)
        if taken := sheet_response(request.GET.get("sheet", ""), tables.of_overview(figures, rows)):
            return taken
        orders = [(asking.address(by=key), words, key == by) for key, words in ORDERS.items()]
        return self.show(
            asking=asking,
            views=tabs(asking, self.member.role),
            figures=figures,
            rows=rows[:SHOWN],
            more=max(0, len(rows) - SHOWN),
            orders=orders,
            by=by,
            taken=asking.address(by=by),
            runs_it=self.member.runs_the_organization,
        )


def _slowness(row: LaneRow) -> tuple[timedelta, str]:
    """By when 85 % are accepted; a lane in which that was never seen is slower than any."""
    if row.curve is None or not row.curve.is_enough:
        return timedelta(-1), row.words
    return row.curve.quantile(0.85) or timedelta.max, row.words


def _handing(row: LaneRow, usual: timedelta | None) -> Handing:
    half = row.curve.quantile(0.5) if row.curve and row.curve.is_enough else None
    is_slow = half is not None and usual is not None and half > SLOW * usual
    words = f"{row.words}: {row.sums.offered} offered, half accepted within {by_when(row.curve, 0.5)}"
    return Handing(row.lane, row.sums.offered, is_slow, words)


def _of_week(week: date, each: Sums) -> charts.Value:
    share = sums.handoff_share(each)
    label = format_date(week, "j M")
    value = None if share is None else share * 100
    return charts.Value(label, value, f"Week of {label}: {percent(share)} of {each.offered} offers' time")
