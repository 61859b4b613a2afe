"""The first client, or the next: their workspace and who of them is invited."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from tenants.models import Team


class ClientForm(ActionForm):
    """What the client is called, which of our teams works for them, and their first contact."""

    name = forms.CharField(
        label="The client", max_length=120, help_text="A workspace of this name is opened; only they and you are in it."
    )
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(), label="Your team that works with them", empty_label=None
    )
    email = forms.EmailField(
        label="E-mail of your contact there",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="They are invited by mail. Left empty, you invite them later.",
    )
    clients_invite = forms.BooleanField(label="They may invite colleagues themselves", required=False)

    def __init__(self, *given: Any, teams: Any) -> None:
        super().__init__(*given)
        choice: Any = self.fields["team"]
        choice.queryset = teams
