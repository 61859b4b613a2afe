"""The week before in a few numbers and sentences, for one reader: what they may look at, nothing of others."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from handoffs.insight.figures import sums
from handoffs.insight.figures.asked import WEEK, Asked, Period
from handoffs.insight.figures.steps import together
from handoffs.insight.figures.times import accepting_by_lane
from handoffs.insight.legs import week_of
from handoffs.insight.numbers import Number, others, the_two
from handoffs.insight.words import lane_in_words, percent, roughly
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Team

LANES = 5  # at most, in which something lay


class LaneTold(TypedDict):
    """One lane: its words, what is said of it, and its ids as its page has them."""

    words: str
    told: str
    lane: str


class Weekly(TypedDict):
    """A report as it is kept until it has gone out. `numbers` are label, value, and what is beside it."""

    offered: int
    accepted: int
    numbers: list[tuple[str, str, str]]
    lanes: list[LaneTold]


def last_week(at: datetime, zone: str) -> date:
    """The Monday of the week before that of this instant, in this zone."""
    return week_of(at, ZoneInfo(zone)) - WEEK


def weekly(member: Member, at: datetime) -> Weekly:
    """Of the week before that of `at`, by the offers made in it; twelve statements."""
    monday = last_week(at, member.organization.zone)
    visible = workspaces_for(member, Permission.VIEW)
    seen = None if member.standing.sees_everything else frozenset(visible.values_list("id", flat=True))
    asked = Asked(member.organization_id, Period(monday, monday), workspaces=seen)
    lanes = sums.by_lane(asked, at)
    now = sums.total(lanes.values())
    before = sums.total(sums.by_lane(asked.in_period(Period(monday - WEEK, monday - WEEK)), at).values())
    accepting = together(accepting_by_lane(asked, at).values())
    told = the_two(now, before if before.offered else None) + others(now, accepting)
    ids = {id for lane in lanes for id in lane if id}
    names = dict(Team.objects.filter(organization_id=asked.organization_id, id__in=ids).values_list("id", "name"))
    return {
        "offered": now.offered,
        "accepted": now.accepted,
        "numbers": [_plainly(number) for number in told],
        "lanes": _lanes(lanes, names),
    }


def _plainly(number: Number) -> tuple[str, str, str]:
    return number.label, number.value, number.beside


def _lanes(lanes: Mapping[sums.Lane, sums.Sums], names: Mapping[int, str]) -> list[LaneTold]:
    waited = {lane: each.between(working=True) for lane, each in lanes.items()}
    longest = sorted((lane for lane, time in waited.items() if time), key=lambda lane: waited[lane], reverse=True)
    return [
        {
            "words": lane_in_words(lane, names),
            "told": _told(lanes[lane]),
            "lane": f"{lane.from_team or 0}-{lane.to_team}",
        }
        for lane in longest[:LANES]
    ]


def _told(each: sums.Sums) -> str:
    offers = "one offer" if each.offered == 1 else f"{each.offered} offers"
    text = f"{roughly(each.between(working=True))} between hands in {offers}"
    if each.returned:
        text += f", {percent(sums.returned_share(each))} came back"
    return text
