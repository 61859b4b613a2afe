"""Where the time of one handoff went, read from what was recorded."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from handoffs.handoff import Handoff
from handoffs.insight.lives import Lives, rows
from handoffs.insight.split import Phase, Slice, split
from handoffs.models import Custody, Question


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
        custody = rows(Custody, home, ids, "holder")
    if questions is None:
        questions = rows(Question, home, ids)
    return _spent(home, ids, until, custody, questions)[handoff.pk]


def spent_by(organization_id: UUID, handoffs: Collection[int], until: datetime) -> dict[int, Spent]:
    """Where the time of each of these went, by id; five statements for however many."""
    custody = rows(Custody, organization_id, handoffs, "holder")
    return _spent(organization_id, handoffs, until, custody, rows(Question, organization_id, handoffs))


def _spent(
    home: UUID, handoffs: Collection[int], until: datetime, held: Sequence[Custody], asked: Sequence[Question]
) -> dict[int, Spent]:
    lives = Lives.of(home, handoffs, held, asked)
    names = {row.holder_id: row.holder.name for row in held}
    return {id: Spent(split(lives.history(id), until, lives.schedules), names) for id in handoffs}
