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


@dataclass(frozen=True)
class PlannedRung:
    """One level of a ladder: due at a share of the target, or at an offset from the due instant."""

    id: int
    position: int
    share: Decimal | None
    offset: timedelta | None
    audience: tuple[Audience, ...]
    raises_priority: bool = False
    redirects: bool = False

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


def standard_rungs() -> Sequence[tuple[Decimal, tuple[Audience, ...], bool]]:
    """The default ladder: (share of the target, whom it tells, whether it redirects to the backup team)."""
    return (
        (Decimal("0.5"), (Audience.RECEIVERS,), False),
        (Decimal("1"), (Audience.RECEIVERS, Audience.SENDER, Audience.RECEIVING_LEAD), False),
        (Decimal("2"), (Audience.MANAGERS,), True),
    )
