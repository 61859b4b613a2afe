"""What one says to start an organization."""

from typing import Any

from django import forms
from django.utils.text import slugify

from portal.forms.base import ActionForm
from tenants.models.organization import validate_slug
from tenants.zones import known_zones


class AddressForm(ActionForm):
    """One's own e-mail address."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="We send a link there; the rest is one page.",
    )

    def clean_email(self) -> str:
        """In small letters, as it is kept."""
        return str(self.cleaned_data["email"]).lower()


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(known_zones())]


class OrganizationForm(ActionForm):
    """Its name, where it is, and the first team."""

    organization = forms.CharField(label="Name of your organization", max_length=120)
    slug = forms.CharField(
        label="Its address here",
        max_length=50,
        required=False,
        help_text="Small letters, digits and hyphens; it stands in every link. Left empty, it is made from the name.",
    )
    zone = forms.ChoiceField(label="Your time zone", choices=_zones, initial="Europe/Berlin")
    team_name = forms.CharField(
        label="Your first team", max_length=120, initial="Everyone", help_text="You lead it; more can follow."
    )

    def clean(self) -> dict[str, Any]:
        """Makes the address from the name where none was given, and refuses what cannot be one."""
        said = super().clean() or {}
        if "organization" in said and "slug" in said:
            said["slug"] = said["slug"].strip() or slugify(said["organization"])[:50].strip("-")
            try:
                validate_slug(said["slug"])
            except forms.ValidationError as fault:
                self.add_error("slug", fault)
        return said

    def words(self) -> dict[str, Any]:
        """The arguments of `found`."""
        said = dict(self.cleaned_data)
        return {"name": said.pop("organization"), **said}
