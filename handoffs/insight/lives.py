"""The rows of which the histories of handoffs are made, read for many of them at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

from handoffs.clocks.running import schedule_of
from handoffs.clocks.schedule import Schedule
from handoffs.insight.split import Asked, Held, History, Stood
from handoffs.lifecycle import State
from handoffs.models import Custody, Event, Offer, Question
from tenants.models import Team, TenantModel
from tenants.records import by_ids, records

R = TypeVar("R", bound=TenantModel)


@dataclass(frozen=True)
class Lives:
    """Custody, offers, questions and changes of state by handoff, each in its order; and the hours of their teams."""

    custody: Mapping[int, Sequence[Custody]]
    offers: Mapping[int, Sequence[Offer]]
    questions: Mapping[int, Sequence[Question]]
    changes: Mapping[int, Sequence[Event]]
    schedules: Mapping[int, Schedule]

    @classmethod
    def of(
        cls, home: UUID, handoffs: Collection[int], custody: Iterable[Custody], questions: Iterable[Question]
    ) -> Self:
        """Of these handoffs, whose custody and questions the caller has read: three statements."""
        held, asked = grouped(custody), grouped(questions)
        offers = grouped(rows(Offer, home, handoffs))
        changes = grouped(rows(Event, home, handoffs, where=_CHANGES))
        teams = {row.team_id for of in held.values() for row in of} | {
            row.to_team_id for of in offers.values() for row in of
        }
        teams |= {_asked_team(row, held[id]) for id, of in list(asked.items()) for row in of}
        found = by_ids(Team, home, teams - {None}, "calendar")
        return cls(held, offers, asked, changes, {id: schedule_of(team.calendar) for id, team in found.items()})

    def history(self, handoff: int) -> History:
        """What is known of one of them."""
        custody = self.custody.get(handoff, ())
        return History(
            custody=[Held(row.started_at, row.ended_at, row.holder_id, row.team_id) for row in custody],
            states=_stood(self.changes.get(handoff, ())),
            offers=[Asked(row.offered_at, row.closed_at, row.to_team_id) for row in self.offers.get(handoff, ())],
            questions=[
                Asked(row.asked_at, row.answered_at, _asked_team(row, custody))
                for row in self.questions.get(handoff, ())
            ],
        )


def rows(model: type[R], home: UUID, handoffs: Collection[int], *along: str, where: str = "true") -> list[R]:
    """Rows of these handoffs, each handoff's in their order."""
    column = "id" if model is Question else "seq"
    given = {"home": home, "handoffs": list(handoffs)}
    return records(model, f"{_OF_THESE} AND {where} ORDER BY one.{column}", given, *along)


_OF_THESE = "WHERE one.organization_id = %(home)s AND one.handoff_id = ANY(%(handoffs)s::bigint[])"
_CHANGES = "one.before <> one.after"


def grouped(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    """Rows by their handoff, in their order."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.handoff_id].append(row)
    return found


def _stood(changes: Iterable[Event]) -> list[Stood]:
    """The states one after the other. A hold ends at its promised end even when nobody was there to record it."""
    found = []
    for event in changes:
        until = event.facts.get("until") if event.after == State.ON_HOLD else None
        ends_at = datetime.fromisoformat(until) if until else None
        found.append(Stood(event.at, State(event.after), ends_at, State(event.before) if until else None))
    return found


def _asked_team(question: Question, custody: Sequence[Custody]) -> int | None:
    """In whose hours an answer is expected: the team asked, or that of the person asked when they last held it."""
    if question.asked_team_id is not None:
        return question.asked_team_id
    held = [row.team_id for row in custody if row.holder_id == question.asked_member_id and row.team_id is not None]
    return held[-1] if held else None
