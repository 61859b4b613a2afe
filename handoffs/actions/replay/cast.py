"""Who appears in an event log, gathered in one pass over it. Plain Python."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from handoffs.logs.xes import Case

NOBODY, EVERYONE = "-", "everyone"  # stand in for an event without a resource, without a group

T = TypeVar("T", bound=Hashable)


@dataclass
class Cast:
    """Everybody a log speaks of, with the instant at which each was first seen."""

    cases: int = 0
    members: dict[str, datetime] = field(default_factory=dict)
    teams: dict[str, datetime] = field(default_factory=dict)
    together: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (team, member)

    def meet(self, case: Case) -> None:
        """Takes note of whoever appears in a case."""
        self.cases += 1
        for event in case.events:
            self.meet_one(event.resource, event.group, event.at)

    def meet_one(self, resource: str | None, group: str | None, at: datetime) -> None:
        """Takes note of somebody in a group, seen at this instant."""
        member, team = resource or NOBODY, group or EVERYONE
        _note(self.members, member, at)
        _note(self.teams, team, at)
        _note(self.together, (team, member), at)


def _note(seen: dict[T, datetime], who: T, at: datetime) -> None:
    """Cases follow each other in the order of the file, not of time."""
    seen[who] = min(seen.get(who, at), at)
