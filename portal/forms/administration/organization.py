"""The organization itself: its name, its hue, its zone, its logo."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from portal import hues
from portal.forms.base import ActionForm
from portal.forms.places import zone_choices
from tenants.models import Organization
from tenants.pictures import MOST_BYTES

# By degrees; each of them reads well in light and in dark, as all 36 do.
HUES: Mapping[int, str] = {
    0: "Rose",
    30: "Red",
    60: "Amber",
    90: "Ochre",
    120: "Olive",
    150: "Green",
    180: "Teal",
    220: "Lagoon",
    260: "Blue",
    290: "Violet",
    320: "Purple",
    340: "Pink",
}


class OrganizationForm(ActionForm):
    """What it is called, how it looks, and where it is."""

    name = forms.CharField(label="Name", max_length=120)
    zone = forms.ChoiceField(
        label="Time zone", choices=zone_choices, help_text="For those who chose none of their own."
    )
    hue = forms.TypedChoiceField(label="Accent", coerce=int, widget=forms.RadioSelect({"class": "hues"}))

    def __init__(self, *given: Any, organization: Organization) -> None:
        present = hues.nearest(organization.hue)
        initial = {"name": organization.name, "zone": organization.zone, "hue": present}
        super().__init__(given[0] if given else None, initial=initial)
        known = HUES if present in HUES else {**HUES, present: "As it is"}
        hue: Any = self.fields["hue"]
        hue.choices = [(degrees, _swatch(degrees, word)) for degrees, word in known.items()]


class LogoForm(ActionForm):
    """A picture."""

    picture = forms.FileField(
        label="Picture",
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP, at most 1 MB. It is made small, and nothing but its pixels is kept.",
    )

    def clean_picture(self) -> bytes:
        """The bytes; one that is too large is not even read."""
        file = self.cleaned_data["picture"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("It may have at most 1 MB.", code="picture_too_large")
        return bytes(file.read())


def _swatch(degrees: int, word: str) -> str:
    return format_html('<span class="swatch" data-hue="{}" aria-hidden="true"></span>{}', degrees, word)
