"""A flow as plain data: roles, steps, and the links between them. No Django in here.

A step says what it waits for, so links stand with the step that they lead to. A link that leads back is a loop and
carries how often it may be taken in one case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from handoffs.flows.conditions import Condition


class StepKind(StrEnum):
    """What a step is when a case comes to it."""

    HANDOFF = "handoff"  # somebody is to do something: an ordinary handoff
    MILESTONE = "milestone"  # a point worth naming; reached and passed in the same instant
    WAIT = "wait"  # until an instant, or for a working duration
    CASE = "case"  # a case of another flow; done when that case is


class WaitsFor(StrEnum):
    """When a step with several links leading to it is entered."""

    ALL = "all"  # when each of them is decided and at least one leads here
    ANY = "any"  # at the first that leads here


class DoneOn(StrEnum):
    """Which verb ends the step."""

    COMPLETE = "complete"
    ACCEPT = "accept"  # an acknowledgment: whoever accepts has done it


@dataclass(frozen=True)
class Role:
    """One side of the work. `team` or `member` (an e-mail address) when the flow fixes them, else chosen at launch."""

    key: str
    label: str
    team: str = ""
    member: str = ""


@dataclass(frozen=True)
class Link:
    """From `step` to the step that the link stands with.

    `when` is a condition on what is known by then; `otherwise` is taken when no other link out of `step` is.
    `again_at_most` makes it a loop: it leads back to where the case has been, that often at most in one case.
    """

    step: str
    when: Condition | None = None
    otherwise: bool = False
    again_at_most: int | None = None

    @property
    def is_loop(self) -> bool:
        return self.again_at_most is not None


@dataclass(frozen=True)
class Take:
    """One value that flows on: into the context field `field`, from `source`, a path such as `intake.result.amount`."""

    field: str
    source: str


@dataclass(frozen=True)
class TakeDocuments:
    """Documents that flow on: from `step` (and its slot, if named) into a slot of this step ('' for none)."""

    step: str
    from_slot: str = ""
    slot: str = ""


@dataclass(frozen=True)
class Pause:
    """How long a wait lasts: a working duration by the hours of `hours_of` (a role), or until a known date."""

    lasts: timedelta | None = None
    hours_of: str = ""
    until: str = ""  # a path to a date or date-time, such as `contract.result.start_date`


@dataclass(frozen=True)
class Step:
    """One node of a flow. What does not belong to its kind is left at its default.

    `template` and `flow` are names. `within` overrides the template's working times by the name of the clock
    (`accept`, `start`, `complete`, `answer`). With `takes_all`, every value known by then whose key is a context field
    of the template flows on; `takes` names further ones, and wins. `asks` are context fields that the giver is asked
    for at the moment of handing on. `internal` steps happen in the case's internal workspace, unseen by clients.
    """

    key: str
    label: str
    kind: StepKind = StepKind.HANDOFF
    waits_for: WaitsFor = WaitsFor.ALL
    after: tuple[Link, ...] = ()
    template: str = ""
    giver: str = ""
    receiver: str = ""
    within: Mapping[str, timedelta] = field(default_factory=dict)
    takes_all: bool = True
    takes: tuple[Take, ...] = ()
    documents: tuple[TakeDocuments, ...] = ()
    asks: tuple[str, ...] = ()
    done_on: DoneOn = DoneOn.COMPLETE
    may_skip: bool = False
    internal: bool = False
    pause: Pause = Pause()
    flow: str = ""
    cast: Mapping[str, str] = field(default_factory=dict)  # role of the other flow → role of this one


@dataclass(frozen=True)
class Plan:
    """A whole flow. Steps keep the order in which they were written."""

    roles: tuple[Role, ...] = ()
    steps: tuple[Step, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Step]:
        return {step.key: step for step in self.steps}

    @cached_property
    def roles_by_key(self) -> Mapping[str, Role]:
        return {role.key: role for role in self.roles}

    @cached_property
    def starts(self) -> tuple[Step, ...]:
        """The steps that a case begins with: nothing leads to them but loops."""
        return tuple(step for step in self.steps if all(link.is_loop for link in step.after))

    @cached_property
    def _out(self) -> Mapping[str, Sequence[tuple[Step, Link]]]:
        out: dict[str, list[tuple[Step, Link]]] = {}
        for step in self.steps:
            for link in step.after:
                out.setdefault(link.step, []).append((step, link))
        return out

    def forward(self, key: str) -> Sequence[tuple[Step, Link]]:
        """The links out of a step that lead on, each with the step it leads to."""
        return [(step, link) for step, link in self._out.get(key, ()) if not link.is_loop]

    def loops(self, key: str) -> Sequence[tuple[Step, Link]]:
        """The links out of a step that lead back."""
        return [(step, link) for step, link in self._out.get(key, ()) if link.is_loop]

    def from_here(self, key: str) -> frozenset[str]:
        """The step and everything that comes after it, loops aside: what is done anew when it is."""
        if key not in self._after:
            following = {step.key: [to.key for to, _ in self.forward(step.key)] for step in self.steps}
            self._after.update({step.key: _reached(step.key, following) for step in self.steps})
        return self._after.get(key, frozenset({key}))

    def before(self, key: str) -> frozenset[str]:
        """Everything that comes before a step, loops aside."""
        if key not in self._before:
            leading = {s.key: [link.step for link in s.after if not link.is_loop] for s in self.steps}
            known = self.by_key.keys()
            self._before.update({s.key: (_reached(s.key, leading) & known) - {s.key} for s in self.steps})
        return self._before.get(key, frozenset())

    @cached_property
    def _after(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _before(self) -> dict[str, frozenset[str]]:
        return {}

    def amended(self, amendments: Iterable["Amendment"]) -> "Plan":
        """This plan with the steps that one running case has in addition."""
        plan = self
        for amendment in amendments:
            plan = amendment.applied_to(plan)
        return plan


def _reached(key: str, following: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The step and whatever comes after it along these links."""
    found, waiting = {key}, [key]
    while waiting:
        new = set(following.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return frozenset(found)


@dataclass(frozen=True)
class Amendment:
    """A step added to one running case: it stands with its own links; the steps in `before` wait for it as well."""

    step: Step
    before: tuple[str, ...] = ()

    def applied_to(self, plan: Plan) -> Plan:
        """The plan with the step in it."""
        further = Link(self.step.key)
        steps = tuple(
            replace(step, after=(*step.after, further)) if step.key in self.before else step for step in plan.steps
        )
        return Plan(plan.roles, (*steps, self.step))


# What is known in a case: step → "context" or "result" → field → value as stored.
Known = Mapping[str, Mapping[str, Mapping[str, Any]]]
