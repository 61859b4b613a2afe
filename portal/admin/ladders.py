"""Ladders: whom an alarm tells, and when. A change makes the next revision."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.views import ChangeList

from handoffs.actions.templates import create_ladder, revise_ladder
from handoffs.models import Ladder
from portal.admin.base import Section
from portal.admin.gate import EVERY_PART
from portal.admin.marks import button, column
from portal.admin.proofs import prove_page, proved, verdict
from portal.admin.rungs import RungBlocks, is_kept, is_newest, rung_in_words, spec_of
from portal.admin.site import site
from tenants.models import Member
from tenants.refusals import Invalid

REVISED = "Saving makes the next revision. Clocks that run, and versions that name this one, keep it."


def newest_ladders(member: Member) -> QuerySet[Ladder]:
    """The newest revision of each ladder of the organization."""
    ladders = Ladder.objects.filter(organization_id=member.organization_id)
    later = ladders.filter(name=OuterRef("name"), revision__gt=OuterRef("revision"))
    return ladders.filter(~Exists(later)).order_by("name")


class NewestList(ChangeList):  # type: ignore[misc]
    """Ladders by their newest revision."""

    def get_queryset(self, request: HttpRequest, **options: Any) -> Any:
        """Without those that a later one has replaced."""
        return super().get_queryset(request, **options).filter(is_newest=True)


@admin.register(Ladder, site=site)
class LadderSection(Section):
    """Ladders by their newest revision; older ones can be read."""

    open_to = EVERY_PART
    list_display = ("__str__", "in_words", "standard", "ends_at_a_person")
    fieldsets = ((None, {"fields": ("name",), "description": REVISED}),)
    actions_detail = ("prove_page",)
    inlines = (RungBlocks,)
    ordering = ("name", "-revision")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ladder]:
        """Told whether there is a later revision."""
        rows: QuerySet[Ladder] = super().get_queryset(request)
        later = Ladder.objects.filter(
            organization_id=OuterRef("organization_id"), name=OuterRef("name"), revision__gt=OuterRef("revision")
        )
        return rows.annotate(is_newest=~Exists(later)).prefetch_related("proofs")

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """All of them can be read."""
        return rows

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        """A list of the newest."""
        return NewestList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The newest of each, with their rungs."""
        found = super().get_changelist_instance(request)
        found.result_list = found.result_list.prefetch_related("rungs__member", "rungs__team", "rungs__redirect_to")
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A ladder keeps its name: the revisions are known by it."""
        return ("name", "proof") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With its proof, once it is there."""
        proof = ("Ends at a person", {"fields": ("proof",)})
        return (*self.fieldsets, proof) if obj else self.fieldsets

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_change_permission(request, obj) and (obj is None or is_newest(obj))

    @column("In words")
    def in_words(self, ladder: Ladder) -> str:
        """Every rung."""
        return ". ".join(rung_in_words(rung) for rung in ladder.rungs.all()) or "No rungs"

    @column("Standard", ordering="is_standard")
    def standard(self, ladder: Ladder) -> str:
        """Is it used where a template names none?"""
        return "Yes" if ladder.is_standard else "–"

    @column("Ends at a person")
    def ends_at_a_person(self, ladder: Ladder) -> str:
        """What its latest proof says, in a line."""
        return verdict(ladder)

    @column("Proof")
    def proof(self, ladder: Ladder) -> str:
        """All that it says."""
        return proved(ladder)

    @button("Prove now", "prove", icon="verified")
    def prove_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Walks it through the next 30 days."""
        ladder = self.get_object(request, object_id)
        if ladder is None:
            raise Http404
        return prove_page(self, request, ladder)

    def create(self, form: Any, *, by: Member, at: datetime) -> Ladder:
        """Made with its rungs, at once."""
        return create_ladder(name=form.cleaned_data["name"], rungs=form.rungs, by=by, at=at)

    def update(self, row: Ladder, form: Any, *, by: Member, at: datetime) -> None:
        """The next revision, when a rung changed."""
        if form.rungs_changed:
            form.revised = revise_ladder(ladder=row, rungs=form.rungs, by=by, at=at)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Waits for the rungs."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Name and rungs are one call."""
        form.rungs = [spec_of(line) for formset in formsets for line in formset.forms if is_kept(formset, line)]
        form.rungs_changed = any(formset.has_changed() for formset in formsets)
        if not form.rungs:
            raise Invalid("A ladder needs at least one rung.", code="no_rungs")
        super().save_model(request, form.instance, form, change)
        revised = getattr(form, "revised", None)
        if revised is not None:
            form.instance.__dict__.update(revised.__dict__)

    def response_change(self, request: HttpRequest, obj: Ladder) -> HttpResponse:
        """On to the revision that counts now."""
        response: HttpResponse = super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:handoffs_ladder_change", args=[obj.pk]))
        return response
