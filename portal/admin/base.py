"""What every section of the admin shares: the wall, one action behind each save, one way to hear a refusal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.admin import ShowFacets
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, get_script_prefix, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from portal.admin.gate import EVERY_PART, NOBODY, Part, enters, member_of, parts_of, runs_here
from tenants.models import Member, TenantModel
from tenants.refusals import Refusal

MOST_ROWS = 500


class Found(AutocompleteSelect):
    """One row found by typing. What came back and is no key is shown as nothing; the library would stumble over it."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """The row chosen so far."""
        return super().optgroups(name, [key for key in value if not key or (key.isascii() and key.isdigit())], attr)


class Walled(BaseModelAdmin):  # type: ignore[type-arg]
    """Rows and choices of the organization in the address alone.

    Those who run it may do whatever the section does. It may be open to leads or managers as well: to see `theirs`, and
    to change them where `changed_by` says so. The actions judge once more.
    """

    open_to: frozenset[Part] = NOBODY
    changed_by: frozenset[Part] = NOBODY
    can_add = True
    can_change = True
    can_delete = False
    request: HttpRequest

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Row security holds without this; the filter lets the planner use the organization's indexes."""
        rows: QuerySet[Any] = super().get_queryset(request)
        rows = rows.filter(organization_id=member_of(request).organization_id)
        return rows if runs_here(member_of(request)) else self.theirs(rows, request)

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those of the rows that a lead or manager is shown here, by a subquery."""
        return rows.none()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever runs the organization, and the leads or managers whom the section is open to."""
        return self._is_for(request, self.open_to)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where this section makes new ones."""
        return self.can_add and self._is_for(request, NOBODY)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where this section changes them."""
        return self.can_change and self._is_for(request, self.changed_by)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nearly nothing is ever deleted: rows of an inline are, where that is an action."""
        return self.can_delete and self._is_for(request, self.changed_by)

    def has_arrange_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What the section's buttons need: to run the organization."""
        return self._is_for(request, NOBODY)

    def _is_for(self, request: HttpRequest, parts: frozenset[Part]) -> bool:
        member: Member | None = getattr(request, "member", None)
        return runs_here(member) or bool(parts and parts & parts_of(member))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Choices out of the organization."""
        if "queryset" not in options and issubclass(db_field.related_model, TenantModel):
            options["queryset"] = self.choices(db_field, member_of(request))
        if "widget" not in options and db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = Found(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def choices(self, field: "ForeignKey[Any, Any]", member: Member) -> QuerySet[Any]:
        """What a reference may point at."""
        return field.related_model._default_manager.filter(organization_id=member.organization_id)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A reference is chosen here; the library's shortcuts for making and deleting its target are left out."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class Section(Walled, ModelAdmin):  # type: ignore[misc]
    """One kind of thing: its list and its form. Subclasses say which actions a save calls."""

    actions = None
    list_per_page = 50
    view_on_site = False
    show_facets = ShowFacets.NEVER  # each would count the whole table
    compressed_fields = True
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.TextField: {"widget": UnfoldAdminTextareaWidget({"rows": 4})}
    }

    # What a save does

    def create(self, form: Any, *, by: Member, at: datetime) -> Model:
        """The one call that makes a new one."""
        raise NotImplementedError

    def update(self, row: Any, form: Any, *, by: Member, at: datetime) -> None:
        """The calls that change `row`, which is as the database has it; the form knows what changed."""
        raise NotImplementedError

    def arrange(self, row: Any, formsets: Sequence[Any], *, by: Member, at: datetime) -> None:
        """The calls for what stands in the inlines."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Calls the actions; the form's own instance is never saved."""
        by, at = member_of(request), timezone.now()
        if change:
            self.update(self._fresh(obj), form, by=by, at=at)
        else:
            made = self.create(form, by=by, at=at)
            obj.__dict__.update(made.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Calls the actions for the inlines."""
        self.arrange(self._fresh(form.instance), list(formsets), by=member_of(request), at=timezone.now())

    def _fresh(self, obj: Any) -> Any:
        """The row as it is: actions compare with it, and the form has written into its own instance already."""
        return self.model._default_manager.get(organization_id=obj.organization_id, pk=obj.pk)

    # What a refusal does

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A refusal undoes the whole save and brings the form back with its sentence and the input."""
        try:
            return cast("HttpResponse", super().changeform_view(request, object_id, form_url, extra_context))
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return cast("HttpResponse", super().changeform_view(request, object_id, form_url, extra_context))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form; after a refusal one that carries it and is therefore not valid."""
        form = super().get_form(request, obj, change=change, **options)
        refusal: Refusal | None = getattr(request, "refusal", None)
        return _refused(form, refusal) if refusal else form

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """On as usual; out of what this very save gave away, such as the lead of a team."""
        member = member_of(request)
        member.forget_standing()
        if self.get_queryset(request).filter(pk=obj.pk).exists():
            return cast("HttpResponse", super().response_change(request, obj))
        return HttpResponseRedirect(reverse("admin:index") if enters(member) else get_script_prefix())

    # What the library would do that we do not

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What is not there and what is not theirs is one 404."""
        raise Http404

    def get_urls(self) -> list[URLPattern]:
        """Without deleting, and without a history: the ledger keeps that."""
        left_out = tuple(f"{self.opts.app_label}_{self.opts.model_name}_{what}" for what in ("delete", "history"))
        return [url for url in super().get_urls() if url.name not in left_out]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the list offers as a filter may be asked in the address."""
        offered = self.get_list_filter(request) if request else self.list_filter
        names = [each[0] if isinstance(each, tuple | list) else each for each in offered]
        return any(isinstance(name, str) and lookup.split("__")[0] == name.split("__")[0] for name in names)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """A section is listed for those who may see something in it."""
        return self.has_view_permission(request)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Nothing is written to the library's log, which is not behind the wall."""
        return []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing."""


class Rows(Walled):
    """Rows below a thing: as many as one reads, and no more forms than a server draws in a moment.

    Whoever sees the thing sees them.
    """

    extra = 0
    max_num = MOST_ROWS
    open_to = EVERY_PART

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """All: which thing they are below was decided before."""
        return rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever changes the thing adds them."""
        return self.can_add and self._is_for(request, self.changed_by)

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """However many rows a forged request claims to have."""
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS, **options})  # type: ignore[misc]


class Lines(Rows, TabularInline):  # type: ignore[misc]
    """Rows below a thing, one line each."""

    hide_title = True


class Blocks(Rows, StackedInline):  # type: ignore[misc]
    """Rows below a thing, one block each."""


def place_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Puts the sentence at the field it is about, else on top of the form."""
    fields: Mapping[str, Sequence[str]] = refusal.details.get("fields") or {}
    named = refusal.details.get("field")
    if named in form.fields:
        fields = {str(named): [refusal.sentence]}
    elif not fields or not fields.keys() <= form.fields.keys():
        fields = {"": [refusal.sentence]}
    for name, sentences in fields.items():
        for sentence in sentences:
            form.add_error(name or None, sentence)


def _refused(form: type[forms.ModelForm[Any]], refusal: Refusal) -> type[forms.ModelForm[Any]]:
    class Refused(form):  # type: ignore[misc, valid-type]
        def _post_clean(self) -> None:
            super()._post_clean()
            place_refusal(self, refusal)

    return Refused
