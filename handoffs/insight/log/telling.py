"""What a log tells: each handoff with its events, a few hundred at a time, whatever there is in all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from handoffs.ledger.sentences import sentence
from handoffs.lifecycle import Verb
from handoffs.models import Custody, Document, Event, Handoff
from tenants.models import Member, Team

BATCH = 300  # handoffs
WHOLE_OF_TEAM = frozenset({Verb.ACCEPT, Verb.RETURN})  # done by somebody of the team it was offered to


@dataclass(frozen=True)
class LoggedEvent:
    """One thing that happened: who did it and for which team, if that is known; whom it went to, if to anybody."""

    seq: int
    verb: Verb
    at: datetime
    by: str
    by_id: int
    team: str
    team_id: int | None
    to_team: str
    to_team_id: int | None
    before: str
    after: str
    sentence: str
    documents: tuple[int, ...]


@dataclass(frozen=True)
class LoggedCase:
    """One handoff: a case of the log, with its events in their order and its documents as (id, name)."""

    handoff: Handoff
    events: Sequence[LoggedEvent]
    documents: Sequence[tuple[int, str]]


def cases_of(handoffs: QuerySet[Handoff], reader: Member) -> Iterator[LoggedCase]:
    """These handoffs in the order of their numbers, with the events and documents that this reader may see."""
    teams = dict(Team.objects.filter(organization_id=reader.organization_id).values_list("id", "name"))
    ordered = handoffs.order_by("id").select_related("workspace", "template_version__template", "case")
    last = 0
    while batch := list(ordered.filter(id__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield from _told(batch, reader, teams)


def _told(batch: Sequence[Handoff], reader: Member, teams: Mapping[int, str]) -> Iterator[LoggedCase]:
    ids = [handoff.pk for handoff in batch]
    here = {"organization_id": reader.organization_id, "handoff_id__in": ids}
    events: dict[int, list[Event]] = {id: [] for id in ids}
    visible = Event.objects.visible_to(reader).filter(handoff_id__in=ids)
    for event in visible.select_related("by").order_by("handoff_id", "seq"):
        events[event.handoff_id].append(event)
    held: dict[int, list[Custody]] = {id: [] for id in ids}
    for interval in Custody.objects.filter(**here).order_by("handoff_id", "seq"):
        held[interval.handoff_id].append(interval)
    documents: dict[int, list[tuple[int, str]]] = {id: [] for id in ids}
    attached = Document.objects.visible_to(reader).filter(**here).order_by("id")
    for handoff_id, id, name in attached.values_list("handoff_id", "id", "name"):
        documents[handoff_id].append((id, name))
    for handoff in batch:
        told = [_event(event, held[handoff.pk], teams) for event in events[handoff.pk]]
        yield LoggedCase(handoff, told, documents[handoff.pk])


def _event(event: Event, held: Sequence[Custody], teams: Mapping[int, str]) -> LoggedEvent:
    to_team, verb = event.facts.get("to_team"), Verb(event.verb)
    team = to_team if verb in WHOLE_OF_TEAM else _team_at(event, held)
    document = event.facts.get("document")
    return LoggedEvent(
        seq=event.seq,
        verb=verb,
        at=event.at,
        by=event.by.name,
        by_id=event.by_id,
        team=teams.get(team or 0, ""),
        team_id=team,
        to_team="" if verb in WHOLE_OF_TEAM else teams.get(to_team or 0, ""),
        to_team_id=None if verb in WHOLE_OF_TEAM else to_team,
        before=event.before,
        after=event.after,
        sentence=sentence(event),
        documents=(document,) if document else (),
    )


def _team_at(event: Event, held: Sequence[Custody]) -> int | None:
    """For which team they answered for it then."""
    mine = [each for each in held if each.holder_id == event.by_id and each.started_at <= event.at]
    fits = [each for each in mine if each.ended_at is None or each.ended_at >= event.at]
    return fits[-1].team_id if fits else None


def template_of(case: LoggedCase) -> str:
    """The name of its template, if it has one."""
    version = case.handoff.template_version
    return version.template.name if version else ""
