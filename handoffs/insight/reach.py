"""Ladders walked through the hours of the next 30 days, in every lane in which they can run.

A lane is a team that may receive in an open workspace, with each team that may send there. An alarm fires while that
team's calendar is open, since rungs lie in working time. A ladder is judged as it rises while an offer waits to be
accepted: the receivers are those of the team, and the custodian is on the side that sent it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from handoffs.escalation.plan import Audience
from handoffs.escalation.proof import Kind, Reach, Stretch, is_sound, prove
from handoffs.escalation.proven import Proof
from handoffs.insight import telling
from handoffs.insight.everybody import Crew, House, Space
from handoffs.insight.house import read
from handoffs.insight.roles import SENDING, Asked, Roles, Told
from handoffs.models import Ladder, Rung, TemplateVersion
from tenants.access import Permission

MOST = 100  # findings that are kept of one ladder; all are counted


@dataclass(frozen=True)
class Lane:
    """From these teams, or whoever runs the organization, to a team in a workspace."""

    roles: Roles
    team: Crew
    senders: Sequence[Crew] = ()

    @property
    def space(self) -> Space:
        """Where it lies."""
        return self.roles.space


@dataclass
class Finding:
    """The same people out of reach, or outside of their hours, in the same stretches: in all of these lanes."""

    stretches: tuple[Stretch, ...]
    told: Told
    lanes: list[Lane] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """Fault or remark."""
        return self.stretches[0].kind


def in_force(organization_id: UUID | None = None) -> QuerySet[Ladder]:
    """The newest revision of each ladder, the standard one, and those that current template versions name.

    Of one organization or, while everyone is in force, of all.
    """
    later = Ladder.objects.filter(
        organization_id=OuterRef("organization_id"), name=OuterRef("name"), revision__gt=OuterRef("revision")
    )
    here = Q() if organization_id is None else Q(organization_id=organization_id)
    named = TemplateVersion.objects.filter(here).current().values("ladder_id")
    return Ladder.objects.filter(here).filter(~Exists(later) | Q(is_standard=True) | Q(id__in=named))


def proofs(organization_id: UUID, ladders: Iterable[Ladder], at: datetime) -> list[Proof]:
    """A proof of each of these ladders from `at` on, not yet written; eleven statements."""
    house = read(organization_id, at)
    ids = [ladder.pk for ladder in ladders]
    rungs: dict[int, list[tuple[Rung, Asked]]] = {id: [] for id in ids}
    for rung in Rung.objects.filter(organization_id=organization_id, ladder_id__in=ids).order_by("position"):
        rungs[rung.ladder_id].append((rung, _asked(rung)))
    lanes = sum(len(space.teams[Permission.RECEIVE]) for space in house.spaces)
    found = walk(house, {asked for each in rungs.values() for _, asked in each})
    return [
        _proof(house, Proof(organization_id=organization_id, ladder_id=id, proved_at=at, lanes=lanes), each, found)
        for id, each in rungs.items()
    ]


def walk(house: House, asked: Iterable[Asked]) -> dict[Asked, list[Finding]]:
    """What is found of each set of people that rungs name, in every lane."""
    found: dict[Asked, dict[object, Finding]] = {each: {} for each in asked}
    known: dict[tuple[Stretch, ...], int] = {}

    @cache  # most lanes of a large organization are alike
    def proved(possible: int, reach: Reach) -> list[tuple[int, tuple[Stretch, ...]]]:
        return [(known.setdefault(each, len(known)), each) for each in _together(prove(possible, reach))]

    for each, lane, told in _unsound(house, list(found)):
        senders = tuple(team.id for team in lane.senders)
        for number, stretches in proved(lane.team.hours, told.reach):
            alike = (number, told.people, senders)
            if alike not in found[each]:
                found[each][alike] = Finding(stretches, told)
            found[each][alike].lanes.append(lane)
    return {each: list(findings.values()) for each, findings in found.items()}


def _unsound(house: House, asked: Sequence[Asked]) -> Iterator[tuple[Asked, Lane, Told]]:
    """Where there is something to be found: most lanes are passed over by one comparison."""
    for space in house.spaces:
        roles = Roles(house, space)
        for team in roles.receiving:
            for each in asked:
                told = roles.base(team, each)
                if is_sound(team.hours, told.reach):
                    continue
                if not each.audience & SENDING:
                    yield each, Lane(roles, team), told
                    continue
                for senders, side in roles.sent_to(team, each):
                    if not is_sound(team.hours, told.reach | side.reach):
                        yield each, Lane(roles, team, senders), told | side


def _together(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    """Each fault for itself; remarks, which come every night, as one."""
    yield from ((each,) for each in stretches if each.kind is Kind.FAULT)
    remarks = tuple(each for each in stretches if each.kind is Kind.REMARK)
    if remarks:
        yield remarks


def _asked(rung: Rung) -> Asked:
    return Asked(frozenset(Audience(name) for name in rung.audience), rung.member_id, rung.team_id)


def _proof(
    house: House, proof: Proof, rungs: Iterable[tuple[Rung, Asked]], found: Mapping[Asked, Sequence[Finding]]
) -> Proof:
    ordered = sorted(
        ((rung.position, finding) for rung, asked in rungs for finding in found[asked]),
        key=lambda each: (each[1].kind is Kind.REMARK, each[1].stretches[0].first, each[0]),
    )
    proof.faults = sum(finding.kind is Kind.FAULT for _, finding in ordered)
    proof.remarks = len(ordered) - proof.faults
    proof.findings = [_told(house, position, finding) for position, finding in ordered[:MOST]]
    return proof


def _told(house: House, position: int, finding: Finding) -> dict[str, object]:
    lane, first = finding.lanes[0], finding.stretches[0]
    return {
        "kind": str(finding.kind),
        "rung": position,
        "team": lane.team.name,
        "workspace": lane.space.name,
        "from": house.instant(first.first).isoformat(),
        "to": house.instant(first.end).isoformat(),
        "sentence": telling.sentence(house, position, finding),
    }
