"""The same figures by receiving team, template, flow or workspace: where among them work waits most."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.insight.figures import sums
from handoffs.insight.figures.pressure import pressures
from handoffs.insight.figures.sums import Sums, by_column
from handoffs.insight.words import percent, roughly
from handoffs.models import Flow, HandoffTemplate
from portal.pages.base import Page
from portal.pages.insight.asking import Asking
from portal.pages.insight.sheets import Sheet, sheet_response
from portal.pages.insight.tables import hours, share
from tenants.models import Role, Team, Workspace

SHOWN = 50  # the sheet has all of them


@dataclass(frozen=True)
class View:
    """What figures are told by: a column of what is kept, and what it is called where there is none."""

    title: str
    one: str
    column: str
    narrows: str  # the filter of the address that says one of them
    model: type[Model]
    none: str = ""


VIEWS: Mapping[str, View] = {
    "teams": View("Teams", "Receiving team", "to_team_id", "to_team", Team),
    "templates": View("Templates", "Template", "template_id", "template", HandoffTemplate, "Without a template"),
    "flows": View("Flows", "Flow", "flow_id", "flow", Flow, "Outside of flows"),
    "workspaces": View("Workspaces", "Workspace", "workspace_id", "workspace", Workspace),
}
FOR_CLIENTS = ("workspaces",)  # nor are they told what teams, templates and flows there are


@dataclass(frozen=True)
class Line:
    """One of them."""

    words: str
    url: str
    sums: Sums
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
        each = self.sums
        figures = (sums.handoff_share, sums.on_time_share, sums.returned_share, sums.accurate_share)
        return [str(each.offered), roughly(self.waited), *(percent(figure(each)) for figure in figures)]


class ViewPage(Page):
    """The page of one of `VIEWS`; 404 for any other, and for a client of all but their workspaces."""

    template = "insight/view.html"

    def get(self, request: HttpRequest, view: str) -> HttpResponse:
        """Everything in the address narrows it; `sheet=lines.csv` brings the table."""
        if view not in views_for(self.member.role):
            raise Http404
        asking, told = Asking(self.member, request.GET, self.now), VIEWS[view]
        lines = _lines(told, asking, self.now)
        if taken := sheet_response(request.GET.get("sheet", ""), {view: lambda: _sheet(view, told, lines)}):
            return taken
        return self.show(
            load=_load(asking) if view == "teams" else [],
            view=told,
            views=tabs(asking, self.member.role, view),
            asking=asking,
            filters=[each for each in asking.filters() if each.name != told.narrows],
            lines=lines[:SHOWN],
            more=max(0, len(lines) - SHOWN),
            name=view,
            taken=asking.address(),
        )


def views_for(role: str) -> tuple[str, ...]:
    """The views that somebody in this role may look at."""
    return FOR_CLIENTS if role == Role.CLIENT else tuple(VIEWS)


def tabs(asking: Asking, role: str, chosen: str = "") -> list[tuple[str, str, bool]]:
    """(address, word, whether it is this page) of the overview and of every view."""
    query = asking.address()
    found = [(reverse("insight") + query, "Lanes", not chosen)]
    return found + [
        (reverse("insight_view", args=[name]) + query, VIEWS[name].title, name == chosen) for name in views_for(role)
    ]


def _lines(view: View, asking: Asking, at: Any) -> list[Line]:
    """The one with most hours between hands first."""
    counted = by_column(asking.asked, at, view.column)
    here = view.model._default_manager.filter(organization_id=asking.asked.organization_id, pk__in=counted)
    names: dict[Any, str] = dict(here.values_list("pk", "name"))
    whole = sums.total(counted.values()).between(working=True)
    found = []
    for key, each in counted.items():
        words = names.get(key, view.none)
        url = _page(view, key, asking) if key else ""
        found.append(Line(words, url, each, sums.share(each.between(working=True), whole) or 0.0))
    return sorted(found, key=lambda line: (-line.waited, line.words))


def _page(view: View, key: int, asking: Asking) -> str:
    """Of a template what to change in it, of the others their lanes."""
    if view.model is HandoffTemplate:
        return reverse("insight_template", args=[key]) + asking.address()
    return reverse("insight") + asking.address(**{view.narrows: key})


def _load(asking: Asking) -> list[dict[str, Any]]:
    """What each team has open, and what came and was taken of late, by which the bars are drawn."""
    found = pressures(asking.asked, asking.zone)[:SHOWN]
    ids = [each.team for each in found]
    names = dict(
        Team.objects.filter(organization_id=asking.asked.organization_id, id__in=ids).values_list("id", "name")
    )
    most = max((max(each.came, each.taken) for each in found), default=0) or 1
    return [
        {
            "words": names.get(each.team, ""),
            "url": reverse("insight") + asking.address(to_team=each.team),
            "cells": [str(each.open), str(each.came), str(each.taken), percent(each.utilisation), _days(each.to_clear)],
            "came": round(100 * each.came / most),
            "taken": round(100 * each.taken / most),
            "is_overloaded": each.is_overloaded,
        }
        for each in found
    ]


def _days(lasted: timedelta | None) -> str:
    return "–" if lasted is None else f"{lasted / timedelta(days=1):.0f} d"


_FIGURES: Mapping[str, Callable[[Sums], float | None]] = {
    "Waiting between hands": sums.handoff_share,
    "Worked at": sums.flow_efficiency,
    "In time": sums.on_time_share,
    "Came back": sums.returned_share,
    "Clean": sums.accurate_share,
}


def _sheet(name: str, view: View, lines: list[Line]) -> Sheet:
    rows = [
        [line.words, line.sums.offered, hours(line.waited), *(share(figure(line.sums)) for figure in _FIGURES.values())]
        for line in lines
    ]
    return Sheet(name, [view.one, "Offered", "Hours between hands", *_FIGURES], rows)
