"""The inbox: what waits for me and my teams, what I hold, what I sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.desk import MOST, desk_of
from handoffs.faces import with_faces
from handoffs.models import Handoff, Offer
from portal.pages import cursor
from portal.pages.base import Page
from portal.pages.rows import Row, Rows, page_of
from tenants.models import Member

SHOWN, GLANCE, CAP = 25, 8, MOST


@dataclass(frozen=True)
class Part:
    """One part of the inbox: its rows, how many there are, and where the others are."""

    title: str
    rows: Sequence[Row]
    count: int
    none: str
    older: str = ""

    @property
    def counted(self) -> str:
        """The count as people read it; counting stops at a hundred."""
        return f"{CAP}+" if self.count >= CAP else str(self.count)


class Inbox(Page):
    """The three parts, most urgent first; `after` pages through what waits."""

    template = "inbox/inbox.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The inbox with nothing chosen in it."""
        shown = parts(self.member, self.now, request.GET.get("after"))
        return self.show(parts=shown, waiting_count=shown[0].count)


class Held(Page):
    """Everything I answer for, soonest due first."""

    template = "inbox/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of it."""
        held = Handoff.objects.held_by(self.member)
        where = cursor.read_place(request.GET.get("after"))
        page = page_of(held.filter(cursor.beyond("complete_due_at", where)) if where else held, SHOWN + 1)
        last = page[SHOWN - 1] if len(page) > SHOWN else None
        older = f"{reverse('held')}?after={_quoted(cursor.place(last.complete_due_at, last.id))}" if last else ""
        rows = Rows(self.now, page)
        return self.show(
            title="In my hands",
            order="Due first",
            rows=[rows.held(handoff) for handoff in page[:SHOWN]],
            older=older,
            empty="You hold nothing.",
        )


class Sent(Page):
    """Everything I sent that is on its way or in other hands, newest first."""

    template = "inbox/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of it."""
        sent = Handoff.objects.sent_by(self.member)
        before = cursor.whole(request.GET.get("before"))
        page = page_of(sent.filter(id__lt=before) if before else sent, SHOWN + 1)
        older = f"{reverse('sent')}?before={page[SHOWN - 1].id}" if len(page) > SHOWN else ""
        rows = Rows(self.now, page)
        return self.show(
            title="Sent",
            order="Newest first",
            rows=[rows.sent(handoff) for handoff in page[:SHOWN]],
            older=older,
            empty="You sent nothing yet.",
        )


def parts(member: Member, now: datetime, after: str | None = None, along: Sequence[Handoff] = ()) -> list[Part]:
    """The three parts with their counts; the parts that are empty too. Handoffs `along` are given their faces too."""
    where = cursor.read_place(after)
    begin = (where[0] or "infinity", where[1]) if where else None
    places = Offer.objects.waiting_places(member, SHOWN + 1, begin)
    held, sent = desk_of(member)
    shown = with_faces(member.organization_id, [*(id for _, id in places), *held[:GLANCE], *sent[:GLANCE]], along)
    waiting = [shown[id] for offer, id in places if id in shown and shown[id].open_offer_id == offer]
    rows = Rows(now, shown.values())
    return [
        Part(
            "Waiting for you",
            [rows.waiting(handoff) for handoff in waiting[:SHOWN]],
            Offer.objects.waiting_count(member, cap=CAP),
            "Nothing waits for you.",
            _after(waiting),
        ),
        Part(
            "In your hands",
            [rows.held(shown[id]) for id in held[:GLANCE] if id in shown],
            len(held),
            "You hold nothing.",
            reverse("held") if len(held) > GLANCE else "",
        ),
        Part(
            "Sent by you",
            [rows.sent(shown[id]) for id in sent[:GLANCE] if id in shown],
            len(sent),
            "Nothing you sent is on its way.",
            reverse("sent") if len(sent) > GLANCE else "",
        ),
    ]


def _after(waiting: Sequence[Handoff]) -> str:
    """The address of the next page of what waits, if there is one."""
    if len(waiting) <= SHOWN:
        return ""
    last = waiting[SHOWN - 1].open_offer
    assert last is not None  # that is why it waits
    return f"{reverse('inbox')}?after={_quoted(cursor.place(last.due_at, last.id))}"


def _quoted(place: str) -> str:
    return place.replace("+", "%2B").replace(":", "%3A")
