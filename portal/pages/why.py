"""Why a promise is due when it is."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse

from handoffs.clocks.explaining import Line, Why
from handoffs.clocks.running import why_due
from handoffs.models import Clock
from portal.pages.base import Page
from portal.pages.handoff import reached

LINES: Mapping[Why, str] = {
    Why.COUNTED: "Working hours",
    Why.CLOSED: "Closed",
    Why.PAUSED: "On hold",
    Why.FOLDED: "Working hours",
}


def told(line: Line) -> str:
    """What a line is about, in words."""
    if line.why is Why.FOLDED:
        return f"{line.words} more lines"
    return f"{LINES[line.why]}: {line.words}" if line.words else LINES[line.why]


class WhyThen(Page):
    """Why a promise is due when it is: what counts, line by line."""

    template = "handoff/why.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """The explanation; 404 for a clock of another handoff."""
        handoff = reached(self.member, reference)
        here = {"organization_id": handoff.organization_id, "handoff_id": handoff.pk}
        clock = Clock.objects.filter(**here, pk=pk).select_related("calendar").first()
        if clock is None:
            raise Http404
        return self.show(handoff=handoff, clock=clock, lines=[(line, told(line)) for line in why_due(clock)])
