"""Why work comes back, the most frequent reason first (Pareto)."""

from typing import NamedTuple

from django.db.models import Count

from handoffs.insight.figures.asked import Asked
from handoffs.kept.models import Leg


class Reason(NamedTuple):
    """One code of `RETURN_REASONS`, or "" where none was given: how often, and which share it and those before make."""

    code: str
    returns: int
    share: float
    so_far: float


def returns_by_reason(asked: Asked) -> list[Reason]:
    """Of what was returned, or accepted and handed back; one statement."""
    returned = Leg.objects.filter(**asked.conditions, is_returned=True)
    counted = returned.values_list("reason_code").annotate(n=Count("id")).order_by("-n", "reason_code")
    rows: list[tuple[str, int]] = list(counted)
    whole, so_far, found = sum(count for _, count in rows), 0, []
    for code, count in rows:
        so_far += count
        found.append(Reason(code, count, count / whole, so_far / whole))
    return found
