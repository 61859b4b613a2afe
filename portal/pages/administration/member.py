"""One member: their place, their teams, when they are away, and their leaving."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.departing import burden, depart
from handoffs.hours import give_hours
from handoffs.models import Handoff
from portal.forms.absence import AbsenceForm
from portal.forms.administration.members import JoinTeamForm, PlaceForm
from portal.forms.base import ActionForm
from portal.forms.leaving import LeaveByNameForm, told
from portal.pages.administration.base import MEMBERS, OneThing, runs
from portal.pages.administration.members import arranged_by
from portal.pages.base import SeeOther
from tenants.actions import add_absence, add_to_team, cancel_absence, change_role, remove_from_team, update_member
from tenants.models import Absence, Kind, Member, Team, TeamMembership

SHOWN = 10


class MemberPage(OneThing):
    """Somebody's page, for those who run the organization and the leads of their teams."""

    place = MEMBERS
    template = "administration/member.html"
    slots = ("place", "team", "absence")

    def rows(self) -> QuerySet[Member]:
        """Those whom the reader arranges."""
        return arranged_by(self.member)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Those who left are only looked at."""
        if self.slot and self.thing.left_at is not None:
            return self.http_method_not_allowed(request)
        return super().post(request, *args, **kwargs)

    def place_form(self, *given: Any) -> PlaceForm:
        """What they are here."""
        return PlaceForm(*given, member=self.thing, by=self.member)

    def team_form(self, *given: Any) -> JoinTeamForm:
        """Another team, of those that the reader arranges."""
        open_ones = Team.objects.filter(**self.home, closed_at=None)
        theirs = open_ones if runs(self.member) else open_ones.filter(lead=self.member)
        kind = Team.Kind.CLIENT if self.thing.role == Member.Role.CLIENT else Team.Kind.INTERNAL
        fitting = theirs.filter(kind=kind).exclude(memberships__member=self.thing)
        return JoinTeamForm(*given, teams=fitting.order_by("name"))

    def absence_form(self, *given: Any) -> AbsenceForm:
        """Another absence."""
        return AbsenceForm(*given, member=self.thing, by=self.member)

    def facts(self) -> Mapping[str, Any]:
        """Teams and absences."""
        mine = {**self.home, "member": self.thing}
        places = (
            TeamMembership.objects.filter(**mine, team__closed_at=None).select_related("team").order_by("team__name")
        )
        if not runs(self.member):
            places = places.filter(team__lead=self.member)
        away = Absence.objects.filter(**mine).to_come(self.now).select_related("substitute", "recorded_by")[:100]
        return {
            "places": [(place.team, place.team.lead_id == self.thing.pk) for place in places],
            "absences": [(absence, absence.starts_at <= self.now) for absence in away],
            "is_person": self.thing.kind == Kind.PERSON,
            "is_self": self.thing.pk == self.member.pk,
        }


class ChangePlace(MemberPage):
    """Gives another role, name, zone or hours."""

    slot = "place"

    def act(self, form: ActionForm) -> Member:
        """The calls for what changed; a refusal takes all of them back."""
        given, who = form.words(), {"member": self.thing, "by": self.member, "at": self.now}
        if "role" in form.changed_data:
            change_role(role=given["role"], **who)
        if {"name", "zone"} & set(form.changed_data):
            update_member(name=given["name"], zone=given["zone"], **who)
        if "calendar" in form.changed_data:
            give_hours(calendar=given["calendar"], **who)
        return self.thing  # type: ignore[no-any-return]

    def after(self, done: Member) -> HttpResponse:
        """Back."""
        if done.pk == self.member.pk:
            self.member.role = done.role
        return self.back(f"{done.name} is up to date.")


class JoinTeam(MemberPage):
    """Adds to a team."""

    slot = "team"

    def act(self, form: ActionForm) -> TeamMembership:
        """The one call."""
        return add_to_team(member=self.thing, by=self.member, at=self.now, **form.words())

    def after(self, done: TeamMembership) -> HttpResponse:
        """Back."""
        return self.back(f"{done.member.name} is in {done.team.name} now.")


class LeaveTeam(MemberPage):
    """Takes out of a team."""

    slot = "nothing"

    def act(self, form: ActionForm) -> Team:
        """The one call."""
        team: Team = self.named("team", Team.objects.filter(**self.home, memberships__member=self.thing))
        remove_from_team(team=team, member=self.thing, by=self.member, at=self.now)
        return team

    def after(self, done: Team) -> HttpResponse:
        """Back."""
        return self.back(f"{self.thing.name} is no longer in {done.name}.")


class BeAway(MemberPage):
    """Records an absence: whoever has fallen ill does not do it themselves."""

    slot = "absence"

    def act(self, form: ActionForm) -> Absence:
        """The one call."""
        return add_absence(member=self.thing, by=self.member, at=self.now, **form.words())

    def after(self, done: Absence) -> HttpResponse:
        """Back."""
        return self.back(f"The absence of {self.thing.name} is recorded.")


class BeBack(MemberPage):
    """Cancels an absence, or ends one that has begun."""

    slot = "nothing"

    def act(self, form: ActionForm) -> Absence:
        """The one call."""
        mine = Absence.objects.filter(**self.home, member=self.thing).select_related("member")
        return cancel_absence(absence=self.named("absence", mine), by=self.member, at=self.now)

    def after(self, done: Absence) -> HttpResponse:
        """Back."""
        name = self.thing.name
        return self.back(f"{name} is here again." if done.starts_at <= self.now else f"{name} will be here after all.")


class Leave(OneThing):
    """Ends somebody's time here, after a page that shows what they hold and where it goes."""

    place = MEMBERS
    only_for_those_who_run_it = True
    template = "administration/leave.html"
    slot = "leave"
    slots = ("leave",)

    def rows(self) -> QuerySet[Member]:
        """Those who are still here."""
        return arranged_by(self.member).filter(left_at=None)

    def leave_form(self, *given: Any) -> LeaveByNameForm:
        """Who takes over."""
        return LeaveByNameForm(*given, member=self.thing, held=self.burden[0])

    @property
    def burden(self) -> tuple[int, int]:
        """Handoffs they answer for, offers to them alone."""
        return burden(self.thing)

    def facts(self) -> Mapping[str, Any]:
        """What they hold, the first of it by name, and which teams they lead."""
        held, reserved = self.burden
        led = Team.objects.filter(**self.home, lead=self.thing, closed_at=None).order_by("name")
        return {
            "told": told(self.thing, held, reserved),
            "held": Handoff.objects.held_by(self.thing)[:SHOWN],
            "further": max(0, held - SHOWN),
            "led": led[:SHOWN],
        }

    def act(self, form: ActionForm) -> Member:
        """The one call."""
        given = form.words()
        return depart(member=self.thing, by=self.member, at=self.now, successor=given.get("successor"))

    def after(self, done: Member) -> HttpResponse:
        """To the list; whoever left themselves is out."""
        if done.pk == self.member.pk:
            return SeeOther("/")
        return self.told(f"{done.name} has left.", reverse("members"))
