"""A case in memory: plays a plan by `next` alone, with whatever comes of its steps, and looks over its shoulder."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handoffs.flows import next as coming
from handoffs.flows.next import Bypass, Enter, Move, Turn, TurnState, Undo
from handoffs.flows.plan import Plan, StepKind


@dataclass
class Played:
    """One case: the turns that count, how many each step has had, what is known, and the order in which it went."""

    plan: Plan
    entered: Callable[["Played", str], None] = lambda played, step: None
    turns: dict[str, Turn] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    known: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    loops: dict[tuple[str, str], int] = field(default_factory=dict)

    def begin(self) -> "Played":
        self._follow(coming.begin(self.plan))
        return self

    @property
    def live(self) -> list[str]:
        return [key for key, turn in self.turns.items() if turn.state is TurnState.LIVE]

    def end(self, step: str, result: dict[str, Any] | None) -> None:
        """The step is done with this result; without one it is skipped."""
        state = TurnState.DONE if result is not None else TurnState.SKIPPED
        self.turns[step] = Turn(self.turns[step].number, state)
        if result is not None and self.plan.by_key[step].kind is StepKind.HANDOFF:
            self.known[step] = {"result": result}
        self._follow(coming.after(step, self.plan, self.turns, self.known, self.numbers))

    def _follow(self, moves: list[Move]) -> None:
        for move in moves:
            match move:
                case Undo():
                    key = (move.because, move.to)
                    self.loops[key] = self.loops.get(key, 0) + 1
                    for step in move.steps:
                        del self.turns[step]
                        self.known.pop(step, None)
                case Bypass():
                    self._turn(move.step, move.number, TurnState.BYPASSED)
                case Enter():
                    passed = self.plan.by_key[move.step].kind is StepKind.MILESTONE
                    self.entered(self, move.step)
                    self._turn(move.step, move.number, TurnState.DONE if passed else TurnState.LIVE)

    def _turn(self, step: str, number: int, state: TurnState) -> None:
        assert step not in self.turns, f"{step} has two turns that count"
        assert number == self.numbers.get(step, 0) + 1, f"{step} skips a turn"
        self.turns[step] = Turn(number, state)
        self.numbers[step] = number
