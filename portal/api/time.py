"""Where the time of a handoff went, and why a promise is due when it is."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.clocks.running import why_due
from handoffs.insight.split import Slice
from handoffs.insight.time import spent
from handoffs.models import Clock
from portal.api import shapes
from portal.api.detail import clock_row
from portal.api.endpoint import Endpoint
from portal.api.handoffs import reach
from portal.api.problems import nothing_here
from portal.api.schema import says


class Time(Endpoint):
    """The time of one handoff."""

    @extend_schema(
        operation_id="read_time",
        tags=["handoffs"],
        summary="Read where the time went",
        responses=says(shapes.TimeSpent, "Every second since the first offer, in exactly one slice.", 404),
    )
    def get(self, request: Request, reference: str) -> Response:
        """The slices in the order in which they happened."""
        found = spent(reach(self.member, reference), timezone.now())
        slices = [_slice(each, found.names) for each in found.slices]
        return Response({"total_seconds": found.total.total_seconds(), "slices": slices})


class OneClock(Endpoint):
    """One promise."""

    @extend_schema(
        operation_id="explain_clock",
        tags=["handoffs"],
        summary="Explain why it is due then",
        responses=says(shapes.ClockExplained, "The promise and the lines that make its due instant.", 404),
    )
    def get(self, request: Request, reference: str, clock: int) -> Response:
        """What counts, line by line."""
        handoff = reach(self.member, reference)
        here = {"organization_id": handoff.organization_id, "handoff_id": handoff.pk}
        row = Clock.objects.filter(**here, pk=clock).select_related("calendar").first()
        if row is None:
            raise nothing_here()
        lines = [
            {
                "why": line.why,
                "starts_at": line.starts_at,
                "ends_at": line.ends_at,
                "counted_seconds": line.counted.total_seconds(),
                "total_seconds": line.total.total_seconds(),
                "words": line.words,
            }
            for line in why_due(row)
        ]
        hours = {"calendar": row.calendar.name, "zone": row.calendar.zone}
        return Response({**clock_row(row, timezone.now()), **hours, "lines": lines})


def _slice(each: Slice, names: dict[int, str]) -> shapes.TimeSlice:
    return {
        "starts_at": each.starts_at,
        "ends_at": each.ends_at,
        "holder": {"id": each.holder, "name": names[each.holder]},
        "phase": each.phase,
        "inside_seconds": each.inside.total_seconds(),
        "outside_seconds": each.outside.total_seconds(),
    }
