"""Ladders: whom an alarm tells, and when. A change makes the next revision."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from handoffs.actions.templates import create_ladder, revise_ladder
from handoffs.delivery.channels import CHANNELS
from handoffs.escalation.plan import Audience, RungSpec
from handoffs.models import Ladder, Rung
from portal.admin.base import Blocks, Section
from portal.admin.fields import WhenField
from portal.admin.gate import EVERY_PART
from portal.admin.marks import button, column
from portal.admin.proofs import prove_page, proved, verdict
from portal.admin.site import site
from portal.admin.words import write_when
from tenants.models import Member
from tenants.refusals import Invalid

TOLD = {
    Audience.RECEIVERS: "the receivers",
    Audience.CUSTODIAN: "whoever answers for it",
    Audience.SENDER: "the sender",
    Audience.RECEIVING_LEAD: "the receiving lead",
    Audience.SENDING_LEAD: "the sending lead",
    Audience.MANAGERS: "the workspace's managers",
}


CHANNELS_NAMED = {"mail": "e-mail"}
NAMED = ("member", "team")
MOST = 100  # rungs on one page

REVISED = "Saving makes the next revision. Clocks that run, and versions that name this one, keep it."


def newest_ladders(member: Member) -> QuerySet[Ladder]:
    """The newest revision of each ladder of the organization."""
    ladders = Ladder.objects.filter(organization_id=member.organization_id)
    later = ladders.filter(name=OuterRef("name"), revision__gt=OuterRef("revision"))
    return ladders.filter(~Exists(later)).order_by("name")


def rung_in_words(rung: Rung) -> str:
    """`At 100 %: tell the receivers and the sender; redirect to the backup team.`"""
    people = [TOLD[Audience(name)] for name in rung.audience]
    people += [str(named) for named in (rung.member, rung.team) if named]
    told = people[0] if len(people) == 1 else f"{', '.join(people[:-1])} and {people[-1]}" if people else "nobody"
    return f"{write_when(rung.share, rung.offset)}: tell {told}{_more(rung)}"


def _more(rung: Rung) -> str:
    """What a rung does beside telling people, and how."""
    named = " and ".join(CHANNELS_NAMED.get(name, name) for name in rung.channels)
    by_channel = f" by {named}" if named else ""
    quiet = ", in quiet hours too" if rung.breaks_quiet else ""
    priority = "; raise the priority" if rung.raises_priority else ""
    target = rung.redirect_to.name if rung.redirect_to else "the backup team" if rung.redirects else ""
    return by_channel + quiet + priority + (f"; redirect to {target}" if target else "")


class RungForm(forms.ModelForm[Rung]):
    """A rung in words."""

    when = WhenField(
        max_length=60, help_text="A share of the time, like 50 %, or working time, like 30 m before or 1 h after."
    )
    audience = forms.MultipleChoiceField(
        choices=[(str(who), told.capitalize()) for who, told in TOLD.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label="Tell",
        required=False,
    )
    channels = forms.MultipleChoiceField(
        choices=[(name, CHANNELS_NAMED.get(name, name).capitalize()) for name in CHANNELS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        label="Only by",
        required=False,
        help_text="None: by what each person chose. A notice in the portal is always there.",
    )

    class Meta:
        model = Rung
        fields = ("audience", *NAMED, "breaks_quiet", "raises_priority", "redirects", "redirect_to")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if self.instance.pk and "when" in self.fields:
            self.fields["when"].initial = write_when(self.instance.share, self.instance.offset)

    def _post_clean(self) -> None:
        """The action judges the rung: it is built there, from what this form cleaned."""


class RungBlocks(Blocks):
    """The rungs from the first to the last."""

    model = Rung
    form = RungForm
    fields = ("when", "audience", NAMED, "channels", ("breaks_quiet", "raises_priority"), ("redirects", "redirect_to"))
    verbose_name_plural = "rungs"
    hide_title = True
    ordering = ("position",)
    can_delete = True
    max_num = MOST

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """A count of rungs that nobody means must not draw a page of that many."""
        return super().get_formset(request, obj, absolute_max=MOST, **options)

    @column("When")
    def when(self, rung: Rung) -> str:
        """In words, where it is only read."""
        return write_when(rung.share, rung.offset)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_add_permission(request, obj) and _is_newest(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_change_permission(request, obj) and _is_newest(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of the newest revision."""
        return super().has_delete_permission(request, obj) and _is_newest(obj)


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
        return super().has_change_permission(request, obj) and (obj is None or _is_newest(obj))

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
        form.rungs = [_spec(line) for formset in formsets for line in formset.forms if _is_kept(formset, line)]
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


def _is_newest(ladder: Any) -> bool:
    """Not known of a ladder that is being made."""
    return ladder is None or getattr(ladder, "is_newest", True)


def _is_kept(formset: Any, line: Any) -> bool:
    return line not in formset.deleted_forms and (line.instance.pk is not None or line.has_changed())


def _spec(line: Any) -> RungSpec:
    given = line.cleaned_data
    named = {f"{name}_id": given[name].pk if given[name] else None for name in (*NAMED, "redirect_to")}
    return RungSpec(
        given["when"],
        tuple(Audience(name) for name in given["audience"]),
        redirects=given["redirects"],
        raises_priority=given["raises_priority"],
        breaks_quiet=given["breaks_quiet"],
        channels=tuple(given["channels"]),
        **named,
    )
