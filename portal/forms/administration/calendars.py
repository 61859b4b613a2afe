"""A calendar, in words."""

from typing import Any

from django import forms

from portal.forms.base import ActionForm
from portal.forms.hours import DaysField, LaterField, WeekField
from portal.forms.places import country_choices, region_choices, zone_choices
from tenants.hours import office_hours
from tenants.models import Calendar, Member

FIELDS = ("name", "zone", "hours", "versions", "country", "region", "days")


class CalendarForm(ActionForm):
    """When those who work by it are there; a new one begins with office hours where the organization is."""

    name = forms.CharField(label="Name", max_length=120)
    zone = forms.ChoiceField(label="Time zone", choices=zone_choices)
    hours = WeekField(
        label="Weekly hours",
        required=True,
        error_messages={"required": "A calendar must be open at some time of the week."},
        help_text="One line for days with the same hours: Mon–Fri 09:00-12:00, 13:00-17:00. 22:00-06:00 goes over "
        "midnight; “all day” is all day. Days that are left out stay closed.",
    )
    country = forms.ChoiceField(label="Public holidays of", choices=country_choices, required=False)
    region = forms.CharField(
        label="Region",
        max_length=10,
        required=False,
        help_text="Its short name, such as BY for Bavaria or ZH for Zürich.",
    )
    days = DaysField(
        label="Special days",
        help_text="Closed, or open at other times than usual, one a line: 2026-12-24 closed Christmas Eve, or "
        "2026-12-31 09:00-12:00 New Year's Eve.",
    )
    versions = LaterField(
        label="Later hours",
        help_text="One a line: 2027-03-01 Mon–Thu 07:00-16:00; Fri 07:00-12:00. They apply from that date on, in the "
        "same zone and with the same holidays.",
    )

    field_order = FIELDS

    def __init__(self, *given: Any, by: Member, calendar: Calendar | None = None) -> None:
        initial: dict[str, Any] = {"zone": by.organization.zone, "hours": office_hours()}
        if calendar is not None:
            initial = {name: getattr(calendar, name) for name in FIELDS}
        super().__init__(given[0] if given else None, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Short names are capitals; a region that the country does not have is answered with those it has."""
        said = super().clean() or {}
        region, known = str(said.get("region") or "").strip(), region_choices(said.get("country") or "")
        said["region"] = next((each for each in known if each.upper() == region.upper()), region)
        if region and said["region"] not in known:
            listed = f"It has {', '.join(known)}." if known else "Leave it empty."
            self.add_error("region", f"This country has no such region. {listed}")
        return said
