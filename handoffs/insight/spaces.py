"""The open workspaces of an organization, and who may do what in each of them; three statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from handoffs.insight.everybody import Crew, Person, Space
from tenants.access import INCLUDED_IN, Permission
from tenants.models import Role, Workspace, WorkspaceTeamPermission, WorkspaceUserPermission

Grants = Mapping[int, Mapping[str, set[int]]]


def spaces(here: Mapping[str, Any], people: Mapping[int, Person], teams: Mapping[int, Crew]) -> list[Space]:
    """By name. Grants of teams that are closed open nothing, nor does one that reached a client by mistake."""
    by_group = {team.group_id: team.id for team in teams.values() if team.is_open}
    by_user = {person.user_id: person.id for person in people.values() if person.user_id is not None}
    to_teams = _grants(WorkspaceTeamPermission.objects.filter(**here), "group_id", by_group)
    to_people = _grants(WorkspaceUserPermission.objects.filter(**here), "user_id", by_user)
    found = []
    for row in Workspace.objects.filter(**here, closed_at=None).order_by("name"):
        granted = {what: _to(to_teams, row.pk, what) for what in Permission}
        named = {what: _to(to_people, row.pk, what) for what in Permission}
        if not row.is_client:
            granted = {what: {id for id in ids if not teams[id].is_client} for what, ids in granted.items()}
        let_in = {
            what: frozenset(_let_in(people, [*named[what], *_in(teams, granted[what])], what, row.is_client))
            for what in Permission
        }
        found.append(Space(row.pk, row.name, {what: frozenset(ids) for what, ids in granted.items()}, let_in))
    return found


def _grants(rows: QuerySet[Any], key: str, known: Mapping[int, int]) -> Grants:
    """By workspace and permission: to which of the known ones."""
    found: defaultdict[int, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for workspace_id, codename, whose in rows.values_list("content_object_id", "permission__codename", key):
        if whose in known:
            found[workspace_id][codename].add(known[whose])
    return found


def _to(grants: Grants, workspace_id: int, what: Permission) -> set[int]:
    """To whom the permission, or one that includes it, was granted."""
    here = grants.get(workspace_id, {})
    return {id for including in INCLUDED_IN[what] for id in here.get(str(including), ())}


def _in(teams: Mapping[int, Crew], ids: Iterable[int]) -> Iterator[int]:
    for id in ids:
        yield from teams[id].people


def _let_in(people: Mapping[int, Person], ids: Iterable[int], what: Permission, is_client: bool) -> Iterator[int]:
    """As `Standing.permits` has it."""
    for id in ids:
        role = people[id].role if id in people else Role.VIEWER  # an integration is nobody who could be told
        looks_only = role == Role.VIEWER and what is not Permission.VIEW
        if id in people and not looks_only and (is_client or role != Role.CLIENT):
            yield id
