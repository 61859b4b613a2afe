"""Calendars: when teams work."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelect2Widget

from handoffs.hours import change_calendar, waiting_count
from portal.admin.base import Section
from portal.admin.fields import DaysField, LaterField, WeekField
from portal.admin.gate import LEADS, member_of
from portal.admin.marks import column
from portal.admin.site import site
from portal.forms.later import tell_later
from portal.forms.places import country_choices, zone_choices
from portal.forms.words import write_days, write_week
from tenants.actions import create_calendar
from tenants.hours import office_hours
from tenants.models import Calendar, Member, Team

FIELDS = ("name", "zone", "hours", "country", "region", "days", "versions")


class CalendarForm(forms.ModelForm[Calendar]):
    """A calendar in words."""

    zone = forms.ChoiceField(choices=zone_choices, widget=UnfoldAdminSelect2Widget)
    hours = WeekField(help_text="Like 09:00-12:00, 13:00-17:00. 22:00-06:00 goes over midnight; “all day” is all day.")
    country = forms.ChoiceField(
        choices=country_choices, required=False, widget=UnfoldAdminSelect2Widget, label="Public holidays of"
    )
    days = DaysField(
        label="Special days",
        help_text="One a line: 2026-12-24 closed Christmas Eve, or 2026-12-31 09:00-12:00 New Year's Eve.",
    )

    versions = LaterField(
        label="Later hours",
        help_text="One a line: 2027-03-01 Mon–Thu 07:00-16:00; Fri 07:00-12:00. They apply from that date on, in the "
        "same zone and with the same holidays; for others, give the team another calendar.",
    )

    class Meta:
        model = Calendar
        fields = FIELDS


@admin.register(Calendar, site=site)
class CalendarSection(Section):
    """Working hours, holidays and special days. A lead reads those of their team: other teams may work by them too."""

    open_to = LEADS
    form = CalendarForm
    list_display = ("name", "zone", "week", "later", "country", "used_by", "to_lay_out")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "zone", "hours", "versions")}),
        ("Days off", {"fields": ("country", "region", "days")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        """With the number of teams, and of clocks that still go by former hours."""
        rows: QuerySet[Calendar] = super().get_queryset(request)
        return rows.annotate(teams_count=Count("teams"), waiting_count=waiting_count())

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those that the teams one leads work by."""
        member = member_of(request)
        led = Team.objects.filter(organization_id=member.organization_id, lead=member, closed_at=None)
        return rows.filter(id__in=led.values("calendar_id"))

    def get_fieldsets(self, request: HttpRequest, obj: Calendar | None = None) -> Any:
        """What is only read is told in words."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return ((None, {"fields": ("name", "zone", "week", "later", "country", "region", "special_days")}),)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new calendar begins with office hours where the organization is."""
        return {"zone": member_of(request).organization.zone, "hours": office_hours()}

    @column("Hours")
    def week(self, calendar: Calendar) -> str:
        """The week in words."""
        return write_week(calendar.hours)

    @column("Later hours")
    def later(self, calendar: Calendar) -> str:
        """What applies from which date on, in words."""
        return ". ".join(tell_later(calendar.versions)) or "–"

    @column("Due times to move")
    def to_lay_out(self, calendar: Any) -> int:
        """How many promises are still to be laid out in the present hours."""
        return int(calendar.waiting_count)

    @column("Special days")
    def special_days(self, calendar: Calendar) -> str:
        """One a line, in words."""
        return write_days(calendar.days) or "–"

    @column("Teams", ordering="teams_count")
    def used_by(self, calendar: Any) -> int:
        """How many teams work by it."""
        return int(calendar.teams_count)

    def create(self, form: Any, *, by: Member, at: datetime) -> Calendar:
        """A new calendar."""
        return create_calendar(**_given(form), by=by, at=at)

    def update(self, row: Calendar, form: Any, *, by: Member, at: datetime) -> None:
        """Other hours."""
        if form.has_changed():
            change_calendar(calendar=row, **_given(form), by=by, at=at)


def _given(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in FIELDS}
