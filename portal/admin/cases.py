"""Cases: found and read, with their turns and what happened; never written to. Their verbs are in the portal."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.paginator import InfinitePaginator

from handoffs.insight.case_list import number_of
from handoffs.models import Case, CaseEvent, Casting, Turn
from portal.admin.base import Lines, Section
from portal.admin.gate import EVERY_PART, member_of
from portal.admin.marks import button, column
from portal.admin.site import site


class CastingLines(Lines):
    """Who plays which role."""

    model = Casting
    verbose_name_plural = "roles"
    fields = readonly_fields = ("role", "team", "member")
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Casting]:
        """With the names that a line shows."""
        return super().get_queryset(request).select_related("team", "member").order_by("id")


class TurnLines(Lines):
    """Every time the case came to a step."""

    model = Turn
    fk_name = "case"
    verbose_name_plural = "turns"
    fields = readonly_fields = ("step", "number", "state", "work", "brought_by", "entered_at", "ended_at", "why")
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        """With the names that a line shows."""
        return super().get_queryset(request).select_related("handoff", "child", "brought_by").order_by("id")

    @column("Handoff or case")
    def work(self, turn: Turn) -> str:
        """What was done in it."""
        thing = turn.handoff or turn.child
        return thing.reference if thing else "–"

    @column("Undone")
    def why(self, turn: Turn) -> str:
        """Why it does not count any more."""
        return ": ".join(part for part in (turn.cause, turn.reason) if part) or "–"


class EventLines(Lines):
    """What happened to the case as a whole."""

    model = CaseEvent
    verbose_name_plural = "what happened"
    fields = readonly_fields = ("seq", "verb", "by", "at")
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseEvent]:
        """With the names that a line shows."""
        return super().get_queryset(request).select_related("by").order_by("seq")


@admin.register(Case, site=site)
class CaseSection(Section):
    """Every case that the member may see."""

    open_to = EVERY_PART
    list_display = ("named", "title", "flow_version", "state", "workspace", "owner", "changed_at")
    list_display_links = ("named", "title")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("flow_version__flow", "workspace", "owner")
    search_fields = ("title",)
    search_help_text = "Reference, like CA-1042, or words of the title"
    fields = readonly_fields = (
        *("named", "title", "flow_version", "state", "workspace", "internal_workspace", "owner", "launched_by"),
        *("launched_at", "due_at", "closed_at", "reason"),
    )
    inlines = (CastingLines, TurnLines, EventLines)
    actions_detail = ("portal_page",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    show_full_result_count = False
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """With the names that are shown."""
        rows: QuerySet[Case] = super().get_queryset(request)
        return rows.select_related(
            "flow_version__flow", "workspace", "internal_workspace", "owner", "launched_by"
        ).order_by("-id")

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """What this member may see anyway."""
        return rows.filter(pk__in=Case.objects.reachable_by(member_of(request)).values("pk"))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By reference when it is one, else by words of the title."""
        number = number_of(search_term.strip())
        if number is not None:
            return queryset.filter(number=number), False
        words = Q()
        for word in search_term.split()[:10]:
            words &= Q(title__icontains=word)
        return queryset.filter(words), False

    @column("Reference", ordering="number")
    def named(self, case: Case) -> str:
        """How people name it."""
        return case.reference

    @button("In the portal", "portal", icon="open_in_new", harmless=True)
    def portal_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To its page, where its verbs are."""
        case: Case | None = self.get_object(request, object_id)
        if case is None:
            raise Http404
        return HttpResponseRedirect(reverse("case", args=[case.reference]))
