"""Who may receive in a workspace: the teams, and in each the people, as one list to choose from."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from handoffs.clocks.running import schedule_of
from handoffs.clocks.working_time import intervals, next_opening
from portal.templatetags.times import in_brief
from tenants.access import INCLUDED_IN, Permission
from tenants.models import (
    Absence,
    Calendar,
    Member,
    Role,
    Team,
    TeamMembership,
    Workspace,
    WorkspaceTeamPermission,
    WorkspaceUserPermission,
)

WEEK = timedelta(days=7)
Receiver = tuple[Team, Member | None]


class Receivers:
    """Everyone who may receive in this workspace but those left out, read once by three queries.

    Who is away stands there too, with the day until which: one who is looked for and not found is asked for elsewhere.
    """

    def __init__(self, workspace: Workspace, leave_out: Collection[int | None] = ()) -> None:
        now = timezone.now()
        absences = Absence.objects.in_force(now).filter(organization_id=workspace.organization_id)
        away = dict(absences.values_list("member_id", "ends_at"))
        self._found: dict[str, Receiver] = {}
        self.choices: list[tuple[str, list[tuple[str, str]]]] = []
        granted = set(_granted_teams(workspace))
        for team, people in _people_by_team(workspace, granted, leave_out):
            lines = [(f"{team.id}.{m.id}", _called(m, away.get(m.id), team.calendar, now)) for m in people]
            if team.id in granted and any(member.id not in away for member in people):
                anybody = f"{team.name} (whoever takes it first), {hours_in_words(team.calendar, now)}"
                lines.insert(0, (f"{team.id}", anybody))
                self._found[f"{team.id}"] = (team, None)
            self._found |= {f"{team.id}.{member.id}": (team, member) for member in people}
            if lines:
                self.choices.append((team.name, lines))

    def keep_common(self, others: "Iterable[Receivers]") -> None:
        """Leaves out whoever may not receive in all of the other workspaces too."""
        for other in others:
            self._found = {key: receiver for key, receiver in self._found.items() if other.get(key) is not None}
        kept = [(team, [line for line in lines if line[0] in self._found]) for team, lines in self.choices]
        self.choices = [(team, lines) for team, lines in kept if lines]

    def get(self, key: str) -> Receiver | None:
        """The team and, where one is chosen, the person in it."""
        return self._found.get(key)


def _called(member: Member, until: datetime | None, team: Calendar, now: datetime) -> str:
    """The name, and until when they are away or when their time to accept begins to count."""
    if until:
        return f"{member.name} (away until {timezone.localtime(until):%-d %B})"
    return f"{member.name}, {hours_in_words(member.calendar or team, now)}"


def hours_in_words(calendar: Calendar, now: datetime) -> str:
    """Whether it is open, until when, or when it opens next, in the reader's zone: "opens Mon 09:00"."""
    schedule = schedule_of(calendar)
    opens = next_opening(schedule, now)
    if opens > now:
        return f"opens {in_brief(opens, None, now)}"
    closes = now
    for begins, ends in intervals(schedule, now, now + WEEK):
        if begins > closes:
            break
        closes = ends
    return f"open until {in_brief(closes, None, now)}" if closes < now + WEEK else "always open"


class ReceiverField(forms.ChoiceField):
    """One of the receivers; cleans to (team, member or None), or None when nothing was chosen."""

    def __init__(self, receivers: Receivers, **given: Any) -> None:
        self.receivers = receivers
        choices: list[Any] = [("", "Choose who should receive this"), *receivers.choices]
        super().__init__(choices=choices, **given)

    def clean(self, value: Any) -> Any:
        """The receiver behind the key."""
        return self.receivers.get(super().clean(value))


def _granted_teams(workspace: Workspace) -> Sequence[int]:
    """Ids of the open teams that may receive there."""
    grants = WorkspaceTeamPermission.objects.filter(
        organization_id=workspace.organization_id,
        content_object=workspace,
        permission__codename__in=[str(permission) for permission in INCLUDED_IN[Permission.RECEIVE]],
        group__team__closed_at=None,
    )
    return list(grants.values_list("group__team__id", flat=True).distinct())


def _people_by_team(
    workspace: Workspace, granted: Collection[int], leave_out: Collection[int | None]
) -> Sequence[tuple[Team, list[Member]]]:
    """The open teams by name, each with its people who may receive in this workspace themselves."""
    personally = WorkspaceUserPermission.objects.filter(
        organization_id=workspace.organization_id,
        content_object=workspace,
        permission__codename__in=[str(permission) for permission in INCLUDED_IN[Permission.RECEIVE]],
    )
    places = (
        TeamMembership.objects.filter(organization_id=workspace.organization_id, team__closed_at=None)
        .filter(member__in=Member.objects.able().filter(organization_id=workspace.organization_id))
        .filter(
            Q(team_id__in=granted)
            | Q(member__role__in=[Role.OWNER, Role.ADMIN])
            | Q(member__user_id__in=personally.values("user_id"))
        )
        .exclude(member__role=Role.VIEWER)
        .exclude(member_id__in=[key for key in leave_out if key is not None])
        .select_related("team__calendar", "member__user", "member__calendar")
        .order_by("team__name", "team_id", "member__name", "member_id")
    )
    if not workspace.is_client:
        places = places.exclude(member__role=Role.CLIENT)
    teams: dict[int, tuple[Team, list[Member]]] = {}
    for membership in places:
        teams.setdefault(membership.team_id, (membership.team, []))[1].append(membership.member)
    return list(teams.values())
