"""A team: what it is called, when it works, who stands in; who leads it, who is in it."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.person import PersonField
from tenants.models import Calendar, Member, Team

KINDS = [(Team.Kind.INTERNAL.value, "Ours"), (Team.Kind.CLIENT.value, "A client's: only clients are in it")]


class TeamForm(ActionForm):
    """Name, hours and backup."""

    name = forms.CharField(label="Name", max_length=120)
    calendar = forms.ModelChoiceField(
        queryset=Calendar.objects.none(),
        label="Calendar",
        empty_label=None,
        help_text="Promises to this team run in these hours.",
    )
    backup = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        label="Backup team",
        required=False,
        empty_label="None",
        help_text="Takes what nobody here can take.",
    )

    def __init__(self, *given: Any, by: Member, team: Team | None = None) -> None:
        initial = {"name": team.name, "calendar": team.calendar_id, "backup": team.backup_id} if team else {}
        super().__init__(given[0] if given else None, initial=initial)
        home = {"organization_id": by.organization_id}
        calendar: Any = self.fields["calendar"]
        calendar.queryset = Calendar.objects.filter(**home).order_by("name")
        others = Team.objects.filter(**home, closed_at=None).order_by("name")
        if team is not None:
            others = others.exclude(pk=team.pk)
            if not team.is_client:
                others = others.exclude(kind=Team.Kind.CLIENT)
        backup: Any = self.fields["backup"]
        backup.queryset = others


class NewTeamForm(TeamForm):
    """A team with its lead, who is its first member."""

    kind = forms.ChoiceField(label="Whose people", choices=KINDS, initial=Team.Kind.INTERNAL, widget=forms.RadioSelect)
    lead = PersonField(label="Lead", help_text="Their e-mail address, or their name. Somebody always leads a team.")

    field_order = ("name", "kind", "lead", "calendar", "backup")

    def __init__(self, *given: Any, by: Member) -> None:
        super().__init__(*given, by=by)
        lead: Any = self.fields["lead"]
        lead.among(Member.objects.able().people().filter(organization_id=by.organization_id))


class AddMemberForm(ActionForm):
    """Somebody who is not in the team yet."""

    member = PersonField(label="Who")

    def __init__(self, *given: Any, team: Team) -> None:
        super().__init__(*given)
        able = Member.objects.able().filter(organization_id=team.organization_id)
        able = able.exclude(kind=Member.Kind.SYSTEM).exclude(team_memberships__team=team)
        clients = {"role": Member.Role.CLIENT}
        member: Any = self.fields["member"]
        member.among(able.filter(**clients) if team.is_client else able.exclude(**clients))
