"""A template's fields as form fields: one kind of form field for each kind of field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import escape

from handoffs.definition.fields import LONG_TEXT_LIMIT, TEXT_LIMIT
from handoffs.definition.specification import Field
from portal.forms.base import ActionForm
from tenants.models import Member, Role, TeamMembership, Workspace, WorkspaceTeamPermission

Given = dict[str, Any]


class SpecifiedForm(ActionForm):
    """A form with fields of its own and those that a template asks for, each named part-key."""

    part = ""
    own_words: Sequence[str] = ()  # the names of the form's own fields that its action takes as they are
    # A draft may still lack what the offer will need: such fields may stay empty.
    may_lack = True

    def specify(self, fields: Iterable[Field], people: Sequence[Member]) -> None:
        """Adds the template's fields below the form's own."""
        self.specified = list(fields)
        for field in self.specified:
            self.fields[f"{self.part}-{field.key}"] = form_field(field, people)

    def clean(self) -> dict[str, Any]:
        """Forgives what is only not filled in yet."""
        cleaned = super().clean() or self.cleaned_data
        for field in self.specified if self.may_lack else ():
            name = f"{self.part}-{field.key}"
            faults = self.errors.as_data().get(name, [])
            if faults and all(fault.code == "required" for fault in faults):
                del self.errors[name]
                cleaned[name] = None
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was given for the template's fields, by key; nothing for an empty one."""
        return {field.key: plain(self.cleaned_data.get(f"{self.part}-{field.key}")) for field in self.specified}

    def words_so_far(self) -> dict[str, Any]:
        """The action's arguments from what is right as it stands; what is wrong is left out."""
        own = {name: self.cleaned_data[name] for name in self.own_words if name in self.cleaned_data}
        right = {field.key for field in self.specified if f"{self.part}-{field.key}" in self.cleaned_data}
        return {**own, self.part: {key: value for key, value in self.values().items() if key in right}}


def form_field(field: Field, people: Sequence[Member]) -> forms.Field:
    """The form field of one defined field."""
    note = "Internal: clients never see it." if field.internal else ""
    common: Given = {
        "label": field.label,
        "required": field.required,
        # Django takes help for markup of our own; here an admin of the organization wrote it.
        "help_text": escape(" ".join(filter(None, [field.help, note]))),
    }
    if field.type.name == "member":
        return _choice(common, [(str(member.id), member.name) for member in people])
    if field.type.name == "choice":
        return _choice(common, [(choice, choice) for choice in field.choices])
    if field.type.name == "choices":
        return forms.MultipleChoiceField(
            choices=[(choice, choice) for choice in field.choices], widget=forms.CheckboxSelectMultiple, **common
        )
    return MAKERS[field.type.name](common)


def initial_of(field: Field, value: Any) -> Any:
    """A stored value as its form field wants it."""
    if value is None:
        return None
    if field.type.name == "date_time":
        return timezone.localtime(datetime.fromisoformat(value)).replace(tzinfo=None)
    if field.type.name == "yes_no":
        return "yes" if value else "no"
    return value


def known_people(member: Member, workspace: Workspace) -> Sequence[Member]:
    """The people a member field offers: everyone to our own; to clients those of the teams in the workspace."""
    people = Member.objects.people().able().filter(organization_id=member.organization_id)
    if member.role != Role.CLIENT:
        return list(people)
    groups = WorkspaceTeamPermission.objects.filter(
        organization_id=member.organization_id, content_object=workspace
    ).values("group_id")
    places = TeamMembership.objects.filter(organization_id=member.organization_id, team__group_id__in=groups)
    return list(people.filter(id__in=places.values("member_id")))


def needs_people(fields: Iterable[Field]) -> bool:
    """Whether any of the fields names a member."""
    return any(field.type.name == "member" for field in fields)


def _choice(common: Given, choices: Sequence[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "Choose…"), *choices], **common)


def _line(kind: str, limit: int, **attributes: str) -> Callable[[Given], forms.Field]:
    def make(common: Given) -> forms.Field:
        return forms.CharField(
            max_length=limit, widget=forms.TextInput(attrs={"type": kind, **attributes}), empty_value=None, **common
        )

    return make


# The domain judges e-mails, links and numbers in its own words, the same as for the API: here they are lines of text.
MAKERS: Mapping[str, Callable[[Given], forms.Field]] = {
    "text": _line("text", TEXT_LIMIT),
    "long_text": lambda common: forms.CharField(
        max_length=LONG_TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 4}), empty_value=None, **common
    ),
    "number": _line("text", 80, inputmode="decimal"),
    "email": _line("email", TEXT_LIMIT, autocomplete="off"),
    "link": _line("url", 2000, autocomplete="off"),
    "date": lambda common: forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **common),
    "date_time": lambda common: forms.DateTimeField(
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}), **common
    ),
    "yes_no": lambda common: _choice(common, [("yes", "Yes"), ("no", "No")]),
}


def plain(value: Any) -> Any:
    """Empty choices are nothing."""
    return None if value in ("", []) else value
