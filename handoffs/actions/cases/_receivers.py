"""Who gives and who receives each step that a case comes to: as cast, else whoever is next in line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from handoffs.actions._transfer import refuse_receiver
from handoffs.flows.models import Case, Casting
from handoffs.next_in_line import heirs, receivers
from handoffs.refusals import Refusal
from tenants.access import INCLUDED_IN, Permission, may_work
from tenants.models import Member, Team, Workspace
from tenants.records import records
from tenants.refusals import Conflict
from tenants.workers import takers

Cast = tuple[Team, Member | None]
_OF_CASES = "WHERE one.organization_id = %(home)s AND one.case_id = ANY(%(cases)s::bigint[]) ORDER BY one.id"


_NOBODY_AWAY = datetime.min.replace(tzinfo=UTC)  # before anybody's absence


@dataclass(frozen=True)
class Wanted:
    """One step that somebody is to receive: its label, where it happens, its role and who plays it."""

    label: str
    workspace: Workspace
    role: str
    cast: Cast


@dataclass(frozen=True)
class Chosen:
    """Custody starts with `giver`; `team` or `member` of it is offered it."""

    giver: Member
    team: Team
    member: Member | None


class Givers:
    """With whom custody of the next steps could start, the nearest first; each is looked up when it is needed."""

    def __init__(self, nearest: Sequence[Member], team_id: int | None, at: datetime) -> None:
        self._nearest, self._team_id, self._at = nearest, team_id, at
        self._able: dict[int, list[Member]] = {}

    def able_in(self, workspace: Workspace) -> Iterator[Member]:
        """Those who can answer for work there; the same one does not come twice."""
        seen: set[int] = set()
        for member in self._all(workspace):
            if member.pk not in seen and member.can_work(self._at) and may_work(member, workspace):
                seen.add(member.pk)
                yield member

    def _all(self, workspace: Workspace) -> Iterator[Member]:
        yield from self._nearest
        yield from heirs(self._nearest[0], self._team_id, workspace, self._at)


def castings_of_all(cases: Sequence[Case]) -> dict[int, dict[str, Cast]]:
    """Who plays which role in each of these cases of one organization, by the case's key; one statement."""
    found: dict[int, dict[str, Cast]] = {case.pk: {} for case in cases}
    if cases:
        given = {"home": cases[0].organization_id, "cases": list(found)}
        for row in records(Casting, _OF_CASES, given, "team__calendar", "member__user", "member__calendar"):
            found[row.case_id][row.role] = (row.team, row.member)
    return found


def choose(wanted: Sequence[Wanted], givers: Givers, at: datetime) -> list[Chosen]:
    """Giver and receiver of each, by one statement for each workspace when everybody is where they should be.

    Whoever completed gives. Where they alone could receive it, the next who can answer for it gives it to them: work
    that is cast to somebody comes to them, and nobody accepts from themselves. Raises Conflict next_step_has_nobody.
    """
    found = {space.pk: _takers(space, wanted, at) for space in {one.workspace for one in wanted}}
    return [_chosen(one, givers, found[one.workspace.pk], at) for one in wanted]


def able(wanted: Sequence[Wanted]) -> list[bool]:
    """Of each, whether anybody who is cast could take such a step, if they were not away."""
    there_are = {space.pk: _takers(space, wanted, _NOBODY_AWAY) for space in {one.workspace for one in wanted}}
    found = []
    for one in wanted:
        team, member = one.cast
        there = there_are[one.workspace.pk].get(team.pk, ())
        found.append(bool(there) if member is None else member.pk in there)
    return found


def _chosen(one: Wanted, givers: Givers, there: Mapping[int, Sequence[int]], at: datetime) -> Chosen:
    team, member = one.cast
    could = [id for id in there.get(team.pk, ()) if member is None or id == member.pk]
    if could:
        for giver in givers.able_in(one.workspace):
            if any(id != giver.pk for id in could):
                return Chosen(giver, team, member)
    for giver in givers.able_in(one.workspace):
        for place in receivers(team, member, at):
            if _could(one.workspace, place, giver, at):
                return Chosen(giver, *place)
    raise nobody(one)


def _could(workspace: Workspace, place: Cast, giver: Member, at: datetime) -> bool:
    try:
        refuse_receiver(workspace, *place, giver=giver, at=at)
    except Refusal:
        return False
    return True


def _takers(workspace: Workspace, wanted: Iterable[Wanted], at: datetime) -> dict[int, list[int]]:
    """By team: who in it could take work in this workspace; those who are cast first, and two others are enough."""
    here = [one.cast for one in wanted if one.workspace.pk == workspace.pk]
    named = [member.pk for _, member in here if member is not None]
    return takers({team.pk for team, _ in here}, workspace, INCLUDED_IN[Permission.RECEIVE], at, named)


def nobody(one: Wanted) -> Conflict:
    """Nobody could receive the next step."""
    team, member = one.cast
    who = f"{member.name} of {team.name}" if member else team.name
    return Conflict(
        f"Nobody could take “{one.label}”: {who} plays “{one.role}” in this case, and nobody there or in its backup "
        f"can take work in {one.workspace.name} at present. Have the role reassigned first.",
        code="next_step_has_nobody",
        details={"step": one.label, "role": one.role, "team": team.name, "member": member.name if member else None},
    )
