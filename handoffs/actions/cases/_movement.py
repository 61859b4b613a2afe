"""One change of a case and its family, worked out in memory: what is done, entered, bypassed, undone, launched, over.

Nothing is written in here but what `_writing` writes at the end, in a number of statements that does not depend on
how many steps come next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoffs.actions.cases import _waiting
from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._held import Appeared, Held
from handoffs.actions.cases._pinned import flow_of
from handoffs.actions.cases._receivers import Cast, castings_of_all
from handoffs.flows import next as coming
from handoffs.flows.knowing import Course, plan_of_case
from handoffs.flows.locking import read_case
from handoffs.flows.next import Bypass, Enter, Move, TurnState, Undo
from handoffs.flows.plan import Step, StepKind
from handoffs.models import Case, CaseState, CaseVerb, Handoff, Turn
from tenants.models import Member, Team
from tenants.refusals import Conflict

Facts = dict[str, Any]


@dataclass
class Entering:
    """A step that somebody is to receive: its turn, which is not saved yet."""

    course: Course
    step: Step
    turn: Turn


@dataclass
class Record:
    """What a case's ledger will say of this change."""

    course: Course
    verb: CaseVerb
    facts: Facts
    entered: list[Turn] = field(default_factory=list)


class Movement:
    """Begin, do, skip, undo: each follows up what the plan says comes of it. Then `_writing.write` it."""

    def __init__(self, *, by: Member, at: datetime, given: Given | None = None, held: Held | None = None) -> None:
        self.by, self.at = by, at
        self.given: Given = given or {}
        self.held: Held = held or {}
        self.team: Team | None = None  # for which `by` held what they did
        self.givers: list[Member] = []  # with whom custody may start if not with `by`
        self.entering: list[Entering] = []
        self.cancelling: list[tuple[Handoff, str]] = []
        self.new_turns: list[Turn] = []
        self.ended_turns: dict[int, Turn] = {}
        self.case_fields: set[str] = set()  # what else of the cases' rows is written
        self.launched: list[tuple[Course, Mapping[str, Cast]]] = []
        self.records: dict[int, Record] = {}
        self._parents: dict[int, tuple[Course, Step]] = {}  # by the launched course
        self._castings: dict[int, Mapping[str, Cast]] = {}

    # What happens to a step

    def begin(self, course: Course) -> None:
        """A case that was just made comes to its first steps."""
        self.record(course, CaseVerb.LAUNCH)
        self._follow(course, coming.begin(course.plan))

    def done(self, course: Course, turn: Turn, state: TurnState = TurnState.DONE) -> None:
        """A turn has ended, and what follows from it."""
        self.record(course, CaseVerb.ADVANCE, step=turn.step, label=label_of(course, turn.step))
        self._end(turn, state)
        if turn.step in course.plan.by_key:
            self._follow(course, coming.after(turn.step, course.plan, course.standing, course.known, course.numbers))

    def skip(self, course: Course, turn: Turn, reason: str) -> None:
        """A turn ends without being done, or stays broken off, and the case goes on as if it were done."""
        self.record(course, CaseVerb.SKIP, step=turn.step, label=label_of(course, turn.step), reason=reason)
        turn.reason = reason
        self.break_off(turn, reason, TurnState.SKIPPED)
        self._follow(course, coming.after(turn.step, course.plan, course.standing, course.known, course.numbers))

    def settle(self, course: Course) -> None:
        """What is due as things stand, after the plan of the case was changed."""
        self._follow(course, coming.settle(course.plan, course.standing, course.known, course.numbers))

    def undo(self, course: Course, steps: Sequence[str] | frozenset[str], *, cause: str, reason: str) -> None:
        """The turns of these steps no longer count; what is live there is cancelled."""
        undone = []
        for key, turn in course.counting.items():
            if key in steps:
                turn.undone_at, turn.cause, turn.reason = self.at, cause, reason
                if turn.state == TurnState.LIVE:
                    self.break_off(turn, reason)
                self._touch(turn)
                undone.append(key)
        self._note(course, "undone", undone)

    def revive(self, course: Course, turn: Turn, *, cause: str, reason: str) -> None:
        """A turn that was done is live again, and everything after it is undone, in the cases above as well."""
        self.undo(course, course.plan.from_here(turn.step) - {turn.step}, cause=cause, reason=reason)
        turn.state, turn.ended_at = TurnState.LIVE, None
        self._touch(turn)
        case = course.case
        if case.state == CaseState.RUNNING:
            return
        case.state, case.closed_at, case.reason = CaseState.RUNNING, None, ""
        above = self.parent_of(course)
        if above is None and case.root_id is not None:
            raise Conflict("The case that launched this one has gone on without it.", code="superseded_step")
        if above is not None:
            self.record(above[0], CaseVerb.REOPEN, step=above[1].step, label=label_of(above[0], above[1].step))
            self.revive(*above, cause=cause, reason=reason)

    def break_off(self, turn: Turn, reason: str, state: TurnState = TurnState.CANCELLED) -> None:
        """A live turn ends without being done: its handoff or the case it launched is cancelled with it."""
        self._end(turn, state)
        self.entering = [each for each in self.entering if each.turn is not turn]
        if turn.handoff is not None and turn.handoff.is_live:
            if turn.handoff.pk not in self.held:
                raise Appeared
            self.cancelling.append((turn.handoff, reason))
        if turn.child is not None:
            below = self.course_of(turn.child)
            if below.case.is_running:
                self.cancel(below, reason)

    def cancel(self, course: Course, reason: str) -> None:
        """The whole case ends; nothing of it is live any more."""
        self.record(course, CaseVerb.CANCEL, reason=reason)
        for turn in course.counting.values():
            if turn.state == TurnState.LIVE:
                turn.reason = reason
                self.break_off(turn, reason)
        course.case.state, course.case.closed_at, course.case.reason = CaseState.CANCELLED, self.at, reason

    # What follows

    def _follow(self, course: Course, moves: Sequence[Move]) -> None:
        soon: list[Turn] = []
        for move in moves:
            match move:
                case Enter():
                    turn = self._enter(course, move)
                    if turn is not None:
                        soon.append(turn)
                case Bypass():
                    self._new_turn(course, move.step, move.number, TurnState.BYPASSED)
                    self._note(course, "bypassed", [move.step])
                case Undo():
                    reason = _led_back(course, move)
                    self.undo(course, move.steps, cause="loop", reason=reason)
        for turn in soon:  # what is over in the instant in which it begins; another may have undone it meanwhile
            if turn.undone_at is None and turn.state == TurnState.LIVE:
                self.done(course, turn)
        self._close_if_over(course)

    def _enter(self, course: Course, move: Enter) -> Turn | None:
        """Makes the turn of a step; answers with it if it is over at once."""
        step = course.plan.by_key[move.step]
        passed = step.kind is StepKind.MILESTONE
        turn = self._new_turn(course, step.key, move.number, TurnState.DONE if passed else TurnState.LIVE)
        turn.because = list(move.because)
        self._note(course, "passed" if passed else "entered", [step.key])
        self.records[id(course)].entered.append(turn)
        if step.kind is StepKind.HANDOFF:
            self.entering.append(Entering(course, step, turn))
        if step.kind is StepKind.WAIT:
            turn.wakes_at = _waiting.wakes_at(course, step, self.castings_of(course), self.at)
            return turn if turn.wakes_at <= self.at else None
        if step.kind is StepKind.CASE:
            return turn if self._launch(course, step, turn) else None
        return None

    def _launch(self, course: Course, step: Step, turn: Turn) -> bool:
        """Launches the other flow; answers whether its case is over at once."""
        version, above = flow_of(course.case, step.key), course.case
        child = Case(
            organization_id=above.organization_id,
            flow_version=version,
            workspace=above.workspace,
            internal_workspace=above.internal_workspace,
            title=above.title,
            launched_by=self.by,
            owner=above.owner,
            root=above.root or above,
            launched_at=self.at,
            changed_at=self.at,
        )
        cast = self.castings_of(course)
        casting = {theirs: cast[ours] for theirs, ours in step.cast.items() if ours in cast}
        below = Course(child, plan_of_case(child))
        self.launched.append((below, _waiting.fixed(version, below.plan) | casting))
        self._castings[id(below)] = self.launched[-1][1]
        self._parents[id(below)] = (course, step)
        turn.child = child
        self.begin(below)
        return child.state == CaseState.COMPLETED

    def _close_if_over(self, course: Course) -> None:
        """A case all of whose steps have ended is completed, and the step that launched it is done."""
        case = course.case
        if case.state != CaseState.RUNNING or not coming.is_over(course.standing.values()):
            return
        case.state, case.closed_at = CaseState.COMPLETED, self.at
        self.records[id(course)].facts["completed"] = True
        if id(course) in self._parents:
            return  # its launcher is still at it
        above = self.parent_of(course)
        if above is not None and above[1].state == TurnState.LIVE:
            self.done(*above)

    # Looking up and noting down

    def course_of(self, case: Case) -> Course:
        """The course of another case of the family, as this change sees it."""
        for record in self.records.values():
            if record.course.case is case or (case.pk is not None and record.course.case.pk == case.pk):
                return record.course
        return Course.of(read_case(case.organization_id, case.pk))

    def parent_of(self, course: Course) -> tuple[Course, Turn] | None:
        """The course above, and the turn in it that launched this case and still counts."""
        if course.case.root_id is None or course.case.pk is None:
            return None
        turns = Turn.objects.filter(organization_id=course.case.organization_id, child=course.case)
        launched = turns.select_related("case").first()
        if launched is None:
            return None
        above = self.course_of(launched.case)
        turn = next(each for each in above.turns if each.pk == launched.pk)
        return (above, turn) if turn.undone_at is None else None

    def launcher_of(self, course: Course) -> tuple[Course, Step] | None:
        """The course and step whose values flow into the first steps of this one, if it was launched just now."""
        return self._parents.get(id(course))

    def castings_of(self, course: Course) -> Mapping[str, Cast]:
        """Who plays which role."""
        if id(course) not in self._castings:
            self._castings[id(course)] = castings_of_all([course.case])[course.case.pk]
        return self._castings[id(course)]

    def cast(self, course: Course, casting: Mapping[str, Cast]) -> None:
        """Says who plays which role in a case that is not saved yet, or is recast in this change."""
        self._castings[id(course)] = casting

    def record(self, course: Course, verb: CaseVerb, **facts: Any) -> Record:
        """What the case's ledger will say; the first verb is what it was about, and what follows adds to it."""
        if id(course) not in self.records:
            self.at = max(self.at, course.case.changed_at)
            self.records[id(course)] = Record(course, verb, facts)
        return self.records[id(course)]

    def _note(self, course: Course, what: str, steps: Sequence[str]) -> None:
        if steps:
            facts = self.record(course, CaseVerb.ADVANCE).facts
            facts.setdefault(what, []).extend({"step": key, "label": label_of(course, key)} for key in steps)

    def _new_turn(self, course: Course, step: str, number: int, state: TurnState) -> Turn:
        turn = Turn(
            organization_id=course.case.organization_id,
            case=course.case,
            step=step,
            number=number,
            state=state,
            brought_by=next(m for m in (self.by, *self.givers, course.case.owner) if not m.is_system),
            entered_at=self.at,
            ended_at=None if state is TurnState.LIVE else self.at,
        )
        course.turns.append(turn)
        self.new_turns.append(turn)
        return turn

    def _end(self, turn: Turn, state: TurnState) -> None:
        turn.state, turn.ended_at = state, self.at
        self._touch(turn)

    def _touch(self, turn: Turn) -> None:
        if turn.pk is not None:
            self.ended_turns[turn.pk] = turn


def _led_back(course: Course, move: Undo) -> str:
    """Why work is broken off by a loop. Clients read it on theirs, so it names no internal step."""
    steps = [course.plan.by_key[key] for key in (move.because, move.to)]
    if any(step.internal for step in steps):
        return "The case goes back to an earlier step."
    return f"“{steps[0].label}” led back to “{steps[1].label}”."


def label_of(course: Course, key: str) -> str:
    """How people call a step."""
    step = course.plan.by_key.get(key)
    return step.label if step is not None else key
