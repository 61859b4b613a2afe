"""Everybody of an organization over the next 30 days: who is there when, in which teams, and may do what where.

Read in a fixed number of statements, none of which touches a handoff.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.delivery.sight import unreachable
from handoffs.escalation.proof import EVERY, HOURS, hours
from handoffs.insight.everybody import Away, Crew, House, Person
from handoffs.insight.spaces import spaces
from tenants.models import Absence, Calendar, Kind, Member, Organization, Team, TeamMembership


def read(organization_id: UUID, at: datetime) -> House:
    """The organization as it is now, over the 30 days from the hour of `at`; ten statements."""
    zone = ZoneInfo(Organization.objects.values_list("zone", flat=True).get(pk=organization_id))
    # The hours of that zone: some lie half an hour beside those of the others.
    since = at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    here: dict[str, Any] = {"organization_id": organization_id}
    open_hours = _open_hours(since, here)
    places = list(TeamMembership.objects.filter(**here).order_by("member_id").values_list("team_id", "member_id"))
    teams = _teams(places, open_hours, here)
    people = _people(organization_id, since, teams, open_hours)
    return House(since, zone, people, teams, spaces(here, people, teams))


def _open_hours(since: datetime, here: Mapping[str, Any]) -> dict[int, int]:
    """When each calendar is open."""
    until = since + timedelta(hours=HOURS)
    return {
        calendar.pk: hours(working_time.intervals(schedule_of(calendar), since, until), since)
        for calendar in Calendar.objects.filter(**here)
    }


def _teams(
    places: Iterable[tuple[int, int]], open_hours: Mapping[int, int], here: Mapping[str, Any]
) -> dict[int, Crew]:
    inside: defaultdict[int, list[int]] = defaultdict(list)
    for team_id, member_id in places:
        inside[team_id].append(member_id)
    rows = Team.objects.filter(**here).order_by("name")
    return {
        row.pk: Crew(
            row.pk,
            row.group_id,
            row.name,
            row.lead_id,
            row.closed_at is None,
            row.is_client,
            open_hours[row.calendar_id],
            tuple(inside[row.pk]),
        )
        for row in rows
    }


def _people(
    organization_id: UUID, since: datetime, teams: Mapping[int, Crew], open_hours: Mapping[int, int]
) -> dict[int, Person]:
    by_teams: defaultdict[int, int] = defaultdict(int)
    for team in teams.values():
        for member_id in team.people if team.is_open else ():
            by_teams[member_id] |= team.hours
    unmailed = set(unreachable(organization_id).values_list("id", flat=True))
    away = _absences(organization_id, since)
    rows = Member.objects.filter(organization_id=organization_id, kind=Kind.PERSON).order_by("id")
    return {
        id: Person(
            id,
            user_id,
            name,
            role,
            left_at is not None,
            bool(active),
            id not in unmailed,
            # Of somebody without any hours it cannot be said that they are outside of them.
            open_hours[calendar_id] if calendar_id else by_teams.get(id, EVERY),
            tuple(away.get(id, ())),
        )
        for id, user_id, name, role, left_at, active, calendar_id in rows.values_list(
            "id", "user_id", "name", "role", "left_at", "user__is_active", "calendar_id"
        )
    }


def _absences(organization_id: UUID, since: datetime) -> dict[int, list[Away]]:
    found: defaultdict[int, list[Away]] = defaultdict(list)
    until = since + timedelta(hours=HOURS)
    rows = Absence.objects.filter(
        organization_id=organization_id, cancelled_at=None, ends_at__gt=since, starts_at__lt=until
    )
    for member_id, starts_at, ends_at, substitute in rows.order_by("starts_at").values_list(
        "member_id", "starts_at", "ends_at", "substitute_id"
    ):
        found[member_id].append(Away(starts_at, ends_at, hours([(starts_at, ends_at)], since), substitute))
    return found
