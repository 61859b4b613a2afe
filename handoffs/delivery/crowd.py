"""Who is there to be told of many events, read once for all of them, of however many organizations."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from handoffs.delivery.sight import RUNNING, able_people
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.sharing import HandoffTeamPermission, HandoffUserPermission
from tenants.access import INCLUDED_IN, Permission
from tenants.models import (
    Member,
    Role,
    Team,
    TeamMembership,
    Workspace,
    WorkspaceKind,
    WorkspaceTeamPermission,
    WorkspaceUserPermission,
)

Pairs = Sequence[tuple[Event, Handoff]]
_TEAMS = ("to_team", "former_team", "from_team", "tell_team")


class Person(NamedTuple):
    """One who can come and act."""

    id: int
    organization_id: UUID
    user_id: int
    role: str


@dataclass(frozen=True)
class Grants:
    """Who was granted something on a thing, by its id: users themselves, and members by a team of theirs."""

    users: Mapping[int, Collection[int]]
    members: Mapping[int, Collection[int]]

    def reach(self, thing: int, person: Person) -> bool:
        """Whether this person has the grant on it."""
        return person.user_id in self.users.get(thing, ()) or person.id in self.members.get(thing, ())


class Crowd:
    """The people of some events: who is in their teams, who manages, who may see what.

    It answers as `handoffs.delivery.sight` does for one handoff. What it answers holds for a moment.
    """

    def __init__(self, pairs: Pairs) -> None:
        teams = {team for event, _ in pairs for team in _named(event)}
        self.leads = dict(Team.objects.filter(id__among=teams).values_list("id", "lead_id"))
        self.takers: dict[int, list[int]] = {team: [] for team in teams}
        rows = TeamMembership.objects.filter(team_id__among=teams).exclude(member__role=Role.VIEWER)
        for team, member in rows.order_by("member_id").values_list("team_id", "member_id"):
            self.takers[team].append(member)
        self.workspaces = {handoff.workspace_id: handoff.workspace for _, handoff in pairs}
        self.managers = _managers(self.workspaces.values())

    def gather(self, pairs: Pairs, wanted: Iterable[int]) -> None:
        """Reads the people among `wanted`, and what they may see of these handoffs."""
        self._wanted = {*wanted, *(id for ids in self.managers.values() for id in ids)}
        found = able_people().filter(id__among=self._wanted).order_by()
        self._people = {row[0]: Person(*row) for row in found.values_list(*Person._fields)}
        handoffs = {handoff.id for _, handoff in pairs}
        self._granted = _workspace_grants(self.workspaces, Permission.VIEW, self._wanted)
        self._shared = _grants(HandoffUserPermission, HandoffTeamPermission, handoffs, self._wanted)

    @cached_property
    def members(self) -> Mapping[int, Member]:
        """The same people with all that is known of them, read when somebody asks."""
        return Member.objects.filter(id__among=self._people).select_related("user").in_bulk()

    def hearing(self, event: Event, handoff: Handoff, ids: Iterable[int]) -> Iterator[int]:
        """Those of these people who may hear of the event, without the one whose act it was."""
        for id in ids:
            person = self._people.get(id)
            if person is None or id == event.by_id or (event.internal and person.role == Role.CLIENT):
                continue
            if person.organization_id == handoff.organization_id and self._sees(handoff, person):
                yield id

    def _sees(self, handoff: Handoff, person: Person) -> bool:
        if person.role in RUNNING or person.id == handoff.custodian_id:
            return True
        workspace = self.workspaces[handoff.workspace_id]
        return _granted(self._granted, workspace, person) or self._shared.reach(handoff.id, person)


def _named(event: Event) -> Iterator[int]:
    facts: Mapping[str, Any]
    for facts in (event.facts, *event.facts.get("alarms", ())):
        yield from (facts[name] for name in _TEAMS if facts.get(name) is not None)


def _managers(workspaces: Collection[Workspace]) -> dict[int, list[int]]:
    """By workspace: its managers; without any, who runs the place."""
    granted = _workspace_grants([workspace.id for workspace in workspaces], Permission.MANAGE)
    users = {id for ids in granted.users.values() for id in ids}
    members = {id for ids in granted.members.values() for id in ids}
    there = able_people().filter(organization_id__in={workspace.organization_id for workspace in workspaces})
    anybody = Q(role__in=RUNNING)
    if users or members:
        anybody |= Q(id__in=members) | Q(user_id__in=users)
    by_organization: dict[Any, list[Person]] = {}
    for row in there.filter(anybody).order_by("id").values_list(*Person._fields):
        by_organization.setdefault(row[1], []).append(Person(*row))
    found: dict[int, list[int]] = {}
    for workspace in workspaces:
        known = by_organization.get(workspace.organization_id, ())
        managing = [one.id for one in known if one.role != Role.VIEWER and _granted(granted, workspace, one)]
        found[workspace.id] = managing or [one.id for one in known if one.role in RUNNING]
    return found


def _granted(grants: Grants, workspace: Workspace, person: Person) -> bool:
    # A grant that reached a client by mistake opens nothing of ours.
    is_ours = person.role != Role.CLIENT or workspace.kind == WorkspaceKind.CLIENT
    return is_ours and grants.reach(workspace.id, person)


def _workspace_grants(ids: Collection[int], permission: Permission, only: Collection[int] | None = None) -> Grants:
    names = [str(including) for including in INCLUDED_IN[permission]]
    return _grants(WorkspaceUserPermission, WorkspaceTeamPermission, ids, only, permission__codename__in=names)


def _grants(by_user: Any, by_team: Any, ids: Collection[int], only: Collection[int] | None, **which: Any) -> Grants:
    to_users, to_teams = (kind.objects.filter(content_object_id__among=ids, **which) for kind in (by_user, by_team))
    users = _gathered(to_users.values_list("content_object_id", "user_id"))
    # Two plain reads put together here: joined under row security, they have been planned as a loop over everybody.
    things = _gathered(to_teams.values_list("group_id", "content_object_id").distinct())
    open_teams = TeamMembership.objects.filter(team__closed_at=None)
    some = open_teams.filter(team__group_id__among=things) if only is None else open_teams.filter(member_id__among=only)
    members: dict[int, set[int]] = {}
    for group, member in some.values_list("team__group_id", "member_id"):
        for thing in things.get(group, ()):
            members.setdefault(thing, set()).add(member)
    return Grants(users, members)


def _gathered(rows: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for thing, who in rows:
        found.setdefault(thing, set()).add(who)
    return found
