"""Workspaces: where handoffs live, and who may do what there."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from portal.forms.administration.workspaces import (
    Grantee,
    LetInForm,
    NewWorkspaceForm,
    PermissionsForm,
    WorkspaceForm,
    grantees_of,
)
from portal.forms.base import ActionForm
from portal.pages.administration.base import WORKSPACES, Administration, New, OneThing
from tenants.access import Permission, workspaces_for
from tenants.actions import grant, open_workspace, revoke, update_workspace
from tenants.models import Member, Team, Workspace

MOST = 500


def arranged_by(member: Member) -> QuerySet[Workspace]:
    """The open workspaces this member manages."""
    return workspaces_for(member, Permission.MANAGE).filter(closed_at=None)


class Workspaces(Administration):
    """The list."""

    place = WORKSPACES
    template = "administration/workspaces.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """All of them, by name."""
        return self.show(rows=arranged_by(self.member).order_by("name")[:MOST])


class NewWorkspace(New):
    """Another workspace."""

    place = WORKSPACES
    title, button = "New workspace", "Open workspace"
    words = "Nobody but owners and admins is in it until you let them in."

    def form(self, *given: Any) -> NewWorkspaceForm:
        """Its name and kind."""
        return NewWorkspaceForm(*given[:1])

    def act(self, form: ActionForm) -> Workspace:
        """The one call."""
        return open_workspace(by=self.member, at=self.now, **form.words())

    def after(self, done: Workspace) -> HttpResponse:
        """On to the grants: nobody is in a new workspace yet."""
        return self.told(f"{done.name} is open. Let somebody in.", reverse("workspace_settings", args=[done.pk]))


class WorkspaceSettings(OneThing):
    """One workspace, for those who manage it."""

    place = WORKSPACES
    template = "administration/workspace.html"
    slots = ("workspace", "let_in")

    def rows(self) -> QuerySet[Workspace]:
        """Those that the reader manages."""
        return arranged_by(self.member)

    def workspace_form(self, *given: Any) -> WorkspaceForm:
        """What it is called."""
        return WorkspaceForm(*given, workspace=self.thing)

    def let_in_form(self, *given: Any) -> LetInForm:
        """Somebody more."""
        return LetInForm(*given, workspace=self.thing)

    def grant_form(self, *given: Any) -> PermissionsForm:
        """The boxes of one row."""
        return PermissionsForm(*given)

    def facts(self) -> Mapping[str, Any]:
        """Who may do what."""
        return {"grantees": grantees_of(self.thing)}

    def give(self, to: Team | Member, wanted: frozenset[Permission], granted: frozenset[Permission]) -> None:
        """Grants what is wanted and takes back what is not."""
        facts: dict[str, Any] = {"workspace": self.thing, "to": to, "by": self.member, "at": self.now}
        if wanted - granted:
            grant(permissions=wanted - granted, **facts)
        if granted - wanted:
            revoke(permissions=granted - wanted, **facts)


class ChangeWorkspace(WorkspaceSettings):
    """Gives it another name, or lets clients invite."""

    slot = "workspace"

    def act(self, form: ActionForm) -> Workspace:
        """The one call."""
        return update_workspace(workspace=self.thing, by=self.member, at=self.now, **form.words())

    def after(self, done: Workspace) -> HttpResponse:
        """Back."""
        return self.back(f"{done.name} is up to date.")


class LetIn(WorkspaceSettings):
    """Grants something to a team or a person; what they have already stays."""

    slot = "let_in"

    def act(self, form: ActionForm) -> Team | Member:
        """The one call."""
        assert isinstance(form, LetInForm)
        self.give(form.to, form.wanted, frozenset())
        return form.to

    def after(self, done: Team | Member) -> HttpResponse:
        """Back."""
        return self.back(f"{done.name} is let in.")


class ChangeGrants(WorkspaceSettings):
    """Grants to one of those who are in it what is ticked, and no more."""

    slot = "grant"

    def act(self, form: ActionForm) -> Grantee:
        """The calls for what changed; 404 for one who is granted nothing here."""
        assert isinstance(form, PermissionsForm)
        key = self.request.POST.get("to")
        found = next((grantee for grantee in grantees_of(self.thing) if grantee.key == key), None)
        if found is None:
            raise Http404
        self.give(found.to, form.wanted, found.granted)
        return Grantee(found.to, form.wanted)

    def after(self, done: Grantee) -> HttpResponse:
        """Back, if it is still theirs."""
        return self.back(f"{done.to.name} may do what is ticked." if done.granted else f"{done.to.name} is let out.")
