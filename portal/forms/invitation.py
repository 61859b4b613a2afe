"""Inviting somebody, and what one says to come in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.forms.base import ActionForm
from tenants.models import Member, Role, Team, User, Workspace

ROLES: Mapping[str, str] = {
    Role.MEMBER: "Member: works in their teams",
    Role.CLIENT: "Client: sees the workspaces shared with them, nothing internal",
    Role.VIEWER: "Viewer: looks, and changes nothing",
    Role.ADMIN: "Admin: runs the organization",
    Role.OWNER: "Owner: runs the organization and decides who does",
}


class InvitationForm(ActionForm):
    """Who, as what, and where they begin. A client is asked for an address and a workspace alone."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label="As", initial=Role.MEMBER, widget=forms.RadioSelect)
    team = forms.ChoiceField(label="Team", required=False, help_text="They are in it as soon as they join.")
    workspace = forms.ChoiceField(label="Workspace", required=False, help_text="They may see, send and receive there.")

    def __init__(self, *given: Any, by: Member, teams: Mapping[int, Team], workspaces: Mapping[int, Workspace]) -> None:
        super().__init__(*given)
        self.known: dict[str, Mapping[int, Any]] = {"team": teams, "workspace": workspaces}
        self.by = by
        if by.role == Role.CLIENT:
            del self.fields["role"], self.fields["team"]
            self.fields["workspace"].required = True
        else:
            offered = {role: told for role, told in ROLES.items() if role != Role.OWNER or by.role == Role.OWNER}
            self._offer("role", [(str(role), told) for role, told in offered.items()])
            self._offer("team", _choices(teams))
        self._offer("workspace", _choices(workspaces))

    def words(self) -> dict[str, Any]:
        """The arguments for the action."""
        said = self.cleaned_data
        rows = {name: self.known[name][int(said[name])] if said.get(name) else None for name in ("team", "workspace")}
        return {"email": said["email"], "role": said.get("role", Role.CLIENT), **rows}

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class NewLoginForm(ActionForm):
    """A name and a password, for somebody whose address has no login yet."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="As your colleagues and partners know you.",
    )
    password = forms.CharField(
        label="Choose a password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters. You can also sign in with a code by mail, without it.",
    )

    def __init__(self, *given: Any, email: str) -> None:
        super().__init__(*given)
        self.email = email

    def clean_name(self) -> str:
        """Not only blanks."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """Refuses a password that is easy to guess, also from the name or the address."""
        said = super().clean() or {}
        if "password" in said:
            try:
                validate_password(said["password"], User(email=self.email, name=said.get("name", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return said


def _choices(rows: Mapping[int, Any]) -> list[tuple[str, str]]:
    return [("", "None"), *((str(pk), str(row)) for pk, row in rows.items())]
