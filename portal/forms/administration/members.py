"""A member's place: role, name, zone, hours; and one more team."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.invitation import ROLES
from portal.forms.places import zone_choices
from tenants.models import Calendar, Member, Team


class PlaceForm(ActionForm):
    """What somebody is here; a lead is asked for the hours alone."""

    name = forms.CharField(label="Name", max_length=120)
    role = forms.ChoiceField(label="Role", choices=[(str(role), told) for role, told in ROLES.items()])
    zone = forms.ChoiceField(
        label="Time zone",
        choices=lambda: zone_choices("The organization's"),
        required=False,
        help_text="In which they read times.",
    )
    calendar = forms.ModelChoiceField(
        queryset=Calendar.objects.none(),
        label="Hours of their own",
        required=False,
        empty_label="Those of the team",
        help_text="What is offered to them alone, and what they accept, runs in these hours.",
    )

    def __init__(self, *given: Any, member: Member, by: Member) -> None:
        initial = {"name": member.name, "role": member.role, "zone": member.zone, "calendar": member.calendar_id}
        super().__init__(given[0] if given else None, initial=initial)
        calendar: Any = self.fields["calendar"]
        calendar.queryset = Calendar.objects.filter(organization_id=member.organization_id).order_by("name")
        if not by.runs_the_organization:
            for name in ("name", "role", "zone"):
                del self.fields[name]


class JoinTeamForm(ActionForm):
    """One of the teams that somebody is not in yet."""

    team = forms.ModelChoiceField(queryset=Team.objects.none(), label="Team", empty_label="Choose a team")

    def __init__(self, *given: Any, teams: Any) -> None:
        super().__init__(*given)
        choice: Any = self.fields["team"]
        choice.queryset = teams
