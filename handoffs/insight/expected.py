"""When a running case may be expected to be over: from how its flow's cases went, else from what its steps promise."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID

from handoffs.flows.plan import Plan, Step, StepKind
from handoffs.models import Case, CaseState, FlowVersion, Turn

ENOUGH = 5  # completed cases of which each step under way must have been a part, for history to say anything
LOOKED_AT = 50  # the newest completed cases; older ones went as things were then


class Source(StrEnum):
    """What an expectation rests on."""

    HISTORY = "history"
    TARGETS = "targets"


@dataclass(frozen=True)
class Expected:
    """An expected end. `cases` is how many completed ones it rests on; `unpromised` are steps without any target."""

    at: datetime
    source: Source
    cases: int = 0
    unpromised: tuple[str, ...] = ()


def from_history(organization_id: UUID, flow_id: int, live: Mapping[str, datetime], at: datetime) -> Expected | None:
    """By the median time that was left when completed cases came to these steps; None where too few did.

    `live` says since when the case is at each step. Two statements.
    """
    if not live:
        return None
    versions = FlowVersion.objects.filter(organization_id=organization_id, flow_id=flow_id).values("id")
    completed = Case.objects.filter(
        organization_id=organization_id, flow_version_id__in=versions, state=CaseState.COMPLETED
    )
    newest = completed.order_by("-id").values_list("id", "closed_at")[:LOOKED_AT]
    closed = {id: closed_at for id, closed_at in newest if closed_at is not None}
    if len(closed) < ENOUGH:
        return None
    turns = Turn.objects.filter(organization_id=organization_id, case_id__in=closed, step__in=live, undone_at=None)
    left: defaultdict[str, list[float]] = defaultdict(list)
    for step, case_id, entered_at, ended_at in turns.values_list("step", "case_id", "entered_at", "ended_at"):
        if ended_at is not None and entered_at < ended_at:  # not one that was passed by
            left[step].append((closed[case_id] - entered_at).total_seconds())
    if any(len(left[step]) < ENOUGH for step in live):
        return None
    ends_at = max(since + timedelta(seconds=median(left[step])) for step, since in live.items())
    return Expected(max(ends_at, at), Source.HISTORY, min(len(left[step]) for step in live))


def from_targets(
    plan: Plan,
    ended: Mapping[str, datetime],
    due: Mapping[str, datetime | None],
    lasts: Callable[[Step, datetime], datetime | None],
    at: datetime,
) -> Expected | None:
    """By what every step that is left promises, one after the other, as if each of them will be needed.

    `ended` says when steps were decided, `due` when those under way are promised to be done; `lasts` adds the promise
    of a step to an instant, None where it promises nothing and so counts as taking no time. None where no step that is
    left promises anything.
    """
    found: dict[str, datetime] = {}
    unpromised: list[str] = []

    def ends_at(step: Step) -> datetime:
        if step.key in ended:
            return ended[step.key]
        if step.key in found:
            return found[step.key]
        found[step.key] = at  # a plan that goes round in a circle ends as well
        begins = at
        if step.key in due:
            ends = due[step.key]
        else:
            links = [plan.by_key[link.step] for link in step.after if not link.is_loop and link.step in plan.by_key]
            begins = max([at, *map(ends_at, links)])
            ends = lasts(step, begins) if step.kind is not StepKind.MILESTONE else begins
        if ends is None:
            unpromised.append(step.label)
        found[step.key] = max(ends or begins, at)
        return found[step.key]

    last = max([at, *map(ends_at, plan.steps)])
    return None if last == at else Expected(last, Source.TARGETS, unpromised=tuple(unpromised))
