"""What recurs, as a table, and the rota that remembers when each was done last in this process."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django_q.models import Task

from handoffs import keeping, leftovers, relief, remembered
from handoffs.actions.templates.ladders import PROVE
from handoffs.escalation.proven import unproved
from handoffs.insight.reach import in_force
from handoffs.queue import enqueue_all
from tenants.scope import everyone

logger = logging.getLogger(__name__)

SUCCESSES_FOR = timedelta(days=1)
FAILURES_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Recurring:
    """Something done every so often.

    `do` is told when it was last done whole in this process (None: never) and the time; it says whether it is now.
    """

    name: str
    every: timedelta
    do: Callable[[datetime | None, datetime], bool]


def look_for_leftovers(since: datetime | None, at: datetime) -> bool:
    """What was lost goes back into the queue, in every organization."""
    with everyone():
        return leftovers.pick_up(since, at)


def look_after_those_who_cannot_act(since: datetime | None, at: datetime) -> bool:
    """Absences that begin, and people who can act no more: what they answered for moves on."""
    with everyone():
        relief.notice(at)
    return True


def forget_old_tasks(since: datetime | None, at: datetime) -> bool:
    """The queue keeps a row of each task that ran: successes for a day, failures for a month."""
    Task.objects.filter(success=True, stopped__lt=at - SUCCESSES_FOR).delete()
    Task.objects.filter(success=False, stopped__lt=at - FAILURES_FOR).delete()
    return True


def forget_old_answers(since: datetime | None, at: datetime) -> bool:
    """What requests were answered is remembered for a day, in every organization."""
    with everyone():
        remembered.forget(at)
    return True


def prove_ladders(since: datetime | None, at: datetime) -> bool:
    """Ladders that were not proved for a day: absences, people and teams have changed meanwhile."""
    with everyone():
        due = unproved(in_force(), at).order_by("organization_id").values_list("organization_id", flat=True).distinct()
        enqueue_all(PROVE, [(str(organization_id),) for organization_id in due])
    return True


def keep_figures(since: datetime | None, at: datetime) -> bool:
    """What insight reads follows what happened; a worker that begins looks at everything."""
    with everyone():
        return keeping.pick_up(since, at)


RECURRING: Sequence[Recurring] = (
    Recurring("look for leftovers", timedelta(seconds=15), look_for_leftovers),
    Recurring("look after those who cannot act", timedelta(seconds=20), look_after_those_who_cannot_act),
    Recurring("forget old tasks", timedelta(hours=1), forget_old_tasks),
    Recurring("forget old answers", timedelta(hours=1), forget_old_answers),
    Recurring("keep figures", timedelta(minutes=1), keep_figures),
    Recurring("prove ladders", timedelta(minutes=30), prove_ladders),
)


@dataclass
class Rota:
    """When each recurring thing was done last. Two workers keep two rotas: all in the table may be done twice."""

    table: Sequence[Recurring] = RECURRING
    done_at: dict[str, datetime] = field(default_factory=dict)
    tried_at: dict[str, datetime] = field(default_factory=dict)

    def run_due(self, at: datetime) -> None:
        """Does what is due; what fails is logged, keeps nothing else from its turn, and is tried again at its next."""
        for recurring in self.table:
            tried_at = self.tried_at.get(recurring.name)
            if tried_at is None or at - tried_at >= recurring.every:
                self.tried_at[recurring.name] = at
                self._run(recurring, at)

    def _run(self, recurring: Recurring, at: datetime) -> None:
        try:
            if recurring.do(self.done_at.get(recurring.name), at):
                self.done_at[recurring.name] = at
        except Exception:
            logger.exception("Could not %s.", recurring.name)
