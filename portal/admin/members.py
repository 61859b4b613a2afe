"""Members: who is here, in which role, in which teams."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelect2Widget

from handoffs.departing import burden, depart
from handoffs.hours import give_hours
from portal.admin.acting import act
from portal.admin.base import Lines, Section
from portal.admin.gate import LEADS, enters, member_of
from portal.admin.marks import button, column
from portal.admin.site import site
from portal.forms.absence import AbsenceForm
from portal.forms.leaving import LeaveForm, told
from portal.forms.places import zone_choices
from tenants.actions import (
    add_absence,
    add_service,
    add_to_team,
    cancel_absence,
    change_role,
    remove_from_team,
    update_member,
)
from tenants.models import Absence, Kind, Member, Role, TeamMembership


class TeamLines(Lines):
    """The teams one is in."""

    model = TeamMembership
    verbose_name = "team"
    verbose_name_plural = "teams"
    fields = ("team", "joined_at")
    readonly_fields = ("joined_at",)
    can_change = False
    can_delete = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMembership]:
        """With their names."""
        return super().get_queryset(request).select_related("team", "member").order_by("team__name")

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those that the reader leads: the others' pages are not theirs."""
        return rows.filter(id__in=_led(member_of(request)).values("id"))

    def choices(self, field: Any, member: Member) -> QuerySet[Any]:
        """Teams that are open."""
        return super().choices(field, member).filter(closed_at=None)


class AbsenceLines(Lines):
    """When one is away, as long as that is not over; taken out, an absence is cancelled and stays on record."""

    model = Absence
    fk_name = "member"
    verbose_name = "absence"
    verbose_name_plural = "absences"
    fields = readonly_fields = ("starts_at", "ends_at", "substitute", "words", "recorded_by")
    can_add = can_change = False
    can_delete = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        """Those to come and the present one."""
        rows = super().get_queryset(request).filter(cancelled_at=None, ends_at__gt=timezone.now())
        return rows.select_related("member", "substitute", "recorded_by").order_by("starts_at")


class MemberForm(forms.ModelForm[Member]):
    """Name, role, zone and hours."""

    zone = forms.ChoiceField(
        choices=partial(zone_choices, "The organization's"), required=False, widget=UnfoldAdminSelect2Widget
    )


@admin.register(Member, site=site)
class MemberSection(Section):
    """Everyone but the product itself. People come by invitation; what is added here acts for an integration.

    A lead sees the people of their teams; to choose somebody, whoever is let in may look any colleague up by name.
    """

    open_to = LEADS
    form = MemberForm
    list_display = ("name", "email", "role_label", "teams", "joined_at", "standing_label")
    list_filter = (("role", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    fields = ("name", "role", "zone", "calendar", "email", "kind", "joined_at", "left_at")
    inlines = (TeamLines, AbsenceLines)
    actions_detail = ("absence_page", "leave_page")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        """Whoever has a login here."""
        return super().get_queryset(request).exclude(kind=Kind.SYSTEM).select_related("user")

    def theirs(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The people of the teams one leads; to choose from, everybody."""
        return rows if _is_lookup(request) else rows.filter(id__in=_led(member_of(request)).values("member_id"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads; to choose somebody, whoever is let in."""
        return super().has_view_permission(request, obj) or (_is_lookup(request) and enters(member_of(request)))

    def get_fields(self, request: HttpRequest, obj: Member | None = None) -> Any:
        """An integration begins with a name and a role."""
        return self.fields if obj else ("name", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> Any:
        """What is not for the admin to change; nothing of those who left."""
        if obj and obj.left_at:
            return self.fields
        return ("email", "kind", "joined_at", "left_at")

    def get_inlines(self, request: HttpRequest, obj: Member | None) -> Any:
        """Teams and absences of those who are here."""
        return self.inlines if obj and obj.left_at is None else ()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Teams of the page's members, prefetched."""
        found = super().get_changelist_instance(request)
        found.result_list = found.result_list.prefetch_related("team_memberships__team")
        return found

    @column("E-mail", ordering="user__email")
    def email(self, member: Member) -> str:
        """The address of the login; an integration has none that anybody could use."""
        return member.user.email if member.user and member.kind == Kind.PERSON else "–"

    @column(
        "Role",
        ordering="role",
        label={**dict.fromkeys(Role.values, ""), "owner": "primary", "admin": "primary", "client": "info"},
    )
    def role_label(self, member: Member) -> tuple[str, str]:
        """What they are to the organization."""
        return member.role, member.get_role_display()

    @column("Teams")
    def teams(self, member: Member) -> str:
        """By name."""
        return ", ".join(sorted(place.team.name for place in member.team_memberships.all())) or "–"

    @column("Here", label={"left": "warning", "integration": "info", "here": "success"})
    def standing_label(self, member: Member) -> tuple[str, str]:
        """Here, an integration, or left."""
        if not member.is_able:
            return "left", "Left" if member.left_at else "Login inactive"
        return ("integration", "Integration") if member.kind == Kind.SERVICE else ("here", "Here")

    def create(self, form: Any, *, by: Member, at: datetime) -> Member:
        """A member for an integration."""
        return add_service(name=form.cleaned_data["name"], role=form.cleaned_data["role"], by=by, at=at)

    def update(self, row: Member, form: Any, *, by: Member, at: datetime) -> None:
        """The role, name and zone, and hours."""
        given = form.cleaned_data
        if "role" in form.changed_data:
            change_role(member=row, role=given["role"], by=by, at=at)
        if {"name", "zone"} & set(form.changed_data):
            update_member(member=row, name=given["name"], zone=given["zone"], by=by, at=at)
        if "calendar" in form.changed_data:
            give_hours(member=row, calendar=given["calendar"], by=by, at=at)

    def arrange(self, row: Member, formsets: Sequence[Any], *, by: Member, at: datetime) -> None:
        """Teams come and go; absences are cancelled."""
        for formset in formsets:
            if formset.model is Absence:
                for line in formset.deleted_forms:
                    cancel_absence(absence=line.instance, by=by, at=at)
                continue
            for line in formset.deleted_forms:
                if line.instance.pk:
                    remove_from_team(team=line.instance.team, member=row, by=by, at=at)
            for line in formset.extra_forms:
                if line.has_changed() and line not in formset.deleted_forms:
                    add_to_team(team=line.cleaned_data["team"], member=row, by=by, at=at)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """One leaves once."""
        member = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if member and member.left_at is None else []

    def has_absences_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads record those of the people of their teams: whoever has fallen ill does not do it themselves."""
        return self._is_for(request, LEADS)

    @button("Record absence", "absence", icon="event_busy", needs="absences")
    def absence_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks from when until when, and who stands in."""
        member = self.get_object(request, object_id)
        if member is None or member.left_at is not None or member.kind != Kind.PERSON:
            raise Http404
        by = member_of(request)
        back = reverse("admin:tenants_member_change", args=[member.pk])
        return act(
            self,
            request,
            title=f"{member.name} is away",
            button="Record absence",
            intro="Once it begins, what they answer for goes to the lead of their team.",
            form=lambda *given: AbsenceForm(*given[:1], member=member),
            call=lambda given: _absent(member, by=by, **given),
            done=lambda absence: f"The absence of {member.name} is recorded.",
            back=back,
        )

    @button("Make leave", "leave", icon="logout", danger=True)
    def leave_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks who takes over, and ends the membership."""
        member = self.get_object(request, object_id)
        if member is None:
            raise Http404
        by = member_of(request)
        held, reserved = burden(member)
        return act(
            self,
            request,
            title=f"{member.name} leaves",
            button="Make leave",
            danger=True,
            intro=told(member, held, reserved),
            form=partial(LeaveForm, member=member, held=held),
            call=lambda words: depart(member=member, by=by, at=timezone.now(), successor=words.get("successor")),
            done=lambda left: f"{left.name} has left.",
            back=reverse("admin:tenants_member_change", args=[member.pk]),
        )


def _absent(member: Member, *, by: Member, remark: str, **given: Any) -> Absence:
    return add_absence(member=member, by=by, at=timezone.now(), words=remark, **given)


def _led(lead: Member) -> QuerySet[TeamMembership]:
    """The places in the open teams this member leads."""
    return TeamMembership.objects.filter(organization_id=lead.organization_id, team__lead=lead, team__closed_at=None)


def _is_lookup(request: HttpRequest) -> bool:
    """Is this a search for somebody to choose, in a form or a filter?"""
    match = request.resolver_match
    return match is not None and match.url_name == "autocomplete"
