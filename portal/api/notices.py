"""Notices: what one was told."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs.delivery.notices import line, mark_read, told
from handoffs.lifecycle import Verb
from handoffs.models import Notice
from handoffs.parties import sees
from portal.api import shapes
from portal.api.endpoint import Endpoint
from portal.api.paging import Paged, after_id, cursor_of, page
from portal.api.problems import nothing_here
from portal.api.schema import lists, says


class NoticeFilters(Paged):
    """Which notices."""

    unread = serializers.BooleanField(required=False, help_text="Only those not read yet.")


class Notices(Endpoint):
    """Your notices."""

    @extend_schema(
        operation_id="list_notices",
        tags=["notices"],
        summary="List notices",
        parameters=[NoticeFilters],
        responses=lists(shapes.Notice, "One page of your notices, newest first."),
    )
    def get(self, request: Request) -> Response:
        """What the reader was told, newest first, as far as they may still see the handoff."""
        asked = self.asked(NoticeFilters)
        limit, notices = asked["limit"], told(self.member)
        if asked.get("unread"):
            notices = notices.filter(read_at__isnull=True)
        faced = notices.select_related("handoff__workspace")
        after = after_id("notices", asked.get("cursor"))
        below = faced.filter(id__lt=after) if after is not None else faced
        found = list(below[: limit + 1])
        cursor = cursor_of("notices", found[limit - 1].pk) if len(found) > limit else None
        seen = [notice for notice in found[:limit] if sees(notice.handoff, self.member)]
        return page(request, [_notice(notice) for notice in seen], cursor)


class ReadNotice(Endpoint):
    """One notice has been read."""

    @extend_schema(
        operation_id="read_notice",
        tags=["notices"],
        summary="Mark a notice as read",
        request=None,
        responses=says(shapes.Counted, "How many were unread: one, or none the second time.", 404),
    )
    def post(self, request: Request, notice: int) -> Response:
        """Marks one of the reader's notices as read."""
        if not told(self.member).filter(id=notice).exists():
            raise nothing_here()
        return Response({"read": mark_read(self.member, at=timezone.now(), notice=notice)})


class ReadNotices(Endpoint):
    """All notices have been read."""

    @extend_schema(
        operation_id="read_all_notices",
        tags=["notices"],
        summary="Mark all notices as read",
        request=None,
        responses=says(shapes.Counted, "How many were unread."),
    )
    def post(self, request: Request) -> Response:
        """Marks all of the reader's notices as read."""
        return Response({"read": mark_read(self.member, at=timezone.now())})


def _notice(notice: Notice) -> shapes.Notice:
    return {
        "id": notice.pk,
        "why": notice.why,
        "handoff": notice.handoff.reference,
        "title": notice.handoff.title,
        "verb": Verb(notice.event.verb),
        "sentence": line(notice),
        "created_at": notice.created_at,
        "read_at": notice.read_at,
    }
