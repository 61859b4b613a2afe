"""What a proof found, in sentences."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from handoffs.escalation.proof import HOURS, Kind, Stretch
from handoffs.insight.everybody import House, Person

if TYPE_CHECKING:
    from handoffs.insight.reach import Finding, Lane

NAMED = 5  # how many are named before the others are counted
MOST_SPACES = 3


def sentence(house: House, position: int, finding: "Finding") -> str:
    """One finding: which rung, in which lanes, from when to when, and why."""
    where, when = _where(finding.lanes), _when(house, finding.stretches[0])
    if finding.kind is Kind.FAULT:
        return f"Rung {position} reaches nobody {where} {when}, because {_why(house, finding)}."
    names = listed([house.people[id].name for id in sorted(finding.told.people)]) or "whoever stands in"
    return (
        f"Rung {position} reaches {names} outside of their own hours {where} {when}; "
        f"{_read_in(house, finding.stretches[0])}.{_again(len(finding.stretches) - 1)}"
    )


def listed(words: Sequence[str]) -> str:
    """`Ben, Bo and Lea`, or `Ana, Ben, Bo, Cleo, Lea and 7 others`."""
    if len(words) > NAMED + 1:
        words = [*words[:NAMED], f"{len(words) - NAMED} others"]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _where(lanes: "Sequence[Lane]") -> str:
    """`for Onboarding and Support in Projects, and Onboarding in Northwind`."""
    teams: dict[str, dict[int, str]] = {}
    for lane in lanes:
        teams.setdefault(lane.space.name, {})[lane.team.id] = lane.team.name
    places = [f"{listed(list(names.values()))} in {space}" for space, names in teams.items()]
    if len(places) > MOST_SPACES + 1:
        places = [*places[:MOST_SPACES], f"in {len(places) - MOST_SPACES} other workspaces"]
    senders = listed([team.name for team in lanes[0].senders])
    return f"for {', and '.join(places)}" + (f" (sent by {senders})" if senders else "")


def _when(house: House, stretch: Stretch) -> str:
    return f"from {_at(house, house.instant(stretch.first))} to {_at(house, house.instant(stretch.end))}"


def _at(house: House, instant: datetime) -> str:
    local = instant.astimezone(house.zone)
    same_year = local.year == house.since.astimezone(house.zone).year
    return f"{local:%A %-d %B %H:%M}" if same_year else f"{local:%A %-d %B %Y %H:%M}"


def _read_in(house: House, stretch: Stretch) -> str:
    if stretch.read_in is None:
        return f"they would not read it within these {HOURS // 24} days"
    return f"they would read it at {_at(house, house.instant(stretch.read_in))}"


def _again(count: int) -> str:
    return (
        "" if count == 0 else f" So it is at {count} other time{'s' if count > 1 else ''} in these {HOURS // 24} days."
    )


def _why(house: House, finding: "Finding") -> str:
    """Everybody it would tell, by what keeps them from hearing it."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for id in sorted(finding.told.people):
        reason = _reason(house, house.people[id], finding)
        by_reason.setdefault(reason, []).append(house.people[id].name)
    if not by_reason:
        return f"there is nobody in that role in {finding.lanes[0].space.name}"
    return "; ".join(_clause(*reason, names) for reason, names in by_reason.items())


def _reason(house: House, person: Person, finding: "Finding") -> tuple[str, str]:
    """What stands after the name of one, and of several."""
    if person.left:
        return "has left", "have left"
    if not person.able:
        return "cannot sign in", "cannot sign in"
    if person.id not in finding.lanes[0].roles.seeing:
        space = finding.lanes[0].space.name
        return f"may not see {space}", f"may not see {space}"
    if not person.mailed:
        return "has no address that mail reaches", "have no address that mail reaches"
    until = f"away until {_at(house, _back(person, house, finding.stretches[0]))}"
    return f"is {until}", f"are {until}"


def _back(person: Person, house: House, stretch: Stretch) -> datetime:
    """When the last absence ends that touches the stretch."""
    start, end = house.instant(stretch.first), house.instant(stretch.end)
    return max(_ends(person, start, end), default=end)


def _ends(person: Person, start: datetime, end: datetime) -> Iterable[datetime]:
    return (away.ends_at for away in person.away if away.starts_at < end and away.ends_at > start)


def _clause(one: str, several: str, names: list[str]) -> str:
    return f"{listed(names)} {several if len(names) > 1 else one}"
