"""An absence: from when until when, and who stands in."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from portal.forms.base import ActionForm
from tenants.models import Member, Role

OF_ANOTHER = "Offers to {0} alone go to them, else to the team. What {0} answers for goes to the team's lead."


class AbsenceForm(ActionForm):
    """The dates, in the reader's own zone, somebody to stand in, and words for colleagues."""

    starts_at = forms.DateTimeField(
        label="Away from",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text="In your own time zone.",
    )
    ends_at = forms.DateTimeField(
        label="Back on",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    substitute = forms.ModelChoiceField(
        queryset=Member.objects.none(),
        required=False,
        label="Who stands in",
        empty_label="Nobody in particular",
        help_text="Offers to you alone go to them, else to the team. What you answer for goes to the team's lead.",
    )
    remark = forms.CharField(max_length=200, required=False, label="Words for colleagues")

    def __init__(self, *given: Any, member: Member, by: Member | None = None) -> None:
        super().__init__(*given)
        if by is not None and by.pk != member.pk:
            self.fields["substitute"].help_text = OF_ANOTHER.format(member.name)
        choice: Any = self.fields["substitute"]
        choice.queryset = possible_substitutes(member)

    def words(self) -> dict[str, Any]:
        """The arguments of `add_absence`."""
        given = dict(self.cleaned_data)
        given["words"] = given.pop("remark")
        return given


def possible_substitutes(member: Member) -> QuerySet[Member]:
    """The people of the member's teams and of the teams behind them: clients for clients, our own for our own."""
    teams = sorted(member.standing.team_ids)
    near = Q(team_memberships__team_id__in=teams) | Q(team_memberships__team__backs_up__in=teams)
    people = Member.objects.able().people().filter(near, organization_id=member.organization_id)
    alike = people.filter(role=Role.CLIENT) if member.role == Role.CLIENT else people.exclude(role=Role.CLIENT)
    return alike.exclude(pk=member.pk).exclude(role=Role.VIEWER).distinct().order_by("name", "id")
