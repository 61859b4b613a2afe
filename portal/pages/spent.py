"""Where the time of a handoff went, drawn as a bar and listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handoffs.insight.split import Phase
from handoffs.insight.time import Cell, Spent
from portal.templatetags.times import human

PHASES: Mapping[Phase, str] = {
    Phase.OFFERED: "Waiting to be accepted",
    Phase.QUESTIONED: "Waiting for an answer",
    Phase.WAITING: "Waiting to start",
    Phase.WORKING: "Working",
    Phase.ON_HOLD: "On hold",
    Phase.MENDING: "With the sender again",
}
WIDTH = 1000  # of the bar, in its own units


@dataclass(frozen=True)
class Piece:
    """One stretch of the bar: where it begins and how wide it is, in thousandths; and what it says."""

    x: int
    width: int
    phase: Phase
    words: str


@dataclass(frozen=True)
class Share:
    """One line of the table beside the bar."""

    phase: Phase
    words: str
    who: str
    lasted: timedelta
    inside: timedelta
    percent: int


class WhereItWent:
    """The time of one handoff from its first offer on: pieces of a bar, and shares that add up to the whole."""

    def __init__(self, spent: Spent) -> None:
        self._spent = spent
        self.total = self._spent.total

    def __bool__(self) -> bool:
        return self.total > timedelta()

    @property
    def pieces(self) -> list[Piece]:
        """In the order in which it happened. What is too short to be seen is drawn a hair's breadth wide."""
        found, passed = [], timedelta()
        for each in self._spent.slices:
            x = int(passed / self.total * WIDTH)
            passed += each.lasted
            width = max(2, int(passed / self.total * WIDTH) - x)
            words = f"{PHASES[each.phase]}, {self._spent.names[each.holder]} answering: {human(each.lasted)}"
            found.append(Piece(x, width, each.phase, words))
        return found

    @property
    def shares(self) -> list[Share]:
        """The longest first."""
        cells = sorted(self._spent.cells(), key=lambda cell: cell.lasted, reverse=True)
        return [self._share(cell) for cell in cells]

    def _share(self, cell: Cell) -> Share:
        percent = round(cell.lasted / self.total * 100)
        who = self._spent.names[cell.holder]
        return Share(cell.phase, PHASES[cell.phase], who, cell.lasted, cell.inside, percent)

    @property
    def sentence(self) -> str:
        """The longest wait, for who cannot see the bar."""
        first = self.shares[0]
        return f"{human(self.total)} in all; the largest share is “{first.words}” with {first.percent} %."
