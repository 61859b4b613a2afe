"""Handoffs: found, read, and moved on by the same verbs as everywhere; never written to."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.paginator import InfinitePaginator

from handoffs.faces import show_faces
from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import State
from handoffs.models import Event, Handoff, number_from
from portal.admin.base import Section
from portal.admin.gate import member_of
from portal.admin.marks import column
from portal.admin.site import site
from portal.admin.verbs import buttons, verb_page

EVENTS = 100
# What a row of the list shows, read for a page at a time: joined, the ordered index would be lost.
FACES = ("workspace", "sender", "custodian", "custodian_team", "open_offer__to_team", "open_offer__to_member")
TONES = {
    State.DRAFT: "",
    State.OFFERED: "info",
    State.ACCEPTED: "primary",
    State.STARTED: "primary",
    State.RETURNED: "warning",
    State.ON_HOLD: "",
    State.COMPLETED: "success",
    State.CANCELLED: "",
}


class WorkspaceFilter(RelatedDropdownFilter):  # type: ignore[misc]
    """The workspaces of the organization."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """By name."""
        here = {"organization_id": member_of(request).organization_id}
        return field.get_choices(include_blank=False, ordering=("name",), limit_choices_to=here)


@admin.register(Handoff, site=site)
class HandoffSection(Section):
    """Every handoff of the organization."""

    list_display = ("named", "title", "state_label", "workspace", "answers", "waits_for", "changed_at")
    list_display_links = ("named", "title")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("workspace", WorkspaceFilter),
        ("custodian", AutocompleteSelectFilter),
    )
    search_fields = ("title",)
    search_help_text = "Reference, like HO-1042, or words of the title"
    ordering = ("-id",)
    paginator = InfinitePaginator
    show_full_result_count = False
    can_add = can_change = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Handoff]:
        """What this member may see: those who run the organization see all of it."""
        return cast("QuerySet[Handoff]", Handoff.objects.reachable_by(member_of(request)).order_by("-id"))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A page of rows, with the names they show."""
        found = super().get_changelist_instance(request)
        found.result_list = found.result_list.prefetch_related(*FACES)
        return found

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By reference when it is one, else by words of the title."""
        number = number_from(search_term)
        if number is not None:
            return queryset.filter(number=number), False
        words = Q()
        for word in search_term.split()[:10]:
            words &= Q(title__icontains=word)
        return queryset.filter(words), False

    @column("Reference", ordering="number")
    def named(self, handoff: Handoff) -> str:
        """How people name it."""
        return handoff.reference

    @column("State", ordering="state", label={str(state): tone for state, tone in TONES.items()})
    def state_label(self, handoff: Handoff) -> tuple[str, str]:
        """Where the work stands."""
        return handoff.state, handoff.status.label

    @column("Answers for it", ordering="custodian__name")
    def answers(self, handoff: Handoff) -> str:
        """The custodian, with the team they hold it for."""
        if handoff.custodian is None:
            return "–"
        team = handoff.custodian_team
        return f"{handoff.custodian.name}, {team.name}" if team else handoff.custodian.name

    @column("Offered to")
    def waits_for(self, handoff: Handoff) -> str:
        """Who is asked to take it."""
        return handoff.open_offer.receiver_name if handoff.open_offer else "–"

    def get_urls(self) -> list[URLPattern]:
        """The verbs of one handoff beside its page."""
        verb = path(
            "<int:pk>/do/<slug:verb>/", self.admin_site.admin_view(self.verb_view), name="handoffs_handoff_verb"
        )
        return [verb, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One handoff as it stands and as it came to be; nothing on this page writes to it."""
        handoff = self.get_object(request, object_id)
        if handoff is None:
            return cast("HttpResponse", self._get_obj_does_not_exist_redirect(request, self.opts, object_id))
        return self.sheet(request, handoff)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One verb: its words, then one call."""
        handoff = self.get_object(request, str(pk))
        if handoff is None:
            raise Http404
        return verb_page(self, request, handoff, verb)

    def sheet(self, request: HttpRequest, handoff: Handoff) -> HttpResponse:
        """The page of one handoff."""
        member = member_of(request)
        shown = show_faces([Handoff.objects.get(organization_id=member.organization_id, pk=handoff.pk)])[0]
        here: dict[str, Any] = {"organization_id": member.organization_id, "handoff": shown}
        events = list(Event.objects.filter(**here).select_related("by").order_by("-seq")[: EVENTS + 1])
        facts = {
            "title": str(shown),
            "handoff": shown,
            "tone": TONES.get(shown.status, ""),
            "buttons": buttons(shown, member),
            "offers": shown.offers.select_related("giver", "to_team", "to_member", "closed_by").order_by("-seq"),
            "custodies": shown.custodies.select_related("holder", "team").order_by("-seq"),
            "clocks": shown.clocks.filter(stopped_at=None).order_by("kind"),
            "timeline": [(event, sentence(event)) for event in events[:EVENTS]],
            "older": len(events) > EVENTS,
            "opts": self.opts,
            "original": shown,
        }
        return TemplateResponse(request, "admin/handoff.html", {**self.admin_site.each_context(request), **facts})
