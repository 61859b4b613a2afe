"""The receipt of a handoff that was accepted: who handed what to whom and when, for paper and as PDF."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from handoffs.models import Handoff, Offer
from handoffs.parts import records_of
from portal import pdf
from portal.pages.base import Page, SeeOther
from portal.pages.handoff import reached
from portal.pages.sheet import Sheet

STYLE = "handrail/css/receipt.css"
TOO_EARLY = "There is a receipt as soon as somebody has accepted it."


def offers_of(handoff: Handoff) -> list[Offer]:
    """Every offer, first to last, with everybody in it."""
    return records_of(handoff, Offer, "seq", "giver", "from_team", "to_team", "to_member", "closed_by")


class Receipt(Page):
    """The printable page; 409 `not_accepted` before anybody accepted."""

    template = "handoff/receipt.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """As its reader may see it."""
        facts = self.facts(reference)
        if not facts["accepted"]:
            return self.show(409, refused=TOO_EARLY, code="not_accepted", **facts)
        return self.show(paper=False, pdf=pdf.is_installed(), **facts)

    def facts(self, reference: str) -> dict[str, Any]:
        """What stands on it."""
        handoff = reached(self.member, reference)
        offers = offers_of(handoff)
        return {
            "handoff": handoff,
            "sheet": Sheet(handoff, self.member, self.now, whole_history=True),
            "offers": offers,
            "accepted": [offer for offer in offers if offer.state == "accepted"],
            "organization": self.member.organization,
            "now": self.now,
        }


class ReceiptPdf(Receipt):
    """The same as PDF; where none can be made, back to the page, which can be printed."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """To be saved under its reference."""
        facts = self.facts(reference)
        address = reverse("receipt", args=[facts["handoff"].reference])
        if not facts["accepted"]:
            return SeeOther(address)
        if not pdf.is_installed():
            messages.warning(request, "PDFs are not installed here: print this page instead.")
            return SeeOther(address)
        made = pdf.pdf_of(render_to_string(self.template, {**facts, "paper": True}, request), STYLE)
        response = HttpResponse(made, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="{facts["handoff"].reference}.pdf"'
        response.headers["Cache-Control"] = "private, no-store"
        return response
