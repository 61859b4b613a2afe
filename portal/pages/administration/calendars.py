"""Calendars: when teams work."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.hours import change_calendar, waiting
from portal.forms.administration.calendars import CalendarForm
from portal.forms.base import ActionForm
from portal.forms.later import tell_later, tell_week
from portal.forms.words import write_days
from portal.pages.administration.base import CALENDARS, Administration, New, OneThing, runs
from tenants.actions import create_calendar
from tenants.models import Calendar, Member, Team

MOST = 500


def read_by(member: Member) -> QuerySet[Calendar]:
    """The calendars this member reads: all, or those that the teams they lead work by."""
    rows = Calendar.objects.filter(organization_id=member.organization_id)
    led = Team.objects.filter(organization_id=member.organization_id, lead=member, closed_at=None)
    return rows if runs(member) else rows.filter(id__in=led.values("calendar_id"))


class Calendars(Administration):
    """The list."""

    place = CALENDARS
    template = "administration/calendars.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """All of them, with their week in words."""
        rows = list(read_by(self.member).order_by("name")[:MOST])
        teams = Team.objects.filter(**self.home, closed_at=None, calendar__in=[calendar.pk for calendar in rows])
        used = dict(teams.order_by().values_list("calendar_id").annotate(Count("id")))
        return self.show(rows=[(calendar, tell_week(calendar.hours), used.get(calendar.pk, 0)) for calendar in rows])


class NewCalendar(New):
    """Another calendar."""

    place = CALENDARS
    title, button = "New calendar", "Create calendar"
    words = "Working hours that teams can then work by."

    def form(self, *given: Any) -> CalendarForm:
        """Its hours."""
        return CalendarForm(*given[:1], by=self.member)

    def act(self, form: ActionForm) -> Calendar:
        """The one call."""
        return create_calendar(by=self.member, at=self.now, **form.words())

    def after(self, done: Calendar) -> HttpResponse:
        """To the list."""
        return self.told(f"{done.name} is there. Teams can be given it now.", reverse("calendars"))


class CalendarPage(OneThing):
    """One calendar: changed by those who run the organization, read by leads of teams that work by it."""

    place = CALENDARS
    template = "administration/calendar.html"
    slots = ("calendar",)

    def rows(self) -> QuerySet[Calendar]:
        """Those that the reader reads."""
        return read_by(self.member)

    def calendar_form(self, *given: Any) -> CalendarForm:
        """Its hours."""
        return CalendarForm(*given, by=self.member, calendar=self.thing)

    def facts(self) -> Mapping[str, Any]:
        """In words, and who works by it."""
        calendar: Calendar = self.thing
        return {
            "week": tell_week(calendar.hours),
            "later": tell_later(calendar.versions),
            "days": write_days(calendar.days),
            "teams": Team.objects.filter(**self.home, calendar=calendar, closed_at=None).order_by("name")[:MOST],
            "waiting": waiting(calendar).count(),
        }


class ChangeCalendar(CalendarPage):
    """Gives it other hours; what runs is laid out anew, and each handoff has it on record."""

    slot = "calendar"

    def act(self, form: ActionForm) -> Calendar:
        """The one call."""
        if not runs(self.member):
            raise PermissionDenied(CALENDARS.closed)
        return change_calendar(calendar=self.thing, by=self.member, at=self.now, **form.words())

    def after(self, done: Calendar) -> HttpResponse:
        """Back."""
        return self.back(f"{done.name} is up to date. Promises that run in these hours are laid out anew now.")
