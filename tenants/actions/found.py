"""Found a new organization."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from tenants.access import Permission
from tenants.actions.create_team import create_team
from tenants.actions.grant import grant
from tenants.actions.open_workspace import open_workspace
from tenants.models import Calendar, Kind, Member, Organization, Role, Team, User, Workspace
from tenants.models.member import SYSTEM_NAME
from tenants.rules import saving
from tenants.scope import scope


@dataclass(frozen=True)
class Founded:
    """A new organization and what it begins with."""

    organization: Organization
    owner: Member
    team: Team
    workspace: Workspace
    calendar: Calendar
    system_member: Member


def found(
    *,
    name: str,
    slug: str,
    owner: User,
    at: datetime,
    by: None = None,
    team_name: str = "Everyone",
    workspace_name: str = "Our work",
    zone: str = "UTC",
    country: str = "",
    hue: int = 255,
    is_demo: bool = False,
    is_imported: bool = False,
) -> Founded:
    """Make an organization with its owner, a first team with a calendar, and an internal workspace granted to it.

    Nobody can be `by`: the founder is not a member yet. Enters and leaves the new organization's scope itself.
    Raises Conflict slug_taken, Invalid.
    """
    organization = Organization(
        id=uuid.uuid4(),
        name=name,
        slug=slug,
        zone=zone,
        hue=hue,
        is_demo=is_demo,
        is_imported=is_imported,
        created_at=at,
    )
    with scope(organization), saving():
        # Uniqueness is left to the database: row security hides the very row that has the address.
        organization.full_clean(validate_unique=False, validate_constraints=False)
        organization.save(force_insert=True)
        system, first = _first_members(organization, owner, at)
        calendar = _office_hours(organization, zone, country)
        team = create_team(name=team_name, lead=first, calendar=calendar, by=first, at=at)
        workspace = open_workspace(name=workspace_name, kind=Workspace.Kind.INTERNAL, by=first, at=at)
        grant(workspace=workspace, to=team, permissions=_WORKING, by=first, at=at)
    return Founded(organization, first, team, workspace, calendar, system)


_WORKING = (Permission.VIEW, Permission.SEND, Permission.RECEIVE)


def _first_members(organization: Organization, owner: User, at: datetime) -> tuple[Member, Member]:
    """The product itself, and the owner."""
    return (
        Member.objects.create(
            organization=organization, kind=Kind.SYSTEM, role=Role.ADMIN, name=SYSTEM_NAME, joined_at=at
        ),
        Member.objects.create(
            organization=organization, user=owner, role=Role.OWNER, name=str(owner)[:120], joined_at=at
        ),
    )


def _office_hours(organization: Organization, zone: str, country: str) -> Calendar:
    """The first calendar: office hours where the organization is."""
    calendar = Calendar(organization=organization, name="Office hours", zone=zone, country=country)
    calendar.full_clean(exclude=["organization"])
    calendar.save()
    return calendar
