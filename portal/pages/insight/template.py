"""One template: how its handoffs fare, why they come back, and what to ask for so that fewer do."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from handoffs.insight.figures import sums
from handoffs.insight.figures.advice import Advice, advice
from handoffs.insight.words import percent, roughly
from handoffs.models import HandoffTemplate, TemplateVersion
from portal.pages.base import Page
from portal.pages.insight.asking import Asking
from portal.pages.insight.returned import pareto, reason_in_words
from portal.pages.insight.sheets import Sheet, sheet_response
from portal.pages.insight.tables import share
from tenants.models import Role

PARTS = {"context": "Field", "checklist": "Checklist", "documents": "Document"}


class TemplatePage(Page):
    """404 for a template this organization does not have, and for clients."""

    template = "insight/template.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything in the address narrows it; `sheet=advice.csv` brings the table."""
        if self.member.role == Role.CLIENT:
            raise Http404
        template = get_object_or_404(HandoffTemplate, organization_id=self.member.organization_id, pk=pk)
        asking = Asking(self.member, request.GET, self.now)
        asked = replace(asking.asked, template=template.pk)
        newest = TemplateVersion.objects.filter(template=template, published_at__isnull=False).order_by("-number")
        version = newest.select_related("template").first()
        found = advice(version, asked) if version else []
        if taken := sheet_response(request.GET.get("sheet", ""), {"advice": lambda: _sheet(found)}):
            return taken
        return self.show(
            told=template,
            asking=asking,
            filters=[each for each in asking.filters() if each.name != "template"],
            facts=_facts(sums.total(sums.by_lane(asked, self.now).values())),
            advised=[_sentence(each) for each in found if each.is_worth_it],
            lines=[_line(each) for each in found],
            returns=pareto(asked),
            taken=asking.address(),
            back=reverse("insight_view", args=["templates"]) + asking.address(template=None),
            lanes=reverse("insight") + asking.address(template=template.pk),
        )


def _facts(each: sums.Sums) -> list[tuple[str, str, str]]:
    return [
        ("Offered", str(each.offered), f"{each.accepted} accepted, {each.completed} completed"),
        ("Came back", percent(sums.returned_share(each)), f"{each.returned} of {each.answered}"),
        ("Clean at first sight", percent(sums.accurate_share(each)), f"of {each.answered} answered"),
        ("Between hands", roughly(each.between(working=True)), percent(sums.handoff_share(each)) + " of its time"),
    ]


def _sentence(found: Advice) -> dict[str, str]:
    reason, _ = found.reasons.most_common(1)[0]
    text = f"Required, it would have stopped {found.stopped} of {found.returns} returns"
    text += f" and delayed {found.delayed} of {found.good} good handoffs."
    return {"label": found.label, "part": PARTS[found.part], "text": text, "reason": reason_in_words(reason)}


def _line(found: Advice) -> dict[str, Any]:
    shares = (found.missing_in_returns, found.missing_in_good)
    return {
        "words": found.label,
        "part": PARTS[found.part],
        "cells": [
            f"{found.stopped} of {found.returns} ({percent(shares[0])})",
            f"{found.delayed} of {found.good} ({percent(shares[1])})",
        ],
    }


def _sheet(found: list[Advice]) -> Sheet:
    head = ["Part", "What", "Returns it would have stopped", "Of returns", "Share"]
    head += ["Good handoffs it would have delayed", "Of good handoffs", "Share"]
    rows = [
        [
            *(PARTS[each.part], each.label, each.stopped, each.returns, share(each.missing_in_returns)),
            *(each.delayed, each.good, share(each.missing_in_good)),
        ]
        for each in found
    ]
    return Sheet("advice", head, rows)
