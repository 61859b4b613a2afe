"""Who one is here: the name others see, and the zone in which one reads times."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.places import zone_choices
from tenants.models import Member


class YouForm(ActionForm):
    """Name and zone."""

    name = forms.CharField(label="Your name here", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    zone = forms.ChoiceField(
        label="Your time zone",
        choices=lambda: zone_choices("The organization's"),
        required=False,
        help_text="In which you read times.",
    )

    # The token's form on the same page has a name as well.
    prefix = "you"

    def __init__(self, *given: Any, member: Member) -> None:
        super().__init__(given[0] if given else None, initial={"name": member.name, "zone": member.zone})
