"""What is surely so when a case comes to a step, whichever way it took: steps that were done, values that are known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce

from handoffs.flows.check.fitting import Fit, fit
from handoffs.flows.check.possibilities import Path
from handoffs.flows.conditions import Comparison, Condition
from handoffs.flows.facts import Facts, FieldFact, TemplateFact
from handoffs.flows.plan import DoneOn, Link, Plan, Step, StepKind, WaitsFor

# What is sure: ("done", step), ("passed", step) for done or skipped, ("known", step, side, field).
Sure = frozenset[tuple[str, ...]]
NOTHING_ASKED = TemplateFact()


@dataclass(frozen=True)
class Sight:
    """A plan, seen with what its names mean. The plan has no cycle but loops, and no link from nowhere."""

    plan: Plan
    facts: Facts
    _brought: dict[str, frozenset[Path]] = field(default_factory=dict)

    def template(self, key: str) -> TemplateFact:
        """What the step asks for."""
        step = self.plan.by_key.get(key)
        asks = step is not None and step.kind is StepKind.HANDOFF
        return self.facts.templates.get(step.template, NOTHING_ASKED) if step and asks else NOTHING_ASKED

    def field(self, path: Path) -> FieldFact | None:
        """The field that a path names, of a step that could bring it."""
        step = self.plan.by_key.get(path[0])
        if step is None or (path[1] == "result" and step.done_on is DoneOn.ACCEPT):
            return None
        return self.template(path[0]).side(path[1]).get(path[2])

    @cached_property
    def order(self) -> list[str]:
        """The steps, each after all that lead to it."""
        found: dict[str, None] = {}
        left = list(self.plan.steps)
        while left:
            ready = [s for s in left if all(link.step in found for link in s.after if not link.is_loop)]
            found.update(dict.fromkeys(step.key for step in ready))
            left = [step for step in left if step.key not in found]
        return list(found)

    @cached_property
    def on_entering(self) -> Mapping[str, Sure]:
        """What is sure when each step is entered, by any link and by any loop."""
        known: dict[str, Sure] = {}
        settled = False
        while not settled:
            before = dict(known)
            for key in self.order:
                known[key] = self._entering(self.plan.by_key[key], known)
            settled = known == before
        return known

    def given(self, key: str, *, after: bool = False) -> frozenset[Path]:
        """The values that are surely known when a step is entered; with `after`, when it has been done or skipped."""
        sure = self._after(self.plan.by_key[key], self.on_entering) if after else self.on_entering[key]
        found = {(mark[1], mark[2], mark[3]) for mark in sure if mark[0] == "known"}
        for mark in sure:
            if mark[0] == "passed":
                found |= {path for path in self.brought(mark[1]) if path[1] == "context" or ("done", mark[1]) in sure}
        return frozenset(found)

    def brought(self, key: str) -> frozenset[Path]:
        """The values that a step surely has when it is done; its context also when it was skipped."""
        if key not in self._brought:
            step, asked = self.plan.by_key[key], self.template(key)
            self._brought[key] = frozenset()  # a loop asks for itself
            result = asked.result if step.done_on is DoneOn.COMPLETE else {}
            self._brought[key] = frozenset(
                {(key, "context", name) for name in asked.context if self.is_filled(step, name)}
                | {(key, "result", name) for name, f in result.items() if self._must(step.receiver, f)}
            )
        return self._brought[key]

    def is_filled(self, step: Step, name: str) -> bool:
        """Whether a context field of a step surely has a value: it is required, or something surely flows in."""
        wanted = self.template(step.key).context[name]
        return self._must(step.giver, wanted) or self.flows_in(step, name, wanted)

    def flows_in(self, step: Step, name: str, wanted: FieldFact) -> bool:
        """Whether a value surely flows into the field, whichever way the case took."""
        given = self.given(step.key)
        taken = [tuple(take.source.split(".")) for take in step.takes if take.field == name]
        same = [path for path in given if path[2] == name] if step.takes_all else []
        return any(self._surely(path, wanted) for path in taken if path in given) or any(
            self._surely(path, wanted) and not self.is_held_back(path, step, wanted) for path in same
        )

    def is_held_back(self, path: Path, step: Step, wanted: FieldFact) -> bool:
        """Whether the value is ours alone, and would not flow to where a client might see it unless named."""
        if step.internal:
            return False
        source = self.field(path)
        ours = source is not None and source.internal and not wanted.internal
        return self.plan.by_key[path[0]].internal or ours

    def _surely(self, path: tuple[str, ...], wanted: FieldFact) -> bool:
        source = self.field((path[0], path[1], path[2]))
        return source is not None and fit(source, wanted) is Fit.SURELY

    def _must(self, role: str, asked: FieldFact) -> bool:
        """Whether who fills it has to: a client is not asked for what is internal."""
        return asked.required and not (asked.internal and self.is_client(role))

    def is_client(self, role: str) -> bool:
        """Whether the role is fixed to people of a client."""
        played = self.plan.roles_by_key.get(role)
        if played is None:
            return False
        people = self.facts.members.get(played.member.lower()) or self.facts.teams.get(played.team)
        return people is not None and people.is_client

    # How it is worked out

    def _entering(self, step: Step, known: Mapping[str, Sure]) -> Sure:
        ahead = [link for link in step.after if not link.is_loop]
        ways = [self._along(link, known) for link in ahead]
        sure = reduce(frozenset.__and__, ways) if ways else frozenset()
        sure = self._joined(sure, self._decided(step), known)
        for link in step.after:  # until the round in which a loop's source is known, it takes nothing away
            if link.is_loop and link.step in known:
                sure &= self._along(link, known)
        return sure

    def _along(self, link: Link, known: Mapping[str, Sure]) -> Sure:
        """What is sure on a way that led on: what its step left behind, and what the condition could not do without."""
        found = set(self._after(self.plan.by_key[link.step], known))
        if link.when is not None:
            found |= _implied(link.when)
        if link.otherwise:
            others = [other.when for _, other in self.plan.forward(link.step) if other.when is not None]
            found |= set().union(*(_implied_by_not(other) for other in others))
        return frozenset(found)

    def _after(self, step: Step, known: Mapping[str, Sure]) -> Sure:
        marks = {("passed", step.key)} | (set() if step.may_skip else {("done", step.key)})
        return known[step.key] | marks

    def _decided(self, step: Step) -> frozenset[str]:
        """The steps that must have been decided before this one can be entered or bypassed."""
        return self._decisions[step.key]

    @cached_property
    def _decisions(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for key in self.order:
            step = self.plan.by_key[key]
            each = [found[link.step] | {link.step} for link in step.after if not link.is_loop]
            together = frozenset.__or__ if step.waits_for is WaitsFor.ALL else frozenset.__and__
            found[key] = reduce(together, each) if each else frozenset()
        return found

    def _joined(self, sure: Sure, decided: Iterable[str], known: Mapping[str, Sure]) -> Sure:
        """Adds the branches that a join waited for and that were surely taken: nothing stood in their way."""
        decided = set(decided)
        for key in self.order:
            step = self.plan.by_key[key]
            if key in decided and ("passed", key) not in sure and self._surely_entered(step, sure):
                sure |= self._after(step, known)
        return sure

    def _surely_entered(self, step: Step, sure: Sure) -> bool:
        ahead = [link for link in step.after if not link.is_loop]
        free = [link for link in ahead if link.when is None and not link.otherwise]
        return not ahead or any(("passed", link.step) in sure for link in free)


def _implied(condition: Condition) -> set[tuple[str, ...]]:
    """What must be so for the condition to be true."""
    if isinstance(condition, Comparison):
        return _known(condition) if condition.operator != "is empty" else set()
    parts = [_implied(part) for part in condition.parts]
    return set.union(*parts) if condition.word == "and" else set.intersection(*parts)


def _implied_by_not(condition: Condition) -> set[tuple[str, ...]]:
    """What must be so for the condition to be false."""
    if isinstance(condition, Comparison):
        return _known(condition) if condition.operator == "is empty" else set()
    parts = [_implied_by_not(part) for part in condition.parts]
    return set.union(*parts) if condition.word == "or" else set.intersection(*parts)


def _known(comparison: Comparison) -> set[tuple[str, ...]]:
    """That a field has a value, which only a step that was done can have given."""
    step = comparison.step
    return {("known", step, comparison.side, comparison.field), ("done", step), ("passed", step)}
