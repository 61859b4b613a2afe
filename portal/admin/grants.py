"""Who may do what in a workspace, as one grid: a row for each team or member, a box for each permission."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import CHECKBOX_CLASSES, SELECT_CLASSES

from portal.admin.fields import Drawn
from portal.forms.administration.workspaces import LABELS
from tenants.access import Permission
from tenants.models import (
    Kind,
    Member,
    Role,
    Team,
    Workspace,
    WorkspaceTeamPermission,
    WorkspaceUserPermission,
)

EMPTY_ROWS = 2

Grants = dict[str, frozenset[Permission]]


class Grantees:
    """Everyone who can be granted something in this workspace, and what they are granted, by four queries."""

    def __init__(self, workspace: Workspace) -> None:
        home = {"organization_id": workspace.organization_id}
        teams = Team.objects.filter(**home, closed_at=None).order_by("name")
        people = Member.objects.able().filter(**home).exclude(kind=Kind.SYSTEM).order_by("name")
        if not workspace.is_client:
            teams, people = teams.exclude(kind=Team.Kind.CLIENT), people.exclude(role=Role.CLIENT)
        self.by_key: dict[str, Team | Member] = {f"team-{team.pk}": team for team in teams}
        self.by_key |= {f"member-{member.pk}": member for member in people}
        self.granted = self._read(workspace)

    def _read(self, workspace: Workspace) -> Grants:
        here = {"organization_id": workspace.organization_id, "content_object": workspace}
        by_group = {to.group_id: key for key, to in self.by_key.items() if isinstance(to, Team)}
        by_user = {to.user_id: key for key, to in self.by_key.items() if isinstance(to, Member)}
        found: dict[str, set[Permission]] = {}
        to_teams = WorkspaceTeamPermission.objects.filter(**here).values_list("group_id", "permission__codename")
        to_people = WorkspaceUserPermission.objects.filter(**here).values_list("user_id", "permission__codename")
        for keys, rows in ((by_group, to_teams), (by_user, to_people)):
            for whom, codename in rows:
                if whom in keys:
                    found.setdefault(keys[whom], set()).add(Permission(codename))
        return {key: frozenset(found[key]) for key in self.by_key if key in found}


class GrantsWidget(Drawn, forms.Widget):
    """The grid. Rows that are shown are named in hidden fields: what is not shown is left alone."""

    template_name = "admin/widgets/grants.html"
    grantees: Grantees

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The rows that are there, and empty ones to choose somebody in."""
        context: dict[str, Any] = super().get_context(name, None, attrs)
        given: Mapping[str, Collection[str]] = value or {}
        rows = [
            {"key": key, "to": self.grantees.by_key[key], "boxes": _boxes(given[key])}
            for key in self.grantees.by_key
            if key in given
        ]
        free = [(key, to) for key, to in self.grantees.by_key.items() if key not in given]
        context["grid"] = {
            "labels": list(LABELS.values()),
            "rows": rows,
            "empty": [(f"new{n}", _boxes(())) for n in range(EMPTY_ROWS)],
            "teams": [(key, to) for key, to in free if isinstance(to, Team)],
            "people": [(key, to) for key, to in free if isinstance(to, Member)],
            "checkbox": " ".join(CHECKBOX_CLASSES),
            "select": " ".join(SELECT_CLASSES),
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[str]]:
        """What each row shown or filled in says: key → permissions."""
        given = {key: data.getlist(f"{name}-{key}") for key in data.getlist(f"{name}-rows")}
        for n in range(EMPTY_ROWS):
            key = data.get(f"{name}-new{n}-to", "")
            if key:
                given[key] = [*given.get(key, []), *data.getlist(f"{name}-new{n}")]
        return given

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """An empty grid is a grid."""
        return False


class GrantsField(forms.Field):
    """What each of the rows shown is to be granted."""

    widget = GrantsWidget

    def meet(self, grantees: Grantees) -> None:
        """Fills the grid."""
        self.grantees = grantees
        self.widget.grantees = grantees
        self.initial = grantees.granted

    def clean(self, value: Any) -> Grants:
        """Permissions by key; refuses whoever cannot be granted anything here."""
        known = {str(permission) for permission in Permission}
        for key, names in (value or {}).items():
            if key not in self.grantees.by_key:
                raise ValidationError("Choose a team or a member who can be let in here.", code="grantee_unknown")
            if not set(names) <= known:
                raise ValidationError("There is no such permission.", code="permission_unknown")
        return {key: frozenset(map(Permission, names)) for key, names in (value or {}).items()}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Does any row say something else than what is granted?"""
        return any(
            {str(each) for each in self.grantees.granted.get(key, ())} != set(names) for key, names in data.items()
        )


def _boxes(given: Collection[str]) -> list[tuple[str, str, bool]]:
    return [(str(permission), label, permission in given) for permission, label in LABELS.items()]
