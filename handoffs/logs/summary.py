"""What was understood of a log, counted from its rows."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db.models import Count, Max, Min

from handoffs.logs.models import EventLog, LogRow

MOST_ACTIVITIES = 60


class Summary(TypedDict):
    """Counts of a log. `activities` are name and number, the most frequent first; times are ISO 8601 in UTC."""

    cases: int
    events: int
    people: int
    teams: int
    first: str
    last: str
    bad: int
    bad_cases: int  # that have a row which was not understood
    activities: list[tuple[str, int]]


def summary(log: EventLog) -> Summary:
    """Of all its rows; three statements."""
    rows = LogRow.objects.filter(organization_id=log.organization_id, log=log)
    good, bad = rows.filter(problem=""), rows.exclude(problem="")
    counted = good.aggregate(
        cases=Count("case", distinct=True),
        events=Count("id"),
        people=Count("person", distinct=True),
        teams=Count("team", distinct=True),
        first=Min("at"),
        last=Max("at"),
    )
    wrong = bad.aggregate(bad=Count("id"), bad_cases=Count("case", distinct=True))
    activities = good.values_list("activity").annotate(number=Count("id")).order_by("-number", "activity")
    return {
        "cases": counted["cases"],
        "events": counted["events"],
        "people": counted["people"],
        "teams": counted["teams"],
        "first": _iso(counted["first"]),
        "last": _iso(counted["last"]),
        "bad": wrong["bad"],
        "bad_cases": wrong["bad_cases"],
        "activities": list(activities[:MOST_ACTIVITIES]),
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def next_cases(organization_id: UUID, log_id: int, after: str, number: int) -> list[str]:
    """The names of the cases that follow this one, in order of their names."""
    rows = LogRow.objects.filter(organization_id=organization_id, log_id=log_id, case__gt=after)
    return list(rows.order_by("case").values_list("case", flat=True).distinct()[:number])
