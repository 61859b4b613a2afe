"""Finding handoffs by words and filters, in pages; and keeping what one looks for often."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from handoffs.actions.saved_views import drop_view, save_view
from handoffs.faces import with_faces
from handoffs.insight.finding import narrowed, waiting_for
from handoffs.models import Handoff, SavedView
from portal.forms.base import ActionForm
from portal.forms.find import BOXES, FindForm, SaveViewForm
from portal.pages import cursor
from portal.pages.base import ActingPage, Page
from portal.pages.rows import Row, Rows
from tenants.models import Member

SHOWN = 25
Place = tuple[int, datetime | None, int]  # a handoff, and by what it is ordered: (due, id)


def saved_views(member: Member) -> QuerySet[SavedView]:
    """The views this member saved, by name."""
    return SavedView.objects.filter(organization_id=member.organization_id, member=member)


class FindPage(Page):
    """A list of handoffs and what narrows it down; GET of the one page and POST of what is done from it share it."""

    template = "inbox/find.html"

    def found(self, form: FindForm, status: int = 200, saving: ActionForm | None = None) -> HttpResponse:
        """One page of what was asked for."""
        box, given = form.asked.get("box", ""), self.request.GET
        places = self._places(form, box, given.get("after"))
        shown = with_faces(self.member.organization_id, [place[0] for place in places[:SHOWN]])
        rows = Rows(self.now, shown.values())
        draw: Callable[[Handoff], Row] = {"waiting": rows.waiting, "held": rows.held, "sent": rows.sent}.get(
            box, rows.any
        )
        last = places[SHOWN - 1] if len(places) > SHOWN else None
        return self.show(
            status,
            form=form,
            saving=saving or SaveViewForm(),
            rows=[draw(shown[place[0]]) for place in places[:SHOWN] if place[0] in shown],
            older=_address(form.asked | {"after": cursor.place(last[1], last[2])}) if last else "",
            title=BOXES[box],
            asked=form.query,
            chooses=box in ("waiting", "held"),
            accepts=box == "waiting",
            views=[{"view": view, "url": f"{reverse('find')}?{view.asked}"} for view in saved_views(self.member)],
        )

    def _places(self, form: FindForm, box: str, after: str | None) -> list[Place]:
        """Where the handoffs of one page and one more stand in their order."""
        here = {
            "held": lambda: Handoff.objects.held_by(self.member),
            "sent": lambda: Handoff.objects.sent_by(self.member),
            "waiting": lambda: Handoff.objects.filter(organization_id=self.member.organization_id),
        }.get(box, lambda: Handoff.objects.reachable_by(self.member))()
        where = cursor.read_place(after)
        with narrowed(here, form.wanted(self.now), self.member) as handoffs:
            if box == "waiting":
                return _by_due(waiting_for(self.member, handoffs), "due_at", "handoff_id", where)
            if box == "held":
                return _by_due(handoffs, "complete_due_at", "id", where)
            older = handoffs.filter(id__lt=where[1]) if where else handoffs
            return [(id, None, id) for id in older.order_by("-id").values_list("id", flat=True)[: SHOWN + 1]]


class Find(FindPage):
    """The list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Everything in the address narrows it; `after` pages."""
        return self.found(FindForm(request.GET, member=self.member))


class SaveView(FindPage, ActingPage):
    """Keeps the view whose query the address carries."""

    http_method_names = ["post"]

    def form(self, *given: Any) -> ActionForm:
        """The name."""
        return SaveViewForm(given[0])

    def act(self, form: ActionForm) -> SavedView:
        """The one call."""
        return save_view(by=self.member, at=self.now, name=form.cleaned_data["name"], asked=self._asked.query)

    def again(self, form: ActionForm, status: int) -> HttpResponse:
        """The list as it was, with what is wrong at the name."""
        return self.found(self._asked, status, form)

    def after(self, done: SavedView) -> HttpResponse:
        """To the view under its name."""
        return self.told(f"Saved as “{done.name}”.", _address(self._asked.asked))

    @property
    def _asked(self) -> FindForm:
        return FindForm(self.request.GET, member=self.member)


class DropView(Page):
    """Forgets one of one's own views."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """404 for somebody else's."""
        view = saved_views(self.member).filter(id=pk).first() if pk < 2**63 else None
        if view is None:
            raise Http404
        drop_view(view, by=self.member)
        return self.told(f"“{view.name}” is removed.", reverse("find"))


def _by_due(rows: QuerySet[Any], due: str, handoff: str, where: tuple[datetime | None, int] | None) -> list[Place]:
    """Soonest due first, what is due never last."""
    beyond = rows.filter(cursor.beyond(due, where)) if where else rows
    return list(beyond.order_by(F(due).asc(nulls_last=True), "id").values_list(handoff, due, "id")[: SHOWN + 1])


def _address(asked: dict[str, str]) -> str:
    return f"{reverse('find')}?{urlencode(asked)}" if asked else reverse("find")
