"""Teams: who receives work together, who leads, who stands in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from handoffs.hours import change_team
from portal.admin.base import Lines, Section
from portal.admin.marks import column
from portal.admin.site import site
from tenants.actions import add_to_team, change_lead, create_team, remove_from_team
from tenants.models import Member, Team, TeamMembership


class MembershipLines(Lines):
    """Who is in the team: added and taken out, never changed."""

    model = TeamMembership
    verbose_name = "member"
    verbose_name_plural = "members"
    fields = ("member", "joined_at")
    readonly_fields = ("joined_at",)
    autocomplete_fields = ("member",)
    can_change = False
    can_delete = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMembership]:
        """With their names."""
        return super().get_queryset(request).select_related("member", "team").order_by("member__name")

    def choices(self, field: Any, member: Member) -> QuerySet[Any]:
        """Whoever can act."""
        return super().choices(field, member).filter(pk__in=Member.objects.able().values("pk"))


@admin.register(Team, site=site)
class TeamSection(Section):
    """Teams with their members, lead, calendar and backup."""

    list_display = ("name", "kind", "lead", "people", "calendar", "backup")
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("lead", "calendar", "backup")
    search_fields = ("name",)
    autocomplete_fields = ("lead",)
    fields = ("name", "kind", "lead", "calendar", "backup")
    inlines = (MembershipLines,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """With the number of members."""
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(people_count=Count("memberships"))

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> Any:
        """Whose people they are never changes."""
        return ("kind",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Team | None) -> Any:
        """A new team begins with its lead."""
        return (MembershipLines,) if obj else ()

    def choices(self, field: Any, member: Member) -> QuerySet[Any]:
        """Leads who can act, teams that are open."""
        found = super().choices(field, member)
        if field.name == "lead":
            return found.filter(pk__in=Member.objects.able().people().values("pk"))
        return found.filter(closed_at=None) if field.name == "backup" else found

    @column("Members", ordering="people_count")
    def people(self, team: Any) -> int:
        """How many."""
        return int(team.people_count)

    def create(self, form: Any, *, by: Member, at: datetime) -> Team:
        """A new team with its lead in it."""
        given = form.cleaned_data
        return create_team(**{name: given[name] for name in self.fields}, by=by, at=at)

    def update(self, row: Team, form: Any, *, by: Member, at: datetime) -> None:
        """Its own words, and its lead."""
        given = form.cleaned_data
        if {"name", "calendar", "backup"} & set(form.changed_data):
            own = {name: given[name] for name in ("name", "calendar", "backup")}
            change_team(team=row, **own, by=by, at=at)
        if "lead" in form.changed_data:
            change_lead(team=row, lead=given["lead"], by=by, at=at)

    def arrange(self, row: Team, formsets: Sequence[Any], *, by: Member, at: datetime) -> None:
        """Members come and go."""
        for formset in formsets:
            for line in formset.deleted_forms:
                if line.instance.pk:
                    remove_from_team(team=row, member=line.instance.member, by=by, at=at)
            for line in formset.extra_forms:
                if line.has_changed() and line not in formset.deleted_forms:
                    add_to_team(team=row, member=line.cleaned_data["member"], by=by, at=at)
