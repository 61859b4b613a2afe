"""What comes in and what is taken week by week, and what lies open now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, QuerySet, Sum
from django.db.models.functions import Trunc

from handoffs.insight.figures.asked import WEEK, Asked, Period
from handoffs.insight.figures.standing import Gone
from handoffs.kept.models import LaneWeek, Leg
from handoffs.lifecycle import OfferState

RECENT = 4  # whole weeks by which it is told how quickly a queue is worked off
SHOWN = 200


class Week(NamedTuple):
    """Offers that came and offers that were accepted, each in the week in which that happened."""

    monday: date
    came: int
    taken: int


@dataclass(frozen=True)
class Waiting:
    """An open offer: how long it has waited in the hours of the team it was offered to, and whether it is past due."""

    handoff_id: int
    waited: timedelta
    is_late: bool


def weeks(asked: Asked, zone: str) -> list[Week]:
    """Every week of the period from the first in which anything happened; two statements."""
    came: dict[date, int] = dict(_offered(asked))
    accepted = _everything(asked).filter(state=OfferState.ACCEPTED)
    if asked.period.first is not None:
        start = datetime.combine(asked.period.first, datetime.min.time(), ZoneInfo(zone))
        accepted = accepted.filter(closed_at__gte=start, week__gte=asked.period.first - 4 * WEEK)
    monday = Trunc("closed_at", "week", output_field=DateField(), tzinfo=ZoneInfo(zone))
    taken: dict[date, int] = dict(accepted.values_list(monday).annotate(n=Count("id")).order_by())
    known = {week for week in (*came, *taken) if asked.period.holds(week)}
    if not known:
        return []
    found, week = [], asked.period.first or min(known)
    while week <= asked.period.last:
        found.append(Week(week, came.get(week, 0), taken.get(week, 0)))
        week += WEEK
    return found


def _offered(asked: Asked) -> Iterable[tuple[date, int]]:
    return LaneWeek.objects.filter(**asked.conditions).values_list("week").annotate(n=Sum("offered")).order_by()


def _everything(asked: Asked) -> QuerySet[Leg]:
    """The legs of the lane whenever they were offered."""
    return Leg.objects.filter(**asked.in_period(Period(None, asked.period.last)).conditions)


def waiting(asked: Asked, at: datetime) -> list[Waiting]:
    """What is open now, whenever it was offered, the longest waiting first, up to 200; three statements."""
    live = _everything(asked).filter(state=OfferState.OPEN).exclude(stands="")
    rows = list(
        live.order_by("offered_at").values_list("handoff_id", "to_team_id", "offered_at", "offered_worked", "due_at")[
            :SHOWN
        ]
    )
    gone = Gone(asked.organization_id, {row[1] for row in rows}, at)
    found = []
    for handoff_id, team, offered_at, worked, due_at in rows:
        waited = gone.by(team, offered_at.year) - (worked or timedelta())
        found.append(Waiting(handoff_id, max(waited, timedelta()), due_at is not None and due_at < at))
    return sorted(found, key=lambda each: each.waited, reverse=True)


def open_now(asked: Asked) -> int:
    """How many wait to be accepted."""
    return _everything(asked).filter(state=OfferState.OPEN).exclude(stands="").count()


def days_to_clear(open_offers: int, recent: list[Week]) -> float | None:
    """How many days what is open would take at the pace of the last four whole weeks; None where none was taken."""
    taken = sum(week.taken for week in recent[:-1][-RECENT:])
    days = 7 * len(recent[:-1][-RECENT:])
    return open_offers * days / taken if taken else None
