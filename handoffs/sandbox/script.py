"""What people do in a play: when they accept and complete each step, and what they deliver. No Django in here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Share = float | None
NEVER: Share = None


@dataclass(frozen=True)
class StepScript:
    """How one step is gone about.

    `accepts` and `completes` are shares of the promised time: 0.5 is half of it, 2.0 as late again, None is never.
    `results` are the values delivered the first time, the second …; the last of them stands for all that come after,
    and what is not said is made up. `returns_once`: the offer comes back before it is accepted.
    """

    accepts: Share = 0.5
    completes: Share = 0.5
    returns_once: bool = False
    results: Sequence[Mapping[str, Any]] = ()

    def result(self, time: int) -> Mapping[str, Any]:
        """What is delivered at the first (1), second … time."""
        return self.results[min(time, len(self.results)) - 1] if self.results else {}


USUAL = StepScript()


@dataclass(frozen=True)
class Script:
    """Of each step by its key; a step that is not named is done in half of its time."""

    steps: Mapping[str, StepScript] = field(default_factory=dict)

    def of(self, step: str) -> StepScript:
        """The script of one step."""
        return self.steps.get(step, USUAL)
