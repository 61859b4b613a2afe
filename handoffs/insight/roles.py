"""Whom the roles that a rung may name come to in one workspace, and when those people are out of reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from handoffs.escalation.plan import Audience
from handoffs.escalation.proof import EVERY, NOBODY, Reach, together
from handoffs.insight.everybody import Crew, House, Person, Space
from tenants.access import Permission
from tenants.models import Role
from tenants.standing_in import STEPS

SENDING = frozenset({Audience.CUSTODIAN, Audience.SENDER, Audience.SENDING_LEAD})


@dataclass(frozen=True)
class Asked:
    """Whom a rung names; rungs that name the same are proved once."""

    audience: frozenset[Audience]
    member: int | None = None
    team: int | None = None


@dataclass(frozen=True)
class Told:
    """Some people, and when they are out of reach when taken together."""

    people: frozenset[int] = frozenset()
    reach: Reach = NOBODY

    def __or__(self, other: "Told") -> "Told":
        return Told(self.people | other.people, self.reach | other.reach)


class Roles:
    """The roles in one workspace. Everything is worked out once."""

    def __init__(self, house: House, space: Space) -> None:
        self.house, self.space = house, space
        self.receivers = lru_cache(maxsize=None)(self._receivers)
        self.named = lru_cache(maxsize=None)(self._named)
        self.sides = lru_cache(maxsize=None)(self._sides)

    @cached_property
    def chiefs(self) -> frozenset[int]:
        """Who runs the organization and can act."""
        return frozenset(person.id for person in self.house.people.values() if person.able and person.runs_here)

    @cached_property
    def placed(self) -> frozenset[int]:
        """Who is in an open team."""
        return frozenset(id for team in self.house.teams.values() if team.is_open for id in team.people)

    @cached_property
    def seeing(self) -> frozenset[int]:
        """Who may see what is handed over here: nobody else is told of it."""
        return self.space.people[Permission.VIEW] | self.chiefs

    @cached_property
    def managers(self) -> Told:
        """Those of the workspace; where there are none, who runs the organization."""
        granted = [id for id in self.space.people[Permission.MANAGE] if self.house.people[id].able]
        return self._told(granted or self.chiefs)

    @cached_property
    def receiving(self) -> Sequence[Crew]:
        """The teams that may receive, by name."""
        return self._teams(Permission.RECEIVE)

    @cached_property
    def sending(self) -> Sequence[Crew]:
        """The teams that may send, by name."""
        return self._teams(Permission.SEND)

    def base(self, team: Crew, asked: Asked) -> Told:
        """Whom a rung tells of what comes to this team, whoever sent it."""
        told = self.named(asked.member, asked.team)
        if Audience.RECEIVERS in asked.audience:
            told |= self.receivers(team)
        if Audience.RECEIVING_LEAD in asked.audience:
            told |= self._told([team.lead])
        return told | self.managers if Audience.MANAGERS in asked.audience else told

    def sent_to(self, team: Crew, asked: Asked) -> Iterable[tuple[Sequence[Crew], Told]]:
        """Whom it tells on the other side: the teams that may send, those together whose people are there alike.

        Without such a team only those send who run the organization.
        """
        sides = self.sides(asked.audience & SENDING)
        others = len(self.sending) > 1 or team not in self.sending
        found = [([crew for crew in crews if not (others and crew == team)], told) for crews, told in sides]
        return [(crews, told) for crews, told in found if crews] or [((), self._told(self.chiefs))]

    def _sides(self, audience: frozenset[Audience]) -> list[tuple[list[Crew], Told]]:
        alike: dict[Reach, tuple[list[Crew], Told]] = {}
        for crew in self.sending:
            told = self._side(crew, audience)
            alike.setdefault(told.reach, ([], told))[0].append(crew)
        return list(alike.values())

    def _side(self, team: Crew, audience: frozenset[Audience]) -> Told:
        """Who drafts and who holds it may be anybody of the team; what an absent holder held moves on."""
        workers = self._workers(team)
        told = Told()
        if audience & {Audience.CUSTODIAN, Audience.SENDER}:
            told |= self._told(workers)
        if Audience.CUSTODIAN in audience:
            may_work = self.space.people[Permission.SEND] | self.space.people[Permission.RECEIVE] | self.chiefs
            told |= self._standing_in(workers, may_work)
        return told | self._told([team.lead]) if Audience.SENDING_LEAD in audience else told

    def _receivers(self, team: Crew) -> Told:
        """Who of the team could accept; of an offer that reaches nobody in it also who stands in."""
        workers = self._workers(team)
        # An offer is made to somebody in a team.
        fit = (self.space.people[Permission.RECEIVE] | self.chiefs) & self.placed
        return self._told(workers) | self._standing_in(workers, fit)

    def _named(self, member: int | None, team: int | None) -> Told:
        """Who is named and may see the workspace; the others are people of the rung, and out of reach."""
        ids = [*self._known([] if member is None else [member])]
        if team is not None:
            ids += self._workers(self.house.teams[team])
        here = self._told(id for id in ids if id in self.seeing)
        return Told(frozenset(ids), here.reach)

    def _told(self, ids: Iterable[int]) -> Told:
        known = frozenset(self._known(ids))
        return Told(known, together(self.house.people[id].reach for id in known))

    def _known(self, ids: Iterable[int]) -> list[int]:
        return [id for id in ids if id in self.house.people]

    def _workers(self, team: Crew) -> list[int]:
        """The people of a team but those who only look on."""
        return [id for id in self._known(team.people) if self.house.people[id].role != Role.VIEWER]

    def _teams(self, permission: Permission) -> Sequence[Crew]:
        found = (self.house.teams[id] for id in self.space.teams[permission])
        return sorted(found, key=lambda team: team.name)

    def _standing_in(self, absent: Iterable[int], fit: frozenset[int]) -> Told:
        """Who of the fit relieves these people while they are away: told of it then, though no rung names them."""
        reach = NOBODY
        for id in absent:
            person = self.house.people[id]
            if person.able and person.away:
                reach |= _relief(self.house.people, person, EVERY, fit, frozenset({id}))
        return Told(frozenset(), reach)


def _relief(
    people: Mapping[int, Person], absent: Person, during: int, fit: frozenset[int], asked: frozenset[int]
) -> Reach:
    """Those who stand in for `absent`, as `tenants.standing_in` finds them, in these hours."""
    reach = NOBODY
    for away in absent.away:
        found, hours = people.get(away.substitute or 0), away.hours & during
        if found is None or not hours or found.id in asked or not found.able or len(asked) > STEPS:
            continue
        if found.id in fit and found.mailed:
            present = hours & ~found.absent
            reach |= Reach(EVERY & ~present, present & found.works)
        reach |= _relief(people, found, hours & found.absent, fit, asked | {found.id})
    return reach
