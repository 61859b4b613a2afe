"""Who exactly is told of one event, and in which role."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from handoffs.delivery.audience import TELLING, Told
from handoffs.delivery.sight import managing, people, seeing
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.lifecycle import Verb
from handoffs.sharing import HandoffTeamPermission, HandoffUserPermission
from tenants.models import Member, Role, Team, TeamMembership

MANAGERS = "workspace_managers"
Facts = Mapping[str, Any]
Fill = Callable[[Event, Handoff], Iterable[int | None]]


def audience(event: Event, handoff: Handoff) -> dict[Member, str]:
    """The people to tell, each with the role in which they are told.

    Only who can act and may still see the handoff and the event; never the one whose act it was. An alarm that would
    reach nobody reaches the managers of the workspace.
    """
    verb = Verb(event.verb)
    told = _fitting(event, handoff, _candidates(TELLING.get(verb, ()), event, handoff))
    if not told and verb is Verb.ESCALATE:
        told = dict.fromkeys(_hearing(event, handoff, _managers(handoff)), MANAGERS)
    return told


def is_still_told(event: Event, handoff: Handoff, member: Member) -> bool:
    """Whether this person may hear of the event at this moment: sight may have been lost since it was delivered."""
    return _hearing(event, handoff, [member.id]).exists()


@dataclass
class _Memory:
    """What was found out for one handoff and holds for the next; handoffs that are shared one by one are left out."""

    shared: frozenset[int]
    wanted: dict[int, set[int]] = field(default_factory=dict)  # by workspace: everybody who may be told
    hearing: dict[int, dict[int, Member]] = field(default_factory=dict)  # by workspace: those who see all of it
    able: dict[int, Member | None] = field(default_factory=dict)  # custodians, who see what they answer for anyway
    takers: dict[tuple[int, int | None], list[int]] = field(default_factory=dict)


_memory: ContextVar[_Memory | None] = ContextVar("handrail_people_memory", default=None)


@contextmanager
def remembering(pairs: Sequence[tuple[Event, Handoff]]) -> Iterator[None]:
    """While the block runs, which is a moment, who hears in a workspace is asked once, not for each of many."""
    if len(pairs) < 2:
        yield
        return
    here: dict[str, Any] = {"organization_id": pairs[0][1].organization_id}
    here["content_object__in"] = [handoff.id for _, handoff in pairs]
    shares = [kind.objects.filter(**here) for kind in (HandoffUserPermission, HandoffTeamPermission)]
    memory = _Memory(frozenset(id for rows in shares for id in rows.values_list("content_object_id", flat=True)))
    token = _memory.set(memory)
    try:
        for event, handoff in pairs:
            candidates = _candidates(TELLING.get(Verb(event.verb), ()), event, handoff)
            memory.wanted.setdefault(handoff.workspace_id, set()).update(id for id, _ in candidates)
        yield
    finally:
        _memory.reset(token)


def _candidates(roles: Iterable[Told], event: Event, handoff: Handoff) -> Iterator[tuple[int, str]]:
    for role in roles:
        if role is Told.RUNG:
            yield from ((id, name) for id, name in _alarmed(event, handoff) if id is not None)
        else:
            yield from ((id, str(role)) for id in FILLS[role](event, handoff) if id is not None)


def _fitting(event: Event, handoff: Handoff, candidates: Iterable[tuple[int, str]]) -> dict[Member, str]:
    roles: dict[int, str] = {}
    for id, role in candidates:
        roles.setdefault(id, role)
    return {member: roles[member.id] for member in _remembered_hearing(event, handoff, roles)}


def _remembered_hearing(event: Event, handoff: Handoff, ids: Iterable[int]) -> Iterable[Member]:
    memory = _memory.get()
    if memory is None or handoff.id in memory.shared:
        return _hearing(event, handoff, ids)
    there, custodian = handoff.workspace_id, handoff.custodian_id
    if there not in memory.hearing:
        unheld = copy(handoff)
        unheld.custodian = None  # who sees it only because they answer for it does not see the next one
        everybody = seeing(unheld).filter(id__in=memory.wanted.get(there, set())).select_related("user")
        memory.hearing[there] = {member.id: member for member in everybody}
    known = memory.hearing[there]
    if custodian in set(ids) - known.keys() and custodian not in memory.able:
        memory.able[custodian] = people(handoff.organization_id).filter(id=custodian).select_related("user").first()
    found = (known.get(id) or (memory.able.get(id) if id == custodian else None) for id in ids if id != event.by_id)
    return [member for member in found if member and not (event.internal and member.role == Role.CLIENT)]


def _hearing(event: Event, handoff: Handoff, ids: Iterable[int]) -> QuerySet[Member]:
    hearing = seeing(handoff).filter(id__in=list(ids)).exclude(id=event.by_id).select_related("user")
    return hearing.exclude(role=Role.CLIENT) if event.internal else hearing


def _fact(name: str) -> Fill:
    return lambda event, handoff: [event.facts.get(name)]


def _takers(handoff: Handoff, member_id: int | None, team_id: int | None) -> Iterable[int]:
    """Who could take it: the person it is reserved for, else the team without who only looks on or holds it already."""
    if member_id is not None:
        return [member_id]
    if team_id is None:
        return []
    memory, key = _memory.get(), (team_id, handoff.custodian_id)
    if memory is None:
        return _others_in(handoff, team_id)
    if key not in memory.takers:
        memory.takers[key] = list(_others_in(handoff, team_id))
    return memory.takers[key]


def _others_in(handoff: Handoff, team_id: int) -> Iterable[int]:
    memberships = TeamMembership.objects.filter(organization_id=handoff.organization_id, team_id=team_id)
    others = memberships.exclude(member__role=Role.VIEWER).exclude(member_id=handoff.custodian_id or 0)
    return others.order_by("member_id").values_list("member_id", flat=True)


def _receivers(event: Event, handoff: Handoff) -> Iterable[int | None]:
    return _takers(handoff, event.facts.get("to_member"), event.facts.get("to_team"))


def _former_receivers(event: Event, handoff: Handoff) -> Iterable[int | None]:
    prefix = "former" if "former_team" in event.facts else "to"
    return _takers(handoff, event.facts.get(f"{prefix}_member"), event.facts.get(f"{prefix}_team"))


def _shared_with(event: Event, handoff: Handoff) -> Iterable[int | None]:
    """The person, or the whole team: who only looks on is meant as well."""
    member, team = event.facts.get("to_member"), event.facts.get("to_team")
    if team is None:
        return [member]
    memberships = TeamMembership.objects.filter(organization_id=handoff.organization_id, team_id=team)
    return memberships.order_by("member_id").values_list("member_id", flat=True)


def _lead(handoff: Handoff, team_id: int | None) -> Iterable[int]:
    if team_id is None:
        return []
    return Team.objects.filter(organization_id=handoff.organization_id, id=team_id).values_list("lead_id", flat=True)


def _managers(handoff: Handoff) -> Iterable[int]:
    return managing(handoff).values_list("id", flat=True)


FILLS: Mapping[Told, Fill] = {
    Told.RECEIVERS: _receivers,
    Told.FORMER_RECEIVERS: _former_receivers,
    Told.GIVER: _fact("giver_id"),
    Told.SENDER: lambda event, handoff: [handoff.sender_id],
    Told.CUSTODIAN: lambda event, handoff: [handoff.custodian_id],
    Told.FORMER_HOLDER: _fact("former_holder"),
    Told.DISPLACED: _fact("displaced_id"),
    Told.HOLDER: _fact("holder_id"),
    Told.ASKER: _fact("asker_id"),
    Told.SHARED_WITH: _shared_with,
}

# Keyed by the names of handoffs.escalation.plan.Audience, which is a sibling room. The alarm's facts say who is to keep
# the promise (to_team, to_member) and which team is on the other side (from_team).
RUNG: Mapping[str, Callable[[Facts, Handoff], Iterable[int | None]]] = {
    "receivers": lambda fired, handoff: _takers(handoff, fired.get("to_member"), fired.get("to_team")),
    "custodian": lambda fired, handoff: [handoff.custodian_id],
    "sender": lambda fired, handoff: [handoff.sender_id],
    "receiving_lead": lambda fired, handoff: _lead(handoff, fired.get("to_team")),
    "sending_lead": lambda fired, handoff: _lead(handoff, fired.get("from_team")),
    MANAGERS: lambda fired, handoff: _managers(handoff),
}


def _alarmed(event: Event, handoff: Handoff) -> Iterator[tuple[int | None, str]]:
    """Whom the rungs of an alarm name, by role or by name; several that were missed are one event."""
    for fired in event.facts.get("alarms", ()):
        for name in fired.get("audience", ()):
            yield from ((id, name) for id in RUNG[name](fired, handoff))
        named = [fired.get("tell_member"), *_takers(handoff, None, fired.get("tell_team"))]
        yield from ((id, "named") for id in named)
