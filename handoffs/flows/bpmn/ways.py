"""From sequence flows and gateways to links: which steps lead to which, and under what condition."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from handoffs.flows.bpmn.core import END, GATEWAYS, START
from handoffs.flows.bpmn.xml import Node, Strange
from handoffs.flows.conditions import Both, Comparison, Condition, NotNegatable, negated

MOST_WAYS = 200


@dataclass(frozen=True)
class Flow:
    """One sequence flow. `again_at_most` is given by our own extension only."""

    node: Node
    index: int
    source: str
    target: str
    when: Condition | None = None
    again_at_most: int | None = None


@dataclass(frozen=True)
class Way:
    """From one step to another, along these flows."""

    source: str
    target: str
    flows: tuple[Flow, ...]

    @property
    def order(self) -> int:
        """Where it stands among the links of its target: by the flow that was written last."""
        return max(flow.index for flow in self.flows)

    @property
    def again_at_most(self) -> int | None:
        return next((flow.again_at_most for flow in self.flows if flow.again_at_most is not None), None)


@dataclass
class Graph:
    """The nodes of a process by id, in their order, and the flows between them."""

    nodes: Mapping[str, Node]
    flows: Sequence[Flow]
    strange: list[Strange] = field(default_factory=list)
    joints: set[str] = field(default_factory=set)  # gateways and ends that become milestones

    def out(self, id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == id]

    def into(self, id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == id]

    def is_step(self, id: str) -> bool:
        return self.nodes[id].tag not in (*GATEWAYS, START, END) or id in self.joints

    def is_choice(self, id: str) -> bool:
        """Whether flows out of it may be taken or not."""
        node = self.nodes[id]
        return node.tag != "parallelGateway" and any(f.when or self.is_default(f) for f in self.out(id))

    def is_default(self, flow: Flow) -> bool:
        return bool(flow.node.get("id")) and self.nodes[flow.source].get("default") == flow.node.get("id")

    def find_joints(self) -> None:
        """Where several come together and then choose, and where a choice ends the case, a milestone stands."""
        for id, node in self.nodes.items():
            several = len(self.into(id)) > 1
            if node.tag in GATEWAYS and several and self._chooses_after(id):
                self.joints.add(id)
            if node.tag == END and self._is_chosen(id):
                self.joints.add(id)

    def _chooses_after(self, id: str) -> bool:
        """Whether a choice is made from here on, before the next step."""
        seen, waiting = {id}, [id]
        while waiting:
            gateway = waiting.pop()
            if self.is_choice(gateway):
                return True
            ahead = {flow.target for flow in self.out(gateway)} - seen
            waiting += [target for target in ahead if self.nodes[target].tag in GATEWAYS]
            seen |= ahead
        return False

    def _is_chosen(self, id: str) -> bool:
        """Whether a case may or may not come here from the step before."""
        seen, waiting = {id}, [id]
        while waiting:
            flows = self.into(waiting.pop())
            if any(flow.when is not None or self.is_default(flow) for flow in flows):
                return True
            behind = {flow.source for flow in flows} - seen
            waiting += [each for each in behind if self.nodes[each].tag in GATEWAYS and not self.is_step(each)]
            seen |= behind
        return False

    def ways(self, id: str) -> list[Way]:
        """Every way from a step, or a start, to the next steps."""
        each = (way for flow in self.out(id) for way in self._along(id, (flow,), frozenset()))
        found = list(islice(each, MOST_WAYS + 1))
        if len(found) > MOST_WAYS:  # gateways that part and meet again and again double them each time
            sentence = f"There are more than {MOST_WAYS} ways from here to the next tasks."
            self.strange.append(self.nodes[id].strange(sentence))
        return [way for way in found if way is not None]

    def _along(self, source: str, flows: tuple[Flow, ...], seen: frozenset[str]) -> Iterator[Way | None]:
        """The ways that go on from here; None for each that comes to an end, so that those are counted as well."""
        target = flows[-1].target
        if self.is_step(target):
            yield Way(source, target, flows)
            return
        if target in seen or len(seen) > MOST_WAYS:
            self.strange.append(self.nodes[target].strange("Gateways lead to each other in a circle, without a task."))
            yield None
            return
        ahead = self.out(target) if self.nodes[target].tag != END else []
        for flow in ahead:
            yield from self._along(source, (*flows, flow), seen | {target})
        if not ahead:
            yield None

    def condition(self, way: Way, beside: Sequence[Way]) -> tuple[Condition | None, bool]:
        """When a way is taken: a condition, or that it is the one for when no other is.

        `beside` are all ways from the same step. “Otherwise” says enough where all of them set out from one choice.
        """
        choices = [flow for flow in way.flows if flow.when is not None or self.is_default(flow)]
        if len(choices) == 1 and self.is_default(choices[0]):
            fork = choices[0].source
            if way.again_at_most is None and all(self._only_from(other, fork) for other in beside):
                return None, True
        parts = [part for flow in choices for part in self._parts(flow)]
        return (joined("and", parts) if parts else None), False

    def _only_from(self, way: Way, fork: str) -> bool:
        return any(flow.source == fork for flow in way.flows) and all(
            flow.source == fork for flow in way.flows if flow.when is not None or self.is_default(flow)
        )

    def _parts(self, flow: Flow) -> Iterator[Condition]:
        if flow.when is not None:
            yield flow.when
        else:
            others = [other.when for other in self.out(flow.source) if other.when is not None]
            try:
                yield from (negated(other) for other in others)
            except NotNegatable:
                sentence = "This default flow needs a condition of its own here: its opposite cannot be spelled."
                self.strange.append(flow.node.strange(sentence))


def joined(word: str, parts: Sequence[Condition]) -> Condition:
    """All of these, or any of them, as one."""
    if len(parts) == 1:
        return parts[0]
    flat = [p for part in parts for p in (part.parts if isinstance(part, Both) and part.word == word else (part,))]
    return Both(word, tuple(dict.fromkeys(flat))) if len(set(flat)) > 1 else flat[0]


def exclude_each_other(conditions: Sequence[Condition]) -> bool:
    """Whether no two of them can be true at once, as far as it shows: one field, compared with different values."""
    if len(conditions) < 2:
        return True
    plain = [c for c in conditions if isinstance(c, Comparison) and c.operator == "="]
    fields = {(c.step, c.side, c.field) for c in plain}
    return len(plain) == len(conditions) and len(fields) == 1 and len({c.value for c in plain}) == len(plain)


def leading_back(ways: Mapping[str, list[Way]], starts: list[str]) -> set[tuple[str, str]]:
    """The pairs of steps whose link leads back to something on the way that came here."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in [*starts, *ways]:
        if start in done:
            continue
        open_, waiting = {start}, [(start, iter(ways[start]))]
        while waiting:
            id, further = waiting[-1]
            way = next((w for w in further if w.again_at_most is None), None)
            if way is None:
                done.add(id)
                open_.discard(id)
                waiting.pop()
            elif way.target in open_:
                back.add((id, way.target))
            elif way.target not in done:
                open_.add(way.target)
                waiting.append((way.target, iter(ways[way.target])))
    return back
