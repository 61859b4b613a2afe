"""The cast of an event log as members and teams of an organization."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission
from django.db import connection
from django.utils.text import slugify

from handoffs.actions.replay.cast import EVERYONE, NOBODY, Cast
from tenants.access import Permission, Standing
from tenants.actions import open_workspace
from tenants.models import (
    Calendar,
    Kind,
    Member,
    Organization,
    Role,
    Team,
    TeamMembership,
    User,
    Workspace,
    WorkspaceTeamPermission,
)
from tenants.refusals import Conflict

INTAKE, WORKSPACE, CALENDAR = "Intake", "Imported", "Round the clock"
ROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
WORKING = (Permission.VIEW, Permission.SEND, Permission.RECEIVE)
NAME_LIMIT = 120


@dataclass(frozen=True)
class Roster:
    """Everybody of the log with their standing, held in memory so that no event looks anybody up."""

    organization: Organization
    workspace: Workspace
    intake: Member
    intake_team: Team
    members: Mapping[str, Member]
    teams: Mapping[str, Team]
    by_id: Mapping[int, Member]

    def member(self, name: str | None) -> Member:
        """The member of this name in the log."""
        return self.members[name or NOBODY]

    def team(self, name: str | None) -> Team:
        """The team of this name in the log."""
        return self.teams[name or EVERYONE]


def enrol(cast: Cast, *, by: Member, at: datetime) -> Roster:
    """Gives everybody of the cast a place, as if they had been met one by one; in bulk, for a log can name thousands.

    The intake leads every team, so that a queue is never without somebody able. Who is there already is met again.
    Raises Conflict when a client's team has the name of a team of the log.
    """
    organization = by.organization
    workspace = Workspace.objects.filter(organization=organization, name=WORKSPACE).first()
    workspace = workspace or open_workspace(name=WORKSPACE, by=by, at=at)
    intake, _ = Member.objects.get_or_create(
        organization=organization, kind=Kind.SYSTEM, name=INTAKE, defaults={"role": Role.ADMIN, "joined_at": at}
    )
    members = _members(cast, organization)
    teams = _teams({INTAKE: at, **cast.teams}, organization, intake)
    _grant(workspace, teams.values())
    _bring_together(cast, members, teams, intake, at)
    _measure()
    everybody = [intake, *members.values()]
    _tell_standing(everybody, workspace)
    by_id = {member.id: member for member in everybody}
    return Roster(organization, workspace, intake, teams[INTAKE], members, teams, by_id)


def address_of(name: str, organization: Organization) -> str:
    """An address that is theirs in this organization alone, and at which nothing can ever arrive."""
    code = sha256(f"{organization.id}/{name}".encode()).hexdigest()[:10]
    return f"{slugify(name)[:40] or 'somebody'}-{code}@imported.invalid"


def name_of(name: str) -> str:
    """The name as it fits; one that is cut keeps a mark of its own, since teams go by their names."""
    if len(name) <= NAME_LIMIT:
        return name
    return f"{name[: NAME_LIMIT - 9]} {sha256(name.encode()).hexdigest()[:8]}"


def _members(cast: Cast, organization: Organization) -> dict[str, Member]:
    addresses = {address_of(name, organization): name for name in cast.members}
    users = {user.email: user for user in User.objects.filter(email__in=addresses)}
    new = [
        User(email=email, name=name_of(name), password=make_password(None), date_joined=cast.members[name])
        for email, name in addresses.items()
        if email not in users
    ]
    users |= {user.email: user for user in User.objects.bulk_create(new)}
    present = {
        member.user_id: member
        for member in Member.objects.filter(organization=organization, user__in=users.values()).select_related("user")
    }
    made = [
        Member(
            organization=organization,
            user=users[email],
            role=Role.MEMBER,
            name=name_of(name),
            joined_at=cast.members[name],
        )
        for email, name in addresses.items()
        if users[email].pk not in present
    ]
    present |= {member.user_id: member for member in Member.objects.bulk_create(made)}
    return {name: present[users[email].pk] for email, name in addresses.items()}


def _teams(met: Mapping[str, datetime], organization: Organization, intake: Member) -> dict[str, Team]:
    calendar, _ = Calendar.objects.get_or_create(
        organization=organization, name=CALENDAR, defaults={"hours": ROUND_THE_CLOCK}
    )
    names = {name_of(name): name for name in met}
    present = {
        team.name: team
        for team in Team.objects.filter(organization=organization, name__in=names).select_related("calendar")
    }
    taken = next((team for team in present.values() if team.is_client), None)
    if taken is not None:
        raise Conflict(f"{taken.name} is a client's team here, and the log has a team of that name.", code="name_taken")
    missing = [name for name in names if name not in present]
    groups = Group.objects.bulk_create(Group(name=f"team:{uuid4()}") for _ in missing)
    made = [
        Team(
            organization=organization,
            name=name,
            lead=intake,
            calendar=calendar,
            group=group,
            created_at=met[names[name]],
        )
        for name, group in zip(missing, groups, strict=True)
    ]
    present |= {team.name: team for team in Team.objects.bulk_create(made)}
    return {names[name]: team for name, team in present.items()}


def _grant(workspace: Workspace, teams: Iterable[Team]) -> None:
    """As `tenants.actions.grant` does for one team."""
    permissions = AuthPermission.objects.filter(
        content_type__app_label="tenants", content_type__model="workspace", codename__in=[str(p) for p in WORKING]
    )
    rows = [
        WorkspaceTeamPermission(
            organization_id=workspace.organization_id,
            group_id=team.group_id,
            permission=permission,
            content_object=workspace,
        )
        for permission in permissions
        for team in teams
    ]
    WorkspaceTeamPermission.objects.bulk_create(rows, ignore_conflicts=True)


def _bring_together(
    cast: Cast, members: Mapping[str, Member], teams: Mapping[str, Team], intake: Member, at: datetime
) -> None:
    """As `tenants.actions.add_to_team` does for one member: the membership, and the user in the team's group."""
    met = [(teams[team], members[member], seen) for (team, member), seen in cast.together.items()]
    here = intake.organization_id
    TeamMembership.objects.bulk_create(
        [
            *(TeamMembership(organization_id=here, team=t, member=m, joined_at=seen) for t, m, seen in met),
            *(TeamMembership(organization_id=here, team=t, member=intake, joined_at=at) for t in teams.values()),
        ],
        ignore_conflicts=True,
    )
    in_group = User.groups.through
    in_group._default_manager.bulk_create(
        [in_group(user_id=member.user_id, group_id=team.group_id) for team, member, _ in met], ignore_conflicts=True
    )


def _measure() -> None:
    """Tells the planner of so many new rows at once; it would take them for a handful until it looks by itself."""
    tables = (Member, Team, TeamMembership, WorkspaceTeamPermission, Group, User.groups.through)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in tables)}")


def _tell_standing(members: Iterable[Member], workspace: Workspace) -> None:
    """Each member's standing as far as this workspace goes, by one query for all of them."""
    teams: dict[int, set[int]] = {member.id: set() for member in members}
    rows = TeamMembership.objects.filter(organization_id=workspace.organization_id, team__closed_at=None)
    for member_id, team_id in rows.values_list("member_id", "team_id"):
        if member_id in teams:
            teams[member_id].add(team_id)
    for member in members:
        member.standing = Standing(
            member.id,
            member.role,
            team_ids=frozenset(teams[member.id]),
            grants={workspace.id: frozenset(WORKING)},
            is_system=member.is_system,
            has_left=member.left_at is not None,
        )
