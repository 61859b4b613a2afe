"""Where the time of one handoff went, read from what was recorded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from handoffs.clocks.running import schedule_of
from handoffs.handoff import Handoff
from handoffs.insight.split import Asked, Held, History, Phase, Slice, Stood, split
from handoffs.lifecycle import State
from handoffs.models import Custody, Event, Offer, Question
from tenants.models import Team, TenantModel
from tenants.records import by_ids, records

R = TypeVar("R", bound=TenantModel)


@dataclass
class Cell:
    """What one holder's time in one phase comes to."""

    holder: int
    phase: Phase
    inside: timedelta = timedelta()
    outside: timedelta = timedelta()

    @property
    def lasted(self) -> timedelta:
        """Raw time: it never pauses."""
        return self.inside + self.outside


@dataclass(frozen=True)
class Spent:
    """The slices of one handoff in order; `names` says who its holders are."""

    slices: Sequence[Slice]
    names: dict[int, str] = field(default_factory=dict)

    @property
    def total(self) -> timedelta:
        """From the first offer to the end, or to now."""
        return sum((each.lasted for each in self.slices), timedelta())

    def cells(self) -> list[Cell]:
        """The sums by holder and phase, in the order in which they first came up. They add up to the total."""
        found: dict[tuple[int, Phase], Cell] = {}
        for each in self.slices:
            cell = found.setdefault((each.holder, each.phase), Cell(each.holder, each.phase))
            cell.inside += each.inside
            cell.outside += each.outside
        return list(found.values())

    def phases(self) -> dict[Phase, timedelta]:
        """The sums by phase, in the order of the phases; none that did not occur."""
        sums: defaultdict[Phase, timedelta] = defaultdict(timedelta)
        for each in self.slices:
            sums[each.phase] += each.lasted
        return {phase: sums[phase] for phase in Phase if phase in sums}


def spent(
    handoff: Handoff,
    until: datetime,
    custody: Sequence[Custody] | None = None,
    questions: Sequence[Question] | None = None,
) -> Spent:
    """Where the time of this handoff went up to `until`, read in five statements.

    Fewer for a caller who has read all its custody, with the holders, or all its questions.
    """
    home, ids = handoff.organization_id, [handoff.pk]
    if custody is None:
        custody = _rows(Custody, home, ids, "holder")
    if questions is None:
        questions = _rows(Question, home, ids)
    return _spent(home, ids, until, custody, questions)[handoff.pk]


def spent_by(organization_id: UUID, handoffs: Collection[int], until: datetime) -> dict[int, Spent]:
    """Where the time of each of these went, by id; five statements for however many."""
    custody = _rows(Custody, organization_id, handoffs, "holder")
    return _spent(organization_id, handoffs, until, custody, _rows(Question, organization_id, handoffs))


def _spent(
    home: UUID, handoffs: Collection[int], until: datetime, held: Sequence[Custody], asked: Sequence[Question]
) -> dict[int, Spent]:
    custody, questions = _grouped(held), _grouped(asked)
    offers = _grouped(_rows(Offer, home, handoffs))
    changes = _grouped(_rows(Event, home, handoffs, where=_CHANGES))
    histories = {
        id: History(
            custody=[Held(row.started_at, row.ended_at, row.holder_id, row.team_id) for row in custody[id]],
            states=_stood(changes[id]),
            offers=[Asked(row.offered_at, row.closed_at, row.to_team_id) for row in offers[id]],
            questions=[Asked(q.asked_at, q.answered_at, _asked_team(q, custody[id])) for q in questions[id]],
        )
        for id in handoffs
    }
    sides: list[Held | Asked] = []
    for known in histories.values():
        sides += [*known.custody, *known.offers, *known.questions]
    rows = by_ids(Team, home, {side.team for side in sides if side.team is not None}, "calendar")
    schedules = {id: schedule_of(team.calendar) for id, team in rows.items()}
    names = {row.holder_id: row.holder.name for row in held}
    return {id: Spent(split(known, until, schedules), names) for id, known in histories.items()}


def _rows(model: type[R], home: UUID, handoffs: Collection[int], *along: str, where: str = "true") -> list[R]:
    """Rows of these handoffs, each handoff's in their order."""
    column = "id" if model is Question else "seq"
    given = {"home": home, "handoffs": list(handoffs)}
    return records(model, f"{_OF_THESE} AND {where} ORDER BY one.{column}", given, *along)


_OF_THESE = "WHERE one.organization_id = %(home)s AND one.handoff_id = ANY(%(handoffs)s::bigint[])"
_CHANGES = "one.before <> one.after"


def _grouped(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
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
