"""A workspace: what it is called, and who may do what in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.person import PersonField
from tenants.access import Permission
from tenants.models import Member, Role, Team, Workspace, WorkspaceTeamPermission, WorkspaceUserPermission

LABELS: Mapping[Permission, str] = {
    Permission.VIEW: "See",
    Permission.SEND: "Send",
    Permission.RECEIVE: "Receive",
    Permission.MANAGE: "Manage",
}
KINDS = [
    (Workspace.Kind.INTERNAL.value, "Internal: only your own people can ever be let in"),
    (Workspace.Kind.CLIENT.value, "Shared with a client"),
]


@dataclass(frozen=True)
class Grantee:
    """A team or a member, and what is granted to them itself in one workspace."""

    to: Team | Member
    granted: frozenset[Permission]

    @property
    def key(self) -> str:
        """By which a form names them."""
        return f"{'team' if isinstance(self.to, Team) else 'member'}-{self.to.pk}"

    @property
    def is_team(self) -> bool:
        """Is it a team?"""
        return isinstance(self.to, Team)

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Each permission with its word, and whether it is granted."""
        return [(str(permission), word, permission in self.granted) for permission, word in LABELS.items()]


def grantees_of(workspace: Workspace) -> list[Grantee]:
    """Everyone who is granted something here, teams first, by name; by four statements for any number of them."""
    home = {"organization_id": workspace.organization_id}
    here = {**home, "content_object": workspace}
    by_group: dict[int, set[Permission]] = {}
    by_user: dict[int, set[Permission]] = {}
    for id, name in WorkspaceTeamPermission.objects.filter(**here).values_list("group_id", "permission__codename"):
        by_group.setdefault(id, set()).add(Permission(name))
    for id, name in WorkspaceUserPermission.objects.filter(**here).values_list("user_id", "permission__codename"):
        by_user.setdefault(id, set()).add(Permission(name))
    teams = Team.objects.filter(**home, group_id__in=by_group, closed_at=None).order_by("name")
    people = Member.objects.filter(**home, user_id__in=by_user, left_at=None).order_by("name", "id")
    return [
        *(Grantee(team, frozenset(by_group[team.group_id])) for team in teams),
        *(Grantee(member, frozenset(by_user[member.user_id])) for member in people if member.user_id),
    ]


class NewWorkspaceForm(ActionForm):
    """A name, whether clients can be let in, and what it is for."""

    name = forms.CharField(label="Name", max_length=120)
    kind = forms.ChoiceField(
        label="For whom",
        choices=KINDS,
        initial=Workspace.Kind.INTERNAL,
        widget=forms.RadioSelect,
        help_text="This never changes.",
    )
    description = forms.CharField(
        label="What it is for", max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )


class WorkspaceForm(ActionForm):
    """What it is called; in a client's, whether they invite colleagues."""

    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(
        label="What it is for", max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    clients_invite = forms.BooleanField(
        label="Clients invite colleagues",
        required=False,
        help_text="Clients in here may themselves invite people of their firm into this workspace.",
    )

    def __init__(self, *given: Any, workspace: Workspace) -> None:
        initial = {name: getattr(workspace, name) for name in ("name", "description", "clients_invite")}
        super().__init__(given[0] if given else None, initial=initial)
        if not workspace.is_client:
            del self.fields["clients_invite"]


class PermissionsForm(ActionForm):
    """Which permissions; several may be chosen."""

    may = forms.MultipleChoiceField(
        label="They may",
        choices=[(str(permission), word) for permission, word in LABELS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sending and receiving include seeing; managing includes all.",
    )

    @property
    def wanted(self) -> frozenset[Permission]:
        """What was ticked."""
        return frozenset(map(Permission, self.cleaned_data["may"]))


class LetInForm(PermissionsForm):
    """A team or a person who is granted nothing here yet."""

    team = forms.ModelChoiceField(
        queryset=Team.objects.none(), label="A team", required=False, empty_label="No team, a person"
    )
    person = PersonField(label="Or a person", required=False)

    field_order = ("team", "person", "may")

    def __init__(self, *given: Any, workspace: Workspace) -> None:
        super().__init__(
            given[0] if given else None, initial={"may": [Permission.VIEW, Permission.SEND, Permission.RECEIVE]}
        )
        home = {"organization_id": workspace.organization_id}
        teams = Team.objects.filter(**home, closed_at=None).order_by("name")
        people = Member.objects.able().filter(**home).exclude(kind=Member.Kind.SYSTEM)
        if not workspace.is_client:
            teams, people = teams.exclude(kind=Team.Kind.CLIENT), people.exclude(role=Role.CLIENT)
        team: Any = self.fields["team"]
        team.queryset = teams
        person: Any = self.fields["person"]
        person.among(people)
        self.fields["may"].required = True

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        said = super().clean() or {}
        if self.errors:
            return said
        if bool(said.get("team")) == bool(said.get("person")):
            self.add_error("person", "Choose a team or name a person, one of them.")
        return said

    @property
    def to(self) -> Team | Member:
        """Who is let in."""
        found: Team | Member = self.cleaned_data["team"] or self.cleaned_data["person"]
        return found
