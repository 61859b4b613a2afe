"""When a rung is due, in working time after its clock started. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum


class Audience(StrEnum):
    """Whom a rung tells."""

    RECEIVERS = "receivers"
    CUSTODIAN = "custodian"
    SENDER = "sender"
    RECEIVING_LEAD = "receiving_lead"
    SENDING_LEAD = "sending_lead"
    MANAGERS = "workspace_managers"


# Somebody always is in these roles: the database holds custodian and lead, owners stand in for managers.
NEVER_EMPTY = frozenset({Audience.CUSTODIAN, Audience.RECEIVING_LEAD, Audience.MANAGERS})


@dataclass(frozen=True)
class PlannedRung:
    """One level of a ladder: due at a share of the target, or at an offset from the due instant.

    It tells `audience` and the member and team named, through `channels` only (none: as each person chose), also in
    their quiet hours if it `breaks_quiet`; it may raise the priority, and redirect to a team or to the backup.
    """

    id: int
    position: int
    share: Decimal | None
    offset: timedelta | None
    audience: tuple[Audience, ...]
    raises_priority: bool = False
    redirects: bool = False
    redirect_to: int | None = None
    member: int | None = None
    team: int | None = None
    channels: tuple[str, ...] = ()
    breaks_quiet: bool = False

    def after(self, target: timedelta) -> timedelta:
        """Working time from the clock's start to this rung; an offset before the start counts as the start."""
        if self.share is not None:
            # Decimal arithmetic in microseconds: a share of 0.5 of an odd target must not drift with float rounding.
            microseconds = int(self.share * (target // timedelta(microseconds=1)))
            return timedelta(microseconds=microseconds)
        return max(timedelta(), target + (self.offset or timedelta()))


@dataclass(frozen=True)
class PlannedLadder:
    """A ladder as plain data, its rungs in order of position."""

    id: int
    name: str
    rungs: tuple[PlannedRung, ...]


@dataclass(frozen=True)
class RungSpec:
    """A rung as it is asked for: due at a share of the target, or at an offset before (−) or after the due time."""

    when: Decimal | timedelta
    audience: Sequence[Audience] = ()
    redirects: bool = False
    raises_priority: bool = False
    breaks_quiet: bool = False
    channels: Sequence[str] = ()
    member_id: int | None = None
    team_id: int | None = None
    redirect_to_id: int | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it names a role in which there always is somebody."""
        return not NEVER_EMPTY.isdisjoint(self.audience)


def standard_rungs() -> Sequence[RungSpec]:
    """The default ladder."""
    return (
        RungSpec(Decimal("0.5"), (Audience.RECEIVERS,)),
        RungSpec(Decimal("1"), (Audience.RECEIVERS, Audience.SENDER, Audience.RECEIVING_LEAD)),
        RungSpec(Decimal("2"), (Audience.MANAGERS,), redirects=True),
    )
