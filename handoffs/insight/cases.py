"""One case as one member may see it: how each step stands, who has the ball, where the time went, when it will end.

Clients see their part. What is internal stands there as a stretch with the organization: since when and how long, and
nothing else of it. A number of statements that does not depend on how many steps the case has.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.faces import show_faces
from handoffs.flows.drawing import Mark
from handoffs.flows.knowing import Course
from handoffs.flows.next import TurnState
from handoffs.flows.part import Part, seen_by_clients
from handoffs.flows.plan import Plan, Step, StepKind
from handoffs.flows.versions import Pins, pins_of
from handoffs.insight.balls import Ball, ball_at, ours
from handoffs.insight.case_time import OF_PHASE, Share, Side, Span, Stretch, stretches
from handoffs.insight.expected import Expected, from_history, from_targets
from handoffs.insight.time import Spent, spent_by
from handoffs.models import Case, Casting, Handoff, TemplateVersion, Turn
from tenants.models import Member, Role, Team

WITH_US = "With {organization}"


class SeenCase:
    """A case, read once when it is asked for."""

    def __init__(self, case: Case, reader: Member, at: datetime) -> None:
        self.case = case
        self.reader = reader
        self.at = at
        self.is_client = reader.role == Role.CLIENT

    # What there is

    @cached_property
    def course(self) -> Course:
        """The case in memory, with all that is internal: never shown as it is."""
        return Course.of(self.case)

    @cached_property
    def part(self) -> Part:
        """The plan as the reader sees it."""
        if not self.is_client:
            return Part(self.course.plan, {})
        return seen_by_clients(self.course.plan, WITH_US.format(organization=self.reader.organization.name))

    @property
    def plan(self) -> Plan:
        """The same without what stands for what."""
        return self.part.plan

    @cached_property
    def handoffs(self) -> Mapping[int, Handoff]:
        """The handoffs of its turns that the reader may see, with everybody in them, by id."""
        mine = Handoff.objects.reachable_by(self.reader).filter(case_id=self.case.pk)
        seen = set(mine.values_list("id", flat=True))
        turns = [turn for turn in self.course.turns if turn.handoff_id in seen and not self._is_hidden(turn.step)]
        return {row.pk: row for row in show_faces([turn.handoff for turn in turns if turn.handoff is not None])}

    @cached_property
    def turns(self) -> Mapping[str, Turn]:
        """The turn that counts of each step that the reader sees as such."""
        return {key: turn for key, turn in self.course.counting.items() if not self._is_hidden(key)}

    @cached_property
    def hidden(self) -> Sequence[Turn]:
        """The turns that count of steps that the reader sees only as a stretch."""
        return [turn for key, turn in self.course.counting.items() if self._is_hidden(key)]

    @cached_property
    def castings(self) -> Mapping[str, Casting]:
        """Who plays which role."""
        rows = Casting.objects.filter(organization_id=self.case.organization_id, case_id=self.case.pk)
        return {row.role: row for row in rows.select_related("team__calendar", "member")}

    def handoff_of(self, turn: Turn) -> Handoff | None:
        """The handoff of a turn, if the reader may see it."""
        return self.handoffs.get(turn.handoff_id or 0)

    def _is_hidden(self, step: str) -> bool:
        if not self.is_client:
            return False
        known = self.course.plan.by_key.get(step)
        return known is None or known.internal

    # Who has the ball

    @cached_property
    def balls(self) -> list[Ball]:
        """Who is to act now, in the order of the plan; for clients our own part is one ball."""
        live = [turn for turn in self.turns.values() if turn.state == TurnState.LIVE]
        order = {key: place for place, key in enumerate(self.course.plan.by_key)}
        found = [self._ball(turn) for turn in sorted(live, key=lambda turn: order.get(turn.step, len(order)))]
        return [*found, *ours(self.hidden, self.reader)]

    def _ball(self, turn: Turn) -> Ball:
        step = self.course.plan.by_key.get(turn.step)
        child = self._child(turn.child_id or 0)
        since = self._held_since(turn)
        return ball_at(turn, step, self.case, self.handoff_of(turn), since, child, self.who(step), self.reader)

    def _held_since(self, turn: Turn) -> datetime:
        """Since when the present holder answers for a step."""
        since = turn.entered_at
        spent = self.spent.get(turn.handoff_id or 0)
        slices = spent.slices if spent else ()
        for each in reversed(slices):
            if each.holder != slices[-1].holder:
                break
            since = each.starts_at
        return since

    def _child(self, case_id: int) -> str:
        return self.children.get(case_id, "")

    @cached_property
    def children(self) -> Mapping[int, str]:
        """References of the cases that its steps launched, as far as the reader may see them."""
        ids = {turn.child_id for turn in self.turns.values() if turn.child_id is not None}
        if not ids:
            return {}
        rows = Case.objects.reachable_by(self.reader).filter(id__in=ids).values_list("id", "number")
        return {id: f"CA-{number}" for id, number in rows}

    def who(self, step: Step | None) -> str:
        """Who is cast to receive a step; the role's own name while nobody is known."""
        casting = self.castings.get(step.receiver) if step else None
        if casting is not None:
            return casting.member.name if casting.member else casting.team.name
        role = self.course.plan.roles_by_key.get(step.receiver) if step else None
        return role.label if role else ""

    # Where the time went

    @cached_property
    def spent(self) -> Mapping[int, Spent]:
        """Where the time of every handoff went, those that the reader may not see with them: only sums are shown."""
        ids = [turn.handoff_id for turn in self.course.turns if turn.handoff_id is not None]
        return spent_by(self.case.organization_id, ids, self.at) if ids else {}

    @cached_property
    def stretches(self) -> list[Stretch]:
        """From the launch to the end or to now: in hands, between hands, paused, and on whose side."""
        return stretches(self._spans(), self.case.launched_at, self.case.closed_at or self.at)

    def _spans(self) -> Iterable[Span]:
        kinds = self._kinds
        for spent in self.spent.values():
            for each in spent.slices:
                side = Side.CLIENT if kinds.get(each.team or 0) == Team.Kind.CLIENT else Side.OURS
                yield Span(each.starts_at, each.ends_at, OF_PHASE[each.phase], side)
        for turn in self.course.turns:
            if turn.handoff_id is None:
                share = Share.ELSEWHERE if turn.child_id is not None else Share.PAUSED
                yield Span(turn.entered_at, turn.ended_at or self.at, share)

    @cached_property
    def _kinds(self) -> Mapping[int, str]:
        teams = {each.team for spent in self.spent.values() for each in spent.slices if each.team is not None}
        rows = Team.objects.filter(organization_id=self.case.organization_id, id__in=teams)
        return dict(rows.values_list("id", "kind")) if teams else {}

    # When it will be over

    @cached_property
    def expected(self) -> Expected | None:
        """When it may be expected to be over; None once it is."""
        if not self.case.is_running:
            return None
        counting = self.course.counting
        live = {key: turn for key, turn in counting.items() if turn.state == TurnState.LIVE}
        since = {key: turn.entered_at for key, turn in live.items()}
        flow = self.case.flow_version.flow_id
        known = from_history(self.case.organization_id, flow, since, self.at)
        if known is not None:
            return known
        ended = {key: turn.ended_at for key, turn in counting.items() if turn.ended_at is not None}
        due = {key: self._due(key, turn) for key, turn in live.items()}
        return from_targets(self.course.plan, ended, due, self._lasts, self.at)

    def _due(self, key: str, turn: Turn) -> datetime | None:
        """When a step under way is promised to be done."""
        step = self.course.plan.by_key.get(key)
        handoff = turn.handoff
        if handoff is None or step is None:
            return turn.wakes_at
        if handoff.open_offer_id is None or handoff.complete_due_at is not None:
            return handoff.complete_due_at
        return self._lasts(step, turn.entered_at)

    def _lasts(self, step: Step, at: datetime) -> datetime | None:
        """When a step would be done by what it promises, if it began at `at`."""
        if step.kind is StepKind.WAIT:
            casting = self.castings.get(step.pause.hours_of)
            return _later(casting, at, step.pause.lasts) if step.pause.lasts else None
        version = self._templates.template_version(step.key)
        targets = [_target(step, version, clock) for clock in ("accept", "complete")]
        known = [target for target in targets if target is not None]
        return _later(self.castings.get(step.receiver), at, sum(known, timedelta())) if known else None

    @cached_property
    def _templates(self) -> Pins:
        return pins_of(self.case.flow_version)

    # The chart

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """How each step stands: `note` is what it waits for, as `Ball.doing`; `href` the reference to read on."""
        numbers = self.course.numbers
        marks = {}
        for step in self.plan.steps:
            turn = self.turns.get(step.key)
            if turn is not None:
                marks[step.key] = self._mark(turn, step, numbers.get(step.key, 1))
            elif step.key in set(self.part.stands_in.values()):
                marks[step.key] = self._stretch(step.key)
            else:
                marks[step.key] = Mark("to_come", self.who(step), times=max(1, numbers.get(step.key, 1)))
        return marks

    def _mark(self, turn: Turn, step: Step, times: int) -> Mark:
        from_ = tuple(self.part.of(key) for key in turn.because)
        state = turn.state
        if state == TurnState.LIVE:
            ball = next(ball for ball in self.balls if ball.step == turn.step)
            who = ball.who or self.who(step)
            return Mark(state, who, ball.doing, ball.reference, from_, times, ball.is_late(self.at))
        handoff = self.handoff_of(turn)
        done_by = self.doer_of(handoff) if state == TurnState.DONE and handoff is not None else ""
        reference = handoff.reference if handoff else self._child(turn.child_id or 0)
        return Mark(state, done_by or self.who(step), "", reference, from_, times)

    def doer_of(self, handoff: Handoff) -> str:
        """Who did a step, or holds it: the last who answered for it."""
        spent = self.spent.get(handoff.pk)
        return spent.names[spent.slices[-1].holder] if spent and spent.slices else handoff.sender.name

    def label_of(self, step: str) -> str:
        """How the reader calls a step."""
        known = self.plan.by_key.get(self.part.of(step))
        return known.label if known else step

    def _stretch(self, key: str) -> Mark:
        """Our own part as clients see it: whether it is under way, done or to come."""
        turns = [turn for turn in self.hidden if self.part.of(turn.step) == key]
        from_ = tuple({self.part.of(step) for turn in turns for step in turn.because} - {key})
        if any(turn.state == TurnState.LIVE for turn in turns):
            return Mark("live", self.reader.organization.name, "ours", came_from=from_)
        steps = sum(standing == key for standing in self.part.stands_in.values())
        if turns and len(turns) == steps:
            passed = all(turn.state != TurnState.DONE for turn in turns)
            return Mark("bypassed" if passed else "done", came_from=from_)
        return Mark("to_come", came_from=from_)


def _target(step: Step, version: TemplateVersion | None, clock: str) -> timedelta | None:
    own: timedelta | None = getattr(version, f"{clock}_within", None)
    return step.within.get(clock, own)


def _later(casting: Casting | None, at: datetime, working: timedelta) -> datetime:
    return working_time.add(schedule_of(casting.team.calendar), at, working) if casting else at + working
