"""What a member was told: newest first, what is unread marked."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from handoffs.delivery.notices import mark_read, told
from handoffs.ledger.sentences import sentence
from handoffs.models import Notice
from portal.pages import cursor
from portal.pages.base import Page, SeeOther

SHOWN = 30


class Notifications(Page):
    """The list, in pages."""

    template = "notifications/notifications.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """`?before=` pages."""
        notices = told(self.member)
        before = cursor.whole(request.GET.get("before"))
        page = list((notices.filter(id__lt=before) if before else notices)[: SHOWN + 1])
        older = f"?before={page[SHOWN - 1].id}" if len(page) > SHOWN else ""
        return self.show(entries=[_entry(notice) for notice in page[:SHOWN]], older=older)


class Read(Page):
    """Marks notices as read: one, or all."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """`notice` names one of mine; without it all are read. `next` says where to go on."""
        mark_read(self.member, at=self.now, notice=cursor.whole(request.POST.get("notice")))
        further = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(further, allowed_hosts=None)
        return SeeOther(further if safe else reverse("notifications"))


def _entry(notice: Notice) -> dict[str, object]:
    handoff = notice.handoff
    return {
        "id": notice.id,
        "sentence": sentence(notice.event),
        "at": notice.created_at,
        "unread": notice.read_at is None,
        "url": reverse("handoff", args=[handoff.reference]),
        "handoff": f"{handoff.reference} {handoff.title}",
        "who": notice.event.by.name,
    }
