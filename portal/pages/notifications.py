"""What a member was told: newest first, by handoff, what is unread marked."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from handoffs.delivery.notices import line, mark_read, told
from handoffs.models import Handoff, Notice
from portal.pages import cursor
from portal.pages.base import Page, SeeOther

SHOWN = 30


class Notifications(Page):
    """The list, in pages."""

    template = "notifications/notifications.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """`?before=` pages. What the reader may not see any more is left out."""
        notices = told(self.member)
        before = cursor.whole(request.GET.get("before"))
        page = list((notices.filter(id__lt=before) if before else notices)[: SHOWN + 1])
        older = f"?before={page[SHOWN - 1].id}" if len(page) > SHOWN else ""
        asked = {notice.handoff_id for notice in page[:SHOWN]}
        seen = set(Handoff.objects.reachable_by(self.member).filter(id__in=asked).values_list("id", flat=True))
        return self.show(groups=_groups(n for n in page[:SHOWN] if n.handoff_id in seen), older=older)


class Read(Page):
    """Marks notices as read: one, those of one handoff, or all."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """`notice` or `handoff` names which of mine; without them all are read. `next` says where to go on."""
        notice, handoff = (cursor.whole(request.POST.get(name)) for name in ("notice", "handoff"))
        mark_read(self.member, at=self.now, notice=notice, handoff=handoff)
        further = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(further, allowed_hosts=None)
        return SeeOther(further if safe else reverse("notifications"))


def _groups(notices: Iterable[Notice]) -> list[dict[str, object]]:
    """By handoff, the one with the newest first; a page holds the notices of a stretch of time, so may its groups."""
    by_handoff: dict[int, list[Notice]] = {}
    for notice in notices:
        by_handoff.setdefault(notice.handoff_id, []).append(notice)
    return [_group(found) for found in by_handoff.values()]


def _group(notices: list[Notice]) -> dict[str, object]:
    handoff = notices[0].handoff
    url = reverse("handoff", args=[handoff.reference])
    return {
        "id": handoff.id,
        "handoff": f"{handoff.reference} {handoff.title}",
        "url": url,
        "unread": sum(notice.read_at is None for notice in notices),
        "entries": [_entry(notice, url) for notice in notices],
    }


def _entry(notice: Notice, url: str) -> dict[str, object]:
    return {
        "id": notice.id,
        "sentence": line(notice),
        "at": notice.created_at,
        "unread": notice.read_at is None,
        "url": url,
        "who": notice.event.by.name,
    }
