"""Everybody of an organization as plain data: who is there in which of the next 720 hours, and may do what where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handoffs.escalation.proof import EVERY, HOUR, Reach, person
from tenants.access import Permission
from tenants.models import Role


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that touches the 30 days."""

    starts_at: datetime
    ends_at: datetime
    hours: int
    substitute: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One who is here, or was."""

    id: int
    user_id: int | None
    name: str
    role: str
    left: bool
    active: bool
    mailed: bool
    works: int
    away: tuple[Away, ...]

    @property
    def able(self) -> bool:
        """Can still come and act."""
        return self.active and not self.left

    @property
    def runs_here(self) -> bool:
        """Owners and admins may do everything everywhere."""
        return self.role in (Role.OWNER, Role.ADMIN)

    @property
    def absent(self) -> int:
        """The hours in which they are away."""
        found = 0
        for away in self.away:
            found |= away.hours
        return found

    @property
    def reach(self) -> Reach:
        """Who cannot act, and whom no mail reaches, is out of reach for ever."""
        return person(self.absent if self.able and self.mailed else EVERY, self.works)


@dataclass(frozen=True, slots=True, eq=False)
class Crew:
    """One team and who is in it."""

    id: int
    group_id: int
    name: str
    lead: int
    is_open: bool
    is_client: bool
    hours: int
    people: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Space:
    """One open workspace: to whom what was granted there, by the permission asked for."""

    id: int
    name: str
    teams: Mapping[Permission, frozenset[int]]  # open ones
    people: Mapping[Permission, frozenset[int]]  # through their teams too


@dataclass(frozen=True)
class House:
    """All of it, from the hour `since` on, in the organization's zone."""

    since: datetime
    zone: ZoneInfo
    people: Mapping[int, Person]
    teams: Mapping[int, Crew]
    spaces: Sequence[Space]

    def instant(self, hour: int) -> datetime:
        """When an hour begins."""
        return self.since + hour * HOUR
