"""One handoff: where it stands, who answers for it, what travels with it, and what its reader may do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from handoffs import parties
from handoffs.faces import show_faces
from handoffs.models import Handoff, number_from
from portal.pages.base import Page
from portal.pages.inbox import parts
from portal.pages.sheet import Sheet
from tenants.models import Member


def found(member: Member, reference: str) -> Handoff:
    """The handoff of that reference, if this member may see it; else 404, whatever the reason."""
    number = number_from(reference)
    handoff = parties.reached(member, number) if number is not None else None
    if handoff is None:
        raise Http404
    return handoff


def reached(member: Member, reference: str) -> Handoff:
    """The same with everybody and everything in its head read."""
    return show_faces([found(member, reference)])[0]


class SheetPage(Page):
    """A page that can show a handoff beside the inbox."""

    template = "handoff/handoff.html"

    def sheet(self, handoff: Handoff, status: int = 200, **facts: Any) -> HttpResponse:
        """The page of a handoff just found, possibly with a refusal on top; `?history=all` shows the whole timeline."""
        whole = self.request.GET.get("history") == "all"
        beside = parts(self.member, self.now, along=[handoff])
        sheet = Sheet(handoff, self.member, self.now, whole_history=whole)
        facts |= {"parts": beside, "waiting_count": beside[0].count}
        return self.show(status, sheet=sheet, handoff=handoff, **facts)


class HandoffPage(SheetPage):
    """One handoff."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The handoff as its reader sees it; looking changes nothing."""
        return self.sheet(found(self.member, reference))
