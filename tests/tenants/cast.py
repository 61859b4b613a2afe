"""Two organizations that must never meet, and people in them, made by the real actions."""

from datetime import UTC, datetime

from tenants.access import Permission
from tenants.actions import Founded, create_team, found, grant, invite, join, open_workspace
from tenants.models import Member, Role, Team, User, Workspace
from tenants.scope import scope

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PASSWORD = "a calm password"


def login(name: str) -> User:
    """The one login of this person."""
    email = f"{name.lower()}@people.example"
    return User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name)


def settle(name: str, owner: str) -> Founded:
    """A new organization."""
    return found(name=name, slug=name.lower(), owner=login(owner), at=AT)


def welcome(place: Founded, name: str, role: str = Role.MEMBER, team: Team | None = None) -> Member:
    """Somebody who was invited and joined."""
    with scope(place.organization):
        _, key = invite(email=login(name).email, role=role, team=team, by=place.owner, at=AT)
    return join(raw_token=key, user=login(name), at=AT)


def client_corner(place: Founded, client: str) -> tuple[Member, Team, Workspace]:
    """A client's person, their team, and a workspace in which that team may see and send."""
    person = welcome(place, client, Role.CLIENT)
    with scope(place.organization):
        team = create_team(
            name=f"{client}'s", kind=Team.Kind.CLIENT, lead=person, calendar=place.calendar, by=place.owner, at=AT
        )
        workspace = open_workspace(name=f"With {client}", kind=Workspace.Kind.CLIENT, by=place.owner, at=AT)
        grant(workspace=workspace, to=team, permissions=[Permission.VIEW, Permission.SEND], by=place.owner, at=AT)
    return person, team, workspace
