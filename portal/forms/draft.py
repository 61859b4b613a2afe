"""A new handoff: first where and of which kind, then what its template asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString

from handoffs.definition.fields import LONG_TEXT_LIMIT
from handoffs.definition.specification import specification
from handoffs.models import Priority, Side, TemplateVersion
from portal.forms.specification import SpecifiedForm, known_people, needs_people
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Role, Team, Workspace

WITHOUT = "none"


class ChooseForm(forms.Form):
    """Which workspace, which template: only those this member may use."""

    use_required_attribute = False
    workspace = forms.ChoiceField(label="In which workspace")
    template = forms.ChoiceField(label="What kind of handoff", widget=forms.RadioSelect)

    def __init__(self, *given: Any, member: Member, **options: Any) -> None:
        super().__init__(*given, **options)
        self.workspaces = {str(workspace.id): workspace for workspace in _workspaces(member)}
        self.templates = {str(version.id): version for version in _templates(member)}
        named = [(key, workspace.name) for key, workspace in self.workspaces.items()]
        self._offer("workspace", named if len(named) == 1 else [("", "Choose…"), *named])
        kinds = [(key, described(v.template.name, v.template.description)) for key, v in self.templates.items()]
        self._offer("template", [*kinds, (WITHOUT, described("Without a template", "Only a title and a summary."))])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[Workspace, TemplateVersion | None]:
        """The workspace and the version, None for no template; only after is_valid()."""
        return self.workspaces[self.cleaned_data["workspace"]], self.templates.get(self.cleaned_data["template"])


class DraftForm(SpecifiedForm):
    """A title, a summary, and the fields of the sender's side."""

    part = "context"
    own_words = ("title", "summary", "priority")
    title = forms.CharField(max_length=200, help_text="One line that the receiver understands without opening it.")
    summary = forms.CharField(
        required=False,
        max_length=LONG_TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What the receiver should know first.",
    )
    priority = forms.TypedChoiceField(
        choices=Priority.choices, initial=Priority.NORMAL, coerce=lambda value: Priority(int(value))
    )

    def __init__(
        self, *given: Any, member: Member, workspace: Workspace, version: TemplateVersion | None, **options: Any
    ) -> None:
        super().__init__(*given, **options)
        teams = Team.objects.filter(organization_id=member.organization_id, id__in=sorted(member.standing.team_ids))
        self.teams = {str(team.id): team for team in teams}
        if len(self.teams) > 1:
            choices = [(key, team.name) for key, team in self.teams.items()]
            self.fields["from_team"] = forms.ChoiceField(label="For which of your teams", choices=choices)
        fields = specification(version).side(Side.SENDER, internal=member.role != Role.CLIENT)
        self.specify(fields, known_people(member, workspace) if needs_people(fields) else [])

    def words(self) -> dict[str, Any]:
        """The form's own words, the team, and the context."""
        own = {name: self.cleaned_data[name] for name in self.own_words}
        return {**own, "from_team": self._from_team, "context": self.values()}

    def words_so_far(self) -> dict[str, Any]:
        """The same of what is right as it stands."""
        return {**super().words_so_far(), "from_team": self._from_team}

    @property
    def _from_team(self) -> Team | None:
        return self.teams.get(self.cleaned_data.get("from_team", ""))


def _workspaces(member: Member) -> list[Workspace]:
    return list(workspaces_for(member, Permission.SEND).filter(closed_at=None).order_by("name"))


def _templates(member: Member) -> list[TemplateVersion]:
    """The newest edition of each template this member may start, by name."""
    mine = Q(organization_id=member.organization_id)
    if member.role == Role.CLIENT:
        mine &= Q(template__for_clients=True)
    versions = TemplateVersion.objects.filter(mine).current().select_related("template", "target_team")
    return sorted(versions, key=lambda version: version.template.name.casefold())


def described(name: str, words: str) -> SafeString:
    """A choice with what it means below its name."""
    return format_html('<span>{}<small class="block">{}</small></span>', name, words)
