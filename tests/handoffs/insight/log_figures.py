"""What the figures of a replayed event log must come to, reckoned from the file and from nothing of the product.

The reading of cases is that of `log_oracle`; here each offer is written down with its times, and the figures are made
of that list in the plainest way. The teams of a replay work round the clock, so working time is raw time.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tests.handoffs.insight.log_oracle import Count, cases

INTAKE = "Intake"


@dataclass
class Told:
    """One offer: from which team to which, when, and what became of it."""

    from_team: str
    to_team: str
    at: datetime
    is_back: bool = False
    closed_at: datetime | None = None
    how: str = "open"
    left_at: datetime | None = None  # when who accepted answered for it no more, or offered it on
    completed_at: datetime | None = None
    offered: timedelta = timedelta()  # time in which it lay between two
    held: timedelta = timedelta()  # time in somebody's hands, up to the next offer


class Timed(Count):
    """The figures with their times: `told` are all offers of the cases that were read."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []

    def case(self, events: list[dict[str, str]]) -> None:
        self.of_case: list[Told] = []
        self.holds: Told | None = None
        self.since: datetime | None = None
        self.holder_team, self.completed_in = INTAKE, ""
        super().case(events)
        self.told += self.of_case

    def spend(self) -> None:
        """The time since the last change goes to the offer that was last made."""
        if self.since is not None and self.of_case and self.completer is None:
            last = self.of_case[-1]
            if self.offered_to is not None:
                last.offered += self.at - self.since
            else:
                last.held += self.at - self.since
        self.since = self.at

    def end_at(self, until: datetime) -> None:
        """What still lives goes on until then; call it after each case."""
        self.at = until
        self.spend()

    def offer(self, to: tuple[str, str]) -> None:
        self.spend()
        team = to[1] if to[0] == "team" else self.completed_in or self.team
        self.completed_in = ""
        before = self.of_case[-1] if self.of_case else None
        if self.holds is not None and self.holds.left_at is None:
            self.holds.left_at = self.at
        self.of_case.append(Told(self.holder_team, team, self.at, before is not None and before.from_team == team))
        super().offer(to)

    def close(self, how: str) -> None:
        self.spend()
        last = self.of_case[-1]
        last.closed_at, last.how = self.at, how
        super().close(how)
        if how == "accepted":
            self.holds, self.holder_team = last, last.to_team

    def complete(self, who: str) -> None:
        self.spend()
        super().complete(who)
        assert self.holds is not None
        self.holds.completed_at = self.at
        self.holds.left_at = self.holds.left_at or self.at

    def reopen(self, who: str) -> None:
        self.spend()
        self.completed_in, self.holder_team, self.holds = self.holder_team, INTAKE, None
        super().reopen(who)


def told(path: str, until: datetime, first: int | None = None) -> list[Told]:
    """Every offer of a log, or of its first cases, as it stands at `until`."""
    timed = Timed()
    for number, events in enumerate(cases(path)):
        if first is not None and number >= first:
            break
        timed.case(events)
        timed.end_at(until)
    return timed.told


def by_lane(offers: list[Told]) -> dict[tuple[str, str], list[Told]]:
    """The offers of each lane."""
    found: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for each in offers:
        found[each.from_team, each.to_team].append(each)
    return dict(found)


def time_to_accept(offers: list[Told], until: datetime) -> list[tuple[timedelta, bool]]:
    """How long each took or was seen to wait, and whether it was accepted then."""
    return [((each.closed_at or until) - each.at, each.how == "accepted") for each in offers]


def time_to_complete(offers: list[Told], until: datetime) -> list[tuple[timedelta, bool]]:
    """The same from acceptance to completion, of what was accepted."""
    found = []
    for each in offers:
        if each.how == "accepted":
            assert each.closed_at is not None
            end = each.completed_at or each.left_at or until
            found.append((end - each.closed_at, each.completed_at is not None))
    return found


def quantile(times: list[tuple[timedelta, bool]], share: Fraction) -> timedelta | None:
    """The product-limit estimate in exact fractions: the first time after which no more than 1 - share remain."""
    remain = Fraction(1)
    for took in sorted({took for took, ended in times if ended}):
        waiting = sum(1 for other, _ in times if other >= took)
        remain *= 1 - Fraction(sum(1 for other, ended in times if ended and other == took), waiting)
        if remain <= 1 - share:
            return took
    return None
