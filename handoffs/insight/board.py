"""A flow's running cases by step: how long each is there, against what was promised."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from handoffs.flows.next import TurnState
from handoffs.flows.part import seen_by_clients
from handoffs.flows.plan import StepKind
from handoffs.flows.versions import plan_of
from handoffs.insight.balls import Ball, balls_of
from handoffs.insight.case_list import Wanted, cases_for, page_of
from handoffs.insight.cases import WITH_US
from handoffs.models import Case, CaseState, Flow, FlowVersion, Turn
from tenants.models import Member, Role

MOST = 200  # cases; the longest under way first


@dataclass(frozen=True)
class Card:
    """A case at one of its steps."""

    case: Case
    ball: Ball
    there: timedelta
    percent: int | None  # of the time that was promised; None where nothing was
    is_late: bool


@dataclass(frozen=True)
class Column:
    """One step, with the cases that are at it, the oldest first; `count` of them when more run than are shown."""

    step: str  # "" for what clients see as one
    label: str
    cards: Sequence[Card]
    count: int


@dataclass(frozen=True)
class Board:
    """The columns, and how many cases run in all."""

    columns: Sequence[Column]
    running: int
    shown: int

    @property
    def is_cut(self) -> bool:
        """Whether more run than are shown."""
        return self.running > self.shown


def board(flow: Flow, member: Member, at: datetime) -> Board:
    """The columns in the order of the newest version. Of more than `MOST` cases the longest under way are shown.

    A number of statements that depends neither on steps nor on cases. Clients see our steps as one column.
    """
    running = cases_for(member, Wanted(state=CaseState.RUNNING, flow=flow.pk)).order_by("id")
    cases = page_of(running, MOST + 1)
    shown = cases[:MOST]
    balls = balls_of(shown, member)
    cards: defaultdict[str, list[Card]] = defaultdict(list)
    labels: dict[str, str] = {}
    for case in shown:
        for ball in balls.get(case.pk, ()):
            labels.setdefault(ball.step, ball.label)
            cards[ball.step].append(_card(case, ball, at))
    order = _order(flow, member)
    named = {**order, **{key: label for key, label in labels.items() if key not in order}}
    counts = _counts(running, member) if len(cases) > MOST else {key: len(cards[key]) for key in named}
    columns = [
        Column(key, label, sorted(cards[key], key=lambda card: -card.there), max(counts.get(key, 0), len(cards[key])))
        for key, label in named.items()
    ]
    return Board(columns, running.count() if len(cases) > MOST else len(shown), len(shown))


def _counts(running: QuerySet[Case], member: Member) -> Mapping[str, int]:
    """How many cases are at each step, of all that run; clients see ours as one."""
    live = Turn.objects.filter(state=TurnState.LIVE, undone_at=None, organization_id=member.organization_id)
    rows = live.filter(case__in=running.order_by()).values_list("case__flow_version_id", "step")
    counted = rows.annotate(count=Count("case_id", distinct=True)).order_by()
    versions = FlowVersion.objects.in_bulk({version for version, _, _ in counted})
    found: Counter[str] = Counter()
    for version, key, count in counted:
        step = plan_of(versions[version]).by_key.get(key)
        found["" if member.role == Role.CLIENT and step is not None and step.internal else key] += count
    return found


def _card(case: Case, ball: Ball, at: datetime) -> Card:
    there = at - ball.since
    promised = ball.until - ball.since if ball.until is not None else timedelta()
    percent = min(100, int(there / promised * 100)) if promised > timedelta() else None
    return Card(case, ball, there, percent, ball.is_late(at))


def _order(flow: Flow, member: Member) -> Mapping[str, str]:
    """The steps that somebody does, as the newest published version has them, by key; ours are "" for clients."""
    versions = FlowVersion.objects.filter(organization_id=flow.organization_id, flow_id=flow.pk)
    newest = versions.filter(published_at__isnull=False).order_by("-number").first()
    if newest is None:
        return {}
    plan, name = plan_of(newest), WITH_US.format(organization=member.organization.name)
    is_client = member.role == Role.CLIENT
    stretches = set(seen_by_clients(plan, name).stands_in.values()) if is_client else set()
    found: dict[str, str] = {}
    for step in seen_by_clients(plan, name).plan.steps if is_client else plan.steps:
        if step.kind is not StepKind.MILESTONE:
            found["" if step.key in stretches else step.key] = step.label
    return found
