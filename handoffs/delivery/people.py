"""Who exactly is told of one event, and in which role."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet

from handoffs.delivery.audience import TELLING, Told
from handoffs.delivery.crowd import Crowd, Pairs
from handoffs.delivery.sight import managing, seeing
from handoffs.handoff import Handoff
from handoffs.ledger.models import Event
from handoffs.lifecycle import Verb
from tenants.models import Member, Role, Team, TeamMembership

MANAGERS = "workspace_managers"
Facts = Mapping[str, Any]
Fill = Callable[[Event, Handoff], Iterable[int | None]]


def audience(event: Event, handoff: Handoff) -> dict[Member, str]:
    """The people to tell, each with the role in which they are told.

    Only who can act and may still see the handoff and the event; never the one whose act it was. An alarm that would
    reach nobody reaches the managers of the workspace.
    """
    crowd = _crowd.get()
    if crowd is not None:
        return {crowd.members[id]: role for id, role in told_of(event, handoff, crowd).items()}
    roles = _roles(event, handoff)
    told = {member: roles[member.id] for member in _hearing(event, handoff, roles)}
    if not told and event.verb == Verb.ESCALATE:
        told = dict.fromkeys(_hearing(event, handoff, _managers(handoff)), MANAGERS)
    return told


def told_of(event: Event, handoff: Handoff, crowd: Crowd) -> dict[int, str]:
    """The same by the ids of people, in the block that remembers them."""
    roles = _roles(event, handoff)
    told = {id: roles[id] for id in crowd.hearing(event, handoff, roles)}
    if not told and event.verb == Verb.ESCALATE:
        told = dict.fromkeys(crowd.hearing(event, handoff, crowd.managers[handoff.workspace_id]), MANAGERS)
    return told


def is_still_told(event: Event, handoff: Handoff, member: Member) -> bool:
    """Whether this person may hear of the event at this moment: sight may have been lost since it was delivered."""
    return _hearing(event, handoff, [member.id]).exists()


_crowd: ContextVar[Crowd | None] = ContextVar("handrail_people_crowd", default=None)


@contextmanager
def remembering(pairs: Pairs) -> Iterator[Crowd]:
    """While the block runs, which is a moment, everybody is known who may have to be told of these events."""
    token = _crowd.set(crowd := Crowd(pairs))
    try:
        crowd.gather(pairs, {id for event, handoff in pairs for id, _ in _called(event, handoff)})
        yield crowd
    finally:
        _crowd.reset(token)


def _called(event: Event, handoff: Handoff) -> Iterator[tuple[int, str]]:
    return _candidates(TELLING.get(Verb(event.verb), ()), event, handoff)


def _candidates(roles: Iterable[Told], event: Event, handoff: Handoff) -> Iterator[tuple[int, str]]:
    for role in roles:
        if role is Told.RUNG:
            yield from ((id, name) for id, name in _alarmed(event, handoff) if id is not None)
        else:
            yield from ((id, str(role)) for id in FILLS[role](event, handoff) if id is not None)


def _roles(event: Event, handoff: Handoff) -> dict[int, str]:
    roles: dict[int, str] = {}
    for id, role in _called(event, handoff):
        roles.setdefault(id, role)
    return roles


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
    crowd = _crowd.get()
    if crowd is None or team_id not in crowd.takers:
        return _others_in(handoff, team_id)
    return [id for id in crowd.takers[team_id] if id != handoff.custodian_id]


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
    crowd = _crowd.get()
    if crowd is not None and team_id in crowd.leads:
        return [crowd.leads[team_id]]
    return Team.objects.filter(organization_id=handoff.organization_id, id=team_id).values_list("lead_id", flat=True)


def _managers(handoff: Handoff) -> Iterable[int]:
    crowd = _crowd.get()
    return managing(handoff).values_list("id", flat=True) if crowd is None else crowd.managers[handoff.workspace_id]


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
    Told.MENTIONED: lambda event, handoff: event.facts.get("mentioned", ()),
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
