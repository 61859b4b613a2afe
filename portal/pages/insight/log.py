"""The log to take along, for process mining: what its reader may see of every handoff."""

from collections.abc import Callable, Iterator, Mapping

from django.http import Http404, HttpRequest, StreamingHttpResponse

from handoffs.insight.log.as_csv import table
from handoffs.insight.log.as_ocel import ocel
from handoffs.insight.log.as_xes import xes
from handoffs.insight.log.telling import LoggedCase, cases_of
from handoffs.models import Handoff
from portal.pages.base import Page

Cases = Callable[[], Iterator[LoggedCase]]

# By ending: the type of the content, and who writes it.
FORMATS: Mapping[str, tuple[str, Callable[[Cases], Iterator[str]]]] = {
    "xes": ("application/xml", lambda cases: xes(cases())),
    "ocel.json": ("application/json", ocel),
    "csv": ("text/csv; charset=utf-8", lambda cases: table(cases())),
}


class LogFile(Page):
    """A stream, so that it begins at once however much there is."""

    def get(self, request: HttpRequest, ending: str) -> StreamingHttpResponse:
        """404 for a format that is not written."""
        if ending not in FORMATS:
            raise Http404
        content_type, written = FORMATS[ending]
        member = self.member
        pieces = written(lambda: cases_of(Handoff.objects.reachable_by(member), member))
        response = StreamingHttpResponse(pieces, content_type=content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{member.organization.slug}.{ending}"'
        response.headers["Cache-Control"] = "private, no-store"
        return response
