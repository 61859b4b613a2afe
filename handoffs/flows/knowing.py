"""A case as it stands: its turns, what is known by them, and where each value came from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from handoffs.flows import document
from handoffs.flows import next as coming
from handoffs.flows.models import Case, Turn
from handoffs.flows.next import TurnState
from handoffs.flows.plan import Amendment, Known, Plan, Step
from handoffs.flows.versions import plan_of
from handoffs.handoff import Handoff
from tenants.records import records

Origin = dict[str, Any]


def plan_of_case(case: Case) -> Plan:
    """The plan of its flow's version, with the steps that were added to this case alone."""
    plan = plan_of(case.flow_version)
    return plan.amended(amendments(case)) if case.amendments else plan


def amendments(case: Case) -> Iterator[Amendment]:
    """The steps that were added to this case, as they are stored: {"step": …, "before": […], "template_version"}."""
    for stored in case.amendments:
        (step,) = document.read({"steps": [stored["step"]]}).steps
        yield Amendment(step, tuple(stored["before"]))


@dataclass(frozen=True)
class Value:
    """Something known: what it is, and the step, side and field it came from, with its handoff."""

    step: str
    side: str
    field: str
    value: Any
    turn: Turn

    @property
    def handoff(self) -> Handoff:
        """Where it was given."""
        assert self.turn.handoff is not None
        return self.turn.handoff

    @property
    def origin(self) -> Origin:
        """As a turn keeps it: where it was said first, if it only passed through."""
        through = self.turn.origins.get(self.field) if self.side == "context" else None
        return through or {"step": self.step, "side": self.side, "field": self.field, "handoff": self.handoff.pk}


@dataclass
class Course:
    """One case in memory: `turns` are all it has had, in their order, undone ones with them."""

    case: Case
    plan: Plan
    turns: list[Turn] = field(default_factory=list)

    @classmethod
    def of(cls, case: Case) -> "Course":
        """Reads the turns of a case with their handoffs; one statement."""
        return cls.of_all([case])[0]

    @classmethod
    def of_all(cls, cases: Sequence[Case]) -> "list[Course]":
        """The same for several cases of one organization, in their order; one statement for all."""
        turns: dict[int, list[Turn]] = {case.pk: [] for case in cases}
        if cases:
            given = {"home": cases[0].organization_id, "cases": list(turns)}
            for turn in records(Turn, _OF_CASES, given, "handoff"):
                turns[turn.case_id].append(turn)
        for case in cases:
            for turn in turns[case.pk]:
                turn.case = case
        return [cls(case, plan_of_case(case), turns[case.pk]) for case in cases]

    @property
    def counting(self) -> dict[str, Turn]:
        """The turn that counts of each step that has one."""
        return {turn.step: turn for turn in self.turns if turn.undone_at is None}

    @property
    def standing(self) -> dict[str, coming.Turn]:
        """The same as `next` wants it; what the plan no longer knows is history."""
        return {
            key: coming.Turn(turn.number, TurnState(turn.state))
            for key, turn in self.counting.items()
            if key in self.plan.by_key
        }

    @property
    def numbers(self) -> dict[str, int]:
        """How many turns each step has had."""
        found: dict[str, int] = {}
        for turn in self.turns:
            found[turn.step] = max(found.get(turn.step, 0), turn.number)
        return found

    @property
    def known(self) -> Known:
        """What conditions may look at: context and result of what was done and still counts."""
        return {
            key: {"context": turn.handoff.context, "result": turn.handoff.result}
            for key, turn in self.counting.items()
            if turn.handoff is not None and turn.state == TurnState.DONE
        }

    def flowing_to(self, step: Step) -> list[Value]:
        """Every value that may flow to a step, the latest last.

        That is what the steps before it brought, and what was said in turns that a loop or a return undid: why work
        comes back is what its doer must know first. Steps beside it have no say, whichever of them is faster.
        """
        before, again = self.plan.before(step.key), self.plan.from_here(step.key)
        done = [turn for turn in self.turns if turn.handoff is not None and turn.state in _TOLD]
        fitting = [t for t in done if (t.step in before if t.undone_at is None else t.step in before | again)]
        return [value for turn in sorted(fitting, key=_when) for value in _values(turn)]

    def turn_of(self, handoff: Handoff) -> Turn | None:
        """The turn that this handoff is."""
        return next((turn for turn in self.turns if turn.handoff_id == handoff.pk), None)

    @cached_property
    def root_id(self) -> int:
        """The key of the case at the top of its family."""
        return int(self.case.root_id or self.case.pk)


_OF_CASES = "WHERE one.organization_id = %(home)s AND one.case_id = ANY(%(cases)s::bigint[]) ORDER BY one.id"
_TOLD = (TurnState.DONE, TurnState.SKIPPED, TurnState.CANCELLED)


def _when(turn: Turn) -> tuple[Any, int]:
    return turn.ended_at, turn.pk or 0


def _values(turn: Turn) -> Iterator[Value]:
    """Context before result: what is found out is later than what was given."""
    handoff = turn.handoff
    assert handoff is not None
    sides: Iterable[tuple[str, Mapping[str, Any]]] = (("context", handoff.context), ("result", handoff.result))
    for side, values in sides:
        for key, value in values.items():
            yield Value(turn.step, side, key, value, turn)
