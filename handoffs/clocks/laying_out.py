"""Where a clock's instants lie, from nothing but its start, its pauses and a schedule. Plain Python."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from handoffs.clocks import working_time
from handoffs.clocks.schedule import Schedule


def laid_out(
    schedule: Schedule, started_at: datetime, pauses: Sequence[Mapping[str, Any]], working: timedelta
) -> datetime:
    """The instant by which `working` has passed since the start, the pauses left out.

    `pauses` are as a clock keeps them, in order: {"from", "to"}, in ISO form. One that has not ended is left in: what
    remains at its beginning is laid out from there, as long as it lasts, and moves on when it ends.
    """
    since, left = started_at, working
    for pause in pauses:
        if pause["to"] is None:
            break
        begins = datetime.fromisoformat(pause["from"])
        before = working_time.between(schedule, since, begins)
        if left <= before:
            break
        since, left = datetime.fromisoformat(pause["to"]), left - before
    return working_time.add(schedule, since, left)
