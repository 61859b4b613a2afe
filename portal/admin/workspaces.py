"""Workspaces: where handoffs live, and who may do what there."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from portal.admin.base import Section
from portal.admin.gate import MANAGERS, member_of
from portal.admin.grants import Grantees, GrantsField
from portal.admin.marks import column
from portal.admin.site import site
from tenants.access import Permission, workspaces_for
from tenants.actions import grant, open_workspace, revoke, update_workspace
from tenants.models import Member, Workspace


class WorkspaceForm(forms.ModelForm[Workspace]):
    """A workspace with its grants; a new one has none yet."""

    grants = GrantsField(required=False, label="Permissions")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if self.instance._state.adding:
            self.fields.pop("grants", None)
        elif "grants" in self.fields:
            field: Any = self.fields["grants"]
            field.meet(Grantees(self.instance))


@admin.register(Workspace, site=site)
class WorkspaceSection(Section):
    """Workspaces with the permissions of teams and members. A manager arranges their own."""

    open_to = changed_by = MANAGERS
    form = WorkspaceForm
    list_display = ("name", "kind_label", "description", "created_at")
    list_filter = (("kind", ChoicesDropdownFilter),)
    search_fields = ("name",)

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The workspaces one manages."""
        return rows.filter(id__in=workspaces_for(member_of(request), Permission.MANAGE).values("id"))

    def get_fieldsets(self, request: HttpRequest, obj: Workspace | None = None) -> Any:
        """Grants come when there is something to grant on."""
        words = (
            None,
            {"fields": ("name", "kind", "description", *(("clients_invite",) if obj and obj.is_client else ()))},
        )
        told = "Sending and receiving include seeing; managing includes all. Owners and admins need no grant."
        return (words, ("Who may do what here", {"fields": ("grants",), "description": told})) if obj else (words,)

    def get_readonly_fields(self, request: HttpRequest, obj: Workspace | None = None) -> Any:
        """Whether clients can be let in never changes."""
        return ("kind",) if obj else ()

    @column("Kind", ordering="kind", label={"client": "info", "internal": ""})
    def kind_label(self, workspace: Workspace) -> tuple[str, str]:
        """Internal, or shared with a client."""
        return workspace.kind, workspace.get_kind_display()

    def response_add(self, request: HttpRequest, obj: Workspace, post_url_continue: str | None = None) -> HttpResponse:
        """On to the grants: nobody is in a new workspace yet."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:tenants_workspace_change", args=[obj.pk]))

    def create(self, form: Any, *, by: Member, at: datetime) -> Workspace:
        """A new workspace, granted to nobody."""
        given = form.cleaned_data
        return open_workspace(name=given["name"], kind=given["kind"], description=given["description"], by=by, at=at)

    def update(self, row: Workspace, form: Any, *, by: Member, at: datetime) -> None:
        """Its words, and what changed in the grid."""
        given = form.cleaned_data
        if {"name", "description", "clients_invite"} & set(form.changed_data):
            words = {name: given[name] for name in ("name", "description", "clients_invite") if name in given}
            update_workspace(workspace=row, **words, by=by, at=at)
        grantees: Grantees = form.fields["grants"].grantees
        for key, wanted in given["grants"].items():
            to, granted = grantees.by_key[key], grantees.granted.get(key, frozenset())
            if wanted - granted:
                grant(workspace=row, to=to, permissions=wanted - granted, by=by, at=at)
            if granted - wanted:
                revoke(workspace=row, to=to, permissions=granted - wanted, by=by, at=at)
