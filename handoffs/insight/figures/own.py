"""A member's own figures: what they took and what they handed over. Nobody else is shown them, nobody is ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, Sum

from handoffs.insight.figures.asked import Asked
from handoffs.insight.figures.curves import Curve
from handoffs.insight.figures.times import Times
from handoffs.kept.models import Leg, Measure
from handoffs.lifecycle import OfferState
from tenants.models import Member

ANSWERED = Q(state__in=[OfferState.ACCEPTED, OfferState.RETURNED])


@dataclass(frozen=True)
class Own:
    """One side of it: offers they accepted, or offers they made.

    `accepting` is how long those were open, `in_hand` how long the work stayed with whoever took it, both in working
    time. `weeks` are offers by the week in which they were made.
    """

    offers: int
    answered: int
    in_time: int
    returned: int
    clean: int
    questions: int
    accepting: Curve
    in_hand: Curve
    weeks: Sequence[tuple[date, int]]

    def share(self, part: int) -> float | None:
        """Of what was answered."""
        return part / self.answered if self.answered else None


def taken_by(member: Member, asked: Asked, at: datetime) -> Own:
    """What this member accepted; three statements."""
    return _own(asked, Q(receiver_id=member.pk), at)


def given_by(member: Member, asked: Asked, at: datetime) -> Own:
    """What this member offered, open offers counted; three statements."""
    return _own(asked, Q(giver_id=member.pk), at)


def _own(asked: Asked, whose: Q, at: datetime) -> Own:
    legs = Leg.objects.filter(whose, **asked.conditions)
    counts = legs.aggregate(
        offers=Count("id"),
        answered=Count("id", filter=ANSWERED),
        in_time=Count("id", filter=ANSWERED & Q(closed_at__lte=F("due_at"))),
        returned=Count("id", filter=Q(is_returned=True)),
        clean=Count("id", filter=Q(is_clean=True)),
        questions=Sum("questions", default=0),
    )
    times = Times(asked, at, whose)
    weeks = legs.values_list("week").annotate(n=Count("id")).order_by("week")
    return Own(
        **counts,
        accepting=times.curve(Measure.ACCEPT, working=True),
        in_hand=times.curve(Measure.HAND, working=True),
        weeks=list(weeks),
    )
