"""Teams: who receives work together, who leads, when they work, who stands in."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from handoffs.hours import change_team
from portal.forms.administration.teams import AddMemberForm, NewTeamForm, TeamForm
from portal.forms.base import ActionForm
from portal.pages.administration.base import TEAMS, Administration, New, OneThing, runs
from tenants.actions import add_to_team, change_lead, create_team, remove_from_team
from tenants.models import Absence, Member, Team, TeamMembership

MOST = 500


def arranged_by(member: Member) -> QuerySet[Team]:
    """The open teams this member arranges: all, or those they lead."""
    rows = Team.objects.filter(organization_id=member.organization_id, closed_at=None)
    rows = rows.select_related("lead", "calendar", "backup")
    return rows if runs(member) else rows.filter(lead=member)


class Teams(Administration):
    """The list."""

    place = TEAMS
    template = "administration/teams.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """All of them: an organization has as many teams as people can tell apart."""
        rows = list(arranged_by(self.member).order_by("name")[:MOST])
        places = TeamMembership.objects.filter(**self.home, team__in=[team.pk for team in rows], member__left_at=None)
        sizes = dict(places.order_by().values_list("team_id").annotate(Count("id")))
        return self.show(rows=[(team, sizes.get(team.pk, 0)) for team in rows])


class NewTeam(New):
    """Another team."""

    place = TEAMS
    title, button = "New team", "Create team"
    words = "It begins with its lead. What it may see and do is granted in workspaces."

    def form(self, *given: Any) -> NewTeamForm:
        """Its name, lead and hours."""
        return NewTeamForm(*given[:1], by=self.member)

    def act(self, form: ActionForm) -> Team:
        """The one call."""
        return create_team(by=self.member, at=self.now, **form.words())

    def after(self, done: Team) -> HttpResponse:
        """To the team, for its members."""
        return self.told(f"{done.name} is there. Add its members.", reverse("team", args=[done.pk]))


class TeamPage(OneThing):
    """One team, for those who run the organization and its lead."""

    place = TEAMS
    template = "administration/team.html"
    slots = ("team", "member")

    def rows(self) -> QuerySet[Team]:
        """Those that the reader arranges."""
        return arranged_by(self.member)

    def team_form(self, *given: Any) -> TeamForm:
        """Name, hours and backup."""
        return TeamForm(*given, by=self.member, team=self.thing)

    def member_form(self, *given: Any) -> AddMemberForm:
        """Somebody more."""
        return AddMemberForm(*given, team=self.thing)

    def people(self) -> QuerySet[Member]:
        """Who is in it."""
        here: QuerySet[Member] = self.thing.members.filter(left_at=None).select_related("user", "organization")
        return here.order_by("name", "id")

    def facts(self) -> Mapping[str, Any]:
        """Its people, and who of them is away."""
        people = list(self.people()[:MOST])
        away = Absence.objects.in_force(self.now).filter(**self.home, member__in=[member.pk for member in people])
        until = {absence.member_id: absence.ends_at for absence in away}
        return {"people": [(member, until.get(member.pk)) for member in people]}


class ChangeTeam(TeamPage):
    """Gives it another name, other hours or another backup; promises move along."""

    slot = "team"

    def act(self, form: ActionForm) -> Team:
        """The one call."""
        return change_team(team=self.thing, by=self.member, at=self.now, **form.words())

    def after(self, done: Team) -> HttpResponse:
        """Back."""
        return self.back(f"{done.name} is up to date.")


class AddMember(TeamPage):
    """Adds somebody."""

    slot = "member"

    def act(self, form: ActionForm) -> TeamMembership:
        """The one call."""
        return add_to_team(team=self.thing, by=self.member, at=self.now, **form.words())

    def after(self, done: TeamMembership) -> HttpResponse:
        """Back."""
        return self.back(f"{done.member.name} is in {done.team.name} now.")


class RemoveMember(TeamPage):
    """Takes somebody out."""

    slot = "nothing"

    def act(self, form: ActionForm) -> Member:
        """The one call."""
        member: Member = self.named("member", self.people())
        remove_from_team(team=self.thing, member=member, by=self.member, at=self.now)
        return member

    def after(self, done: Member) -> HttpResponse:
        """Back."""
        return self.back(f"{done.name} is no longer in {self.thing.name}.")


class ChangeLead(TeamPage):
    """Lets another one of its people lead it."""

    slot = "nothing"

    def act(self, form: ActionForm) -> Team:
        """The one call."""
        return change_lead(team=self.thing, lead=self.named("member", self.people()), by=self.member, at=self.now)

    def after(self, done: Team) -> HttpResponse:
        """Back, if it is still theirs."""
        return self.back(f"{done.lead.name} leads {done.name} now.")
