"""What comes next in a case: a pure answer to what its steps have come to. No Django in here.

Every link is decided once the step it comes from is: done or skipped, it leads on when its condition holds; bypassed,
it does not. So each step is entered or bypassed in the end, and no join waits for a branch that was not taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handoffs.flows.plan import Known, Link, Plan, Step, StepKind, WaitsFor


class TurnState(StrEnum):
    """Where one turn of a step stands. A turn that was undone (a loop, a return) no longer counts."""

    LIVE = "live"
    DONE = "done"
    SKIPPED = "skipped"
    BYPASSED = "bypassed"  # the case took another way
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Turn:
    """The turn that counts of one step: the latest that was not undone."""

    number: int
    state: TurnState


@dataclass(frozen=True)
class Enter:
    """The case comes to this step. `because` are the steps whose links led here; a milestone is passed at once."""

    step: str
    number: int
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bypass:
    """The case takes another way; the step is decided without anybody doing it."""

    step: str
    number: int


@dataclass(frozen=True)
class Undo:
    """The turns of these steps no longer count: a loop leads back to `to`."""

    steps: frozenset[str]
    to: str
    because: str


Move = Enter | Bypass | Undo


def begin(plan: Plan) -> list[Move]:
    """The first moves of a case."""
    return _settled(plan, {}, {}, {}, [Enter(step.key, 1) for step in plan.starts])


def after(step: str, plan: Plan, turns: Mapping[str, Turn], known: Known, loops: Mapping[str, int]) -> list[Move]:
    """The moves that follow when `step` has just been done or skipped (its turn says so already).

    `turns` are the turns that count. `loops` says how many turns each step has had, undone ones with them. The answer
    is in the order in which the moves happen.
    """
    back = _loop(step, plan, turns, known, loops)
    if back is None:
        return _settled(plan, turns, known, loops, [])
    target, _ = back
    undone = plan.from_here(target.key) & turns.keys()
    left = {key: turn for key, turn in turns.items() if key not in undone}
    first: list[Move] = [Undo(frozenset(undone), target.key, step)]
    entered = Enter(target.key, loops.get(target.key, 0) + 1, (step,))
    return _settled(plan, left, known, loops, [*first, entered])


def settle(plan: Plan, turns: Mapping[str, Turn], known: Known, loops: Mapping[str, int]) -> list[Move]:
    """The moves that are due as things stand: after an amendment or a change of version."""
    return _settled(plan, turns, known, loops, [])


def _loop(
    step: str, plan: Plan, turns: Mapping[str, Turn], known: Known, loops: Mapping[str, int]
) -> tuple[Step, Link] | None:
    """The first link that leads back and may still be taken. Who is skipped sends nothing back.

    Nothing leads back to where the case has not been: a step that waits for any of several may be done before another.
    """
    if turns[step].state is not TurnState.DONE:
        return None
    for target, link in plan.loops(step):
        if target.key not in turns:
            continue
        again = loops.get(target.key, 1) - 1
        if again < (link.again_at_most or 0) and (link.when is None or link.when.holds(known)):
            return target, link
    return None


def _settled(
    plan: Plan, turns: Mapping[str, Turn], known: Known, loops: Mapping[str, int], moves: Sequence[Move]
) -> list[Move]:
    """`moves`, and what they bring with them, until nothing more is decided."""
    standing = dict(turns)
    made = list(moves)
    for move in moves:
        _stand(standing, move, plan)
    changed = True
    while changed:
        changed = False
        for step in plan.steps:
            if step.key in standing:
                continue
            decided = _decided(step, plan, standing, known, loops)
            if decided is not None:
                made.append(decided)
                _stand(standing, decided, plan)
                changed = True
    return made


def _stand(standing: dict[str, Turn], move: Move, plan: Plan) -> None:
    if isinstance(move, Enter):
        passed = plan.by_key[move.step].kind is StepKind.MILESTONE
        standing[move.step] = Turn(move.number, TurnState.DONE if passed else TurnState.LIVE)
    elif isinstance(move, Bypass):
        standing[move.step] = Turn(move.number, TurnState.BYPASSED)


def _decided(step: Step, plan: Plan, turns: Mapping[str, Turn], known: Known, loops: Mapping[str, int]) -> Move | None:
    """What becomes of a step that has no turn yet, None while that is open."""
    links = [link for link in step.after if not link.is_loop]
    if not links:
        return None
    led = {link.step: leads(link, step, plan, turns, known) for link in links}
    number = loops.get(step.key, 0) + 1
    because = tuple(sorted(key for key, answer in led.items() if answer))
    if because and (step.waits_for is WaitsFor.ANY or None not in led.values()):
        return Enter(step.key, number, because)
    if None not in led.values():
        return Bypass(step.key, number)
    return None


def leads(link: Link, to: Step, plan: Plan, turns: Mapping[str, Turn], known: Known) -> bool | None:
    """Whether the link leads on; None while the step it comes from is not decided."""
    turn = turns.get(link.step)
    if turn is None or turn.state in (TurnState.LIVE, TurnState.CANCELLED):
        return None
    if turn.state is TurnState.BYPASSED:
        return False
    if link.otherwise:
        return not any(_holds(other, known) for _, other in plan.forward(link.step) if not other.otherwise)
    return _holds(link, known)


def _holds(link: Link, known: Known) -> bool:
    return link.when is None or link.when.holds(known)


def is_over(turns: Iterable[Turn]) -> bool:
    """Whether nothing is left to do: every turn that counts has ended, and none was broken off."""
    return all(turn.state not in (TurnState.LIVE, TurnState.CANCELLED) for turn in turns)
