"""Looking for handoffs: which ones, by what, and as which saved view."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.http import urlencode

from handoffs.insight.finding import Wanted
from handoffs.lifecycle import State
from handoffs.models import HandoffTemplate, Priority
from portal.forms.base import ActionForm
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Role, Team

BOXES: Mapping[str, str] = {
    "": "All that you may see",
    "waiting": "Waiting for you",
    "held": "In your hands",
    "sent": "Sent by you",
}
CHOICES = 100  # of each; an organization with more finds the others by their words


class FindForm(forms.Form):
    """The filters of an address. What is no choice is not asked for: an old address still shows something."""

    use_required_attribute = False
    q = forms.CharField(label="Words", required=False, max_length=200)
    box = forms.ChoiceField(label="Which", required=False, choices=BOXES.items())
    state = forms.ChoiceField(label="State", required=False)
    workspace = forms.ChoiceField(label="Workspace", required=False)
    template = forms.ChoiceField(label="Template", required=False)
    team = forms.ChoiceField(label="Who has it", required=False)
    priority = forms.ChoiceField(label="Priority", required=False)
    late = forms.BooleanField(label="Only what is late", required=False)

    def __init__(self, *given: Any, member: Member) -> None:
        super().__init__(*given)
        is_client = member.role == Role.CLIENT
        home = {"organization_id": member.organization_id}
        teams, templates = Team.objects.filter(**home, closed_at=None), HandoffTemplate.objects.filter(**home)
        if is_client:
            teams, templates = teams.filter(id__in=member.standing.team_ids), templates.filter(for_clients=True)
        self.fields["box"].widget.attrs["class"] = "input chooser"
        self._offer("state", "Every state", [(state.value, state.label) for state in State])
        self._offer("workspace", "Every workspace", _named(workspaces_for(member, Permission.VIEW)))
        self._offer("template", "Every template", _named(templates.filter(retired_at=None)))
        self._offer("team", "Anybody", _named(teams))
        self._offer("priority", "Every priority", [(p.name.lower(), p.label) for p in Priority])

    def _offer(self, name: str, every: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]
        self.fields[name].widget.attrs["class"] = "input chooser"

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, as it stands in an address."""
        self.is_valid()  # only what is a choice stays
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: "1" if value is True else str(value).strip() for name, value in given.items() if value}

    @property
    def narrower(self) -> list[forms.BoundField]:
        """The filters that stand behind the words and which list it is."""
        return [self[name] for name in ("state", "workspace", "template", "team", "priority")]

    @property
    def narrows(self) -> bool:
        """Whether one of these is in use."""
        return bool(self.asked.keys() - {"q", "box"})

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.asked)

    def wanted(self, now: datetime) -> Wanted:
        """What the list is narrowed down to."""
        asked = self.asked
        return Wanted(
            states=frozenset({State(asked["state"])} if "state" in asked else ()),
            workspace=_id(asked, "workspace"),
            template=_id(asked, "template"),
            team=_id(asked, "team"),
            priority=Priority[asked["priority"].upper()] if "priority" in asked else None,
            late_at=now if "late" in asked else None,
            text=asked.get("q", ""),
        )


class SaveViewForm(ActionForm):
    """A name for what is being looked at."""

    name = forms.CharField(
        label="Save this view as", max_length=200, error_messages={"required": "Give the view a name."}
    )


def _named(rows: Any) -> list[tuple[str, str]]:
    return [(str(id), name) for id, name in rows.order_by("name").values_list("id", "name")[:CHOICES]]


def _id(asked: Mapping[str, str], name: str) -> int | None:
    return int(asked[name]) if name in asked else None
