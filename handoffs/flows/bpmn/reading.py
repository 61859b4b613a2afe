"""A process in BPMN 2.0 XML, read as a plan; refused with one list of everything that is not understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from handoffs.flows import conditions, document
from handoffs.flows.bpmn.core import CALL, MILESTONE, NODES, START, TASKS, WAIT, strange_in
from handoffs.flows.bpmn.naming import documented, keys_of, label_of
from handoffs.flows.bpmn.ways import Flow, Graph, Way, exclude_each_other, leading_back
from handoffs.flows.bpmn.xml import BPMN, DIAGRAM, Node, NotUnderstood, Strange, parsed
from handoffs.flows.plan import Link, Plan

AGAIN = 3  # how often a way back may be taken when the file does not say
MOST_NODES, MOST_FLOWS = 600, 1_500
LANE = "lane."  # before the key of a role in the id of its lane


@dataclass(frozen=True)
class Taken:
    """What a file held, and in `notes` what was decided in reading it, each in a sentence."""

    name: str
    description: str
    plan: Plan
    notes: tuple[str, ...] = ()


def read(text: str | bytes) -> Taken:
    """The plan of a BPMN file. Raises `NotUnderstood`, whatever it is given."""
    root = parsed(text)
    if (root.space, root.tag) != (BPMN, "definitions"):
        raise NotUnderstood([root.strange("This is no BPMN 2.0 file: it begins with “definitions”.")])
    strange = list(strange_in(root))
    processes = list(root.all("process"))
    if len(processes) != 1:
        strange.append(root.strange(f"A file holds one process; this one has {len(processes)}."))
    if strange:
        raise NotUnderstood(sorted(strange, key=lambda one: one.line))
    return _Reading(root, processes[0]).taken()


@dataclass
class _Reading:
    """One file on its way to a plan; what is not understood gathers in `strange`."""

    root: Node
    process: Node
    strange: list[Strange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def taken(self) -> Taken:
        nodes = {node.get("id"): node for node in self.process.all(*NODES)}
        self._name(nodes)
        roles, lane_of = self._roles()
        graph = Graph(nodes, self._flows(nodes), self.strange)
        graph.find_joints()
        self.keys = keys_of([id for id in nodes if graph.is_step(id)])
        self._refuse_unclear(graph)
        steps = [self._step(id, nodes[id], lane_of, roles) for id in nodes if graph.is_step(id)]
        links = self._links(graph)
        self._stop_if_strange()
        made = {"roles": roles, "steps": steps}
        try:
            plan = document.read(made)
        except document.Unreadable as fault:
            raise NotUnderstood(
                [self._of(problem.place, problem.sentence, nodes, graph) for problem in fault.problems]
            ) from None
        plan = Plan(plan.roles, tuple(replace(step, after=links.get(step.key, ())) for step in plan.steps))
        self._note_what_is_left(plan)
        about = self.process.get("name") or self.root.get("name") or "Imported process"
        return Taken(about[:120], documented(self.process)[:2_000], plan, tuple(self.notes))

    def _stop_if_strange(self) -> None:
        if self.strange:
            raise NotUnderstood(sorted(dict.fromkeys(self.strange), key=lambda one: one.line))

    def _of(self, place: str, sentence: str, nodes: Mapping[str, Node], graph: Graph) -> Strange:
        """A fault of the document, at the element that it comes from."""
        kind, _, rest = place.partition("/")
        index = int(rest.split("/")[0]) if rest.split("/")[0].isdecimal() else -1
        steps = [node for id, node in nodes.items() if graph.is_step(id)]
        lanes = [lane for lanes in self.process.all("laneSet") for lane in lanes.all("lane")]
        listed = steps if kind == "steps" else lanes
        return (listed[index] if 0 <= index < len(listed) else self.process).strange(sentence)

    # Roles and steps

    def _name(self, nodes: Mapping[str, Node]) -> None:
        listed = list(self.process.all(*NODES))
        for node in listed:
            if not node.get("id"):
                self.strange.append(node.strange("This element has no id, so nothing can lead to it."))
        if len(listed) > MOST_NODES or sum(1 for _ in self.process.all("sequenceFlow")) > MOST_FLOWS:
            self.strange.append(
                self.process.strange(f"A process has at most {MOST_NODES} elements, {MOST_FLOWS} flows.")
            )
        if len(nodes) < len(listed):
            self.strange.append(self.process.strange("Two elements have the same id."))
        self._stop_if_strange()

    def _roles(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The lanes as roles, and by the id of a node the role in whose lane it is."""
        lanes = [lane for lanes in self.process.all("laneSet") for lane in lanes.all("lane")]
        ids = [lane.get("id") or f"role_{index}" for index, lane in enumerate(lanes, start=1)]
        keys = keys_of([id.removeprefix(LANE) for id in ids])
        roles, lane_of = [], {}
        for id, lane in zip(ids, lanes, strict=True):
            key = keys[id.removeprefix(LANE)]
            roles.append({**self._ours(lane), "key": key, "label": label_of(lane, key)})
            lane_of.update({ref.text.strip(): key for ref in lane.all("flowNodeRef")})
        if not lanes:
            roles = [{"key": "anyone", "label": "Anyone"}]
            self.notes.append("The process has no lanes, so there is one role for all of it: “Anyone”.")
        return roles, lane_of

    def _step(self, id: str, node: Node, lane_of: Mapping[str, str], roles: list[dict[str, Any]]) -> dict[str, Any]:
        key = self.keys[id]
        role = lane_of.get(id, "anyone" if roles[0]["key"] == "anyone" else "")
        made = {**self._ours(node), "key": key, "label": label_of(node, key)}
        match node.tag:
            case tag if tag in TASKS:
                if not role:
                    self.strange.append(node.strange("This task is in no lane, so nobody is there to do it."))
                return made | {"kind": "handoff"} | ({"receiver": role} if role else {})
            case tag if tag == WAIT:
                return made | {"kind": "wait", "pause": self._pause(node, role)}
            case tag if tag == CALL:
                if "flow" not in made:
                    self.strange.append(node.strange("Another process is called here, and nothing says which flow."))
                return made | {"kind": "case"}
        if node.tag != MILESTONE:
            self.notes.append(
                f"“{made['label']}” became a milestone: a choice that ends there or begins there needs a place."
            )
        return made | {"kind": "milestone"}

    def _pause(self, node: Node, role: str) -> dict[str, str]:
        timer = node.first("timerEventDefinition")
        lasts, until = (timer.first("timeDuration"), timer.first("timeDate")) if timer else (None, None)
        if timer is None or (lasts is None) == (until is None):
            self.strange.append(node.strange("Only a timer is waited for: one with a timeDuration or a timeDate."))
        hours = {"hours_of": role} if role else {}
        if until is not None:
            return {"until": until.text.strip(), **hours}
        return {"lasts": lasts.text.strip() if lasts else "", **hours}

    def _ours(self, node: Node) -> dict[str, Any]:
        """What our own extension says of an element."""
        said: dict[str, Any] = {}
        for extension in node.all("extensionElements"):
            for child in extension.children:
                try:
                    read = document.read_text(child.text)
                except document.Unreadable:
                    read = None
                if isinstance(read, dict):
                    said |= read
                else:
                    self.strange.append(child.strange("This holds no JSON object that can be read."))
        return said

    # Flows and links

    def _flows(self, nodes: Mapping[str, Node]) -> list[Flow]:
        flows = []
        for index, node in enumerate(self.process.all("sequenceFlow")):
            source, target = node.get("sourceRef"), node.get("targetRef")
            if source not in nodes or target not in nodes:
                self.strange.append(node.strange("This flow does not lead from one element of the process to another."))
                continue
            again = self._ours(node).get("again_at_most")
            if again is not None and (type(again) is not int or not 1 <= again <= 99):
                self.strange.append(node.strange("“again_at_most” is a whole number from 1 to 99."))
                again = None
            flows.append(Flow(node, index, source, target, self._when(node), again))
        return flows

    def _when(self, flow: Node) -> conditions.Condition | None:
        expression = flow.first("conditionExpression")
        if expression is None:
            return None
        try:
            return conditions.parsed(expression.text.strip())
        except conditions.Unreadable as fault:
            self.strange.append(flow.strange(f"The condition cannot be read. {fault}"))
        return None

    def _refuse_unclear(self, graph: Graph) -> None:
        """Choices that do not say how they are made, and starts that choose."""
        for id, node in graph.nodes.items():
            out = graph.out(id)
            if node.tag == "exclusiveGateway" and len(out) > 1:
                silent = [flow for flow in out if flow.when is None and not graph.is_default(flow)]
                self.strange += [
                    f.node.strange("This flow needs a condition, or has to be the default.") for f in silent
                ]
                told = [flow.when for flow in out if flow.when is not None]
                if not silent and not exclude_each_other(told):
                    label = node.get("name") or id
                    self.notes.append(
                        f"“{label}”: where several of its conditions are true, all of these ways are taken; "
                        "make the conditions exclude each other if only one is meant."
                    )
            if node.tag == "parallelGateway" or (node.tag == START and out):
                wrong = [flow for flow in out if flow.when is not None]
                self.strange += [
                    f.node.strange("A flow from here is always taken; it has no condition.") for f in wrong
                ]
            if node.tag == START and any(self._chooses(graph, way) for way in graph.ways(id)):
                self.strange.append(node.strange("Nothing is known at the start, so there is nothing to choose by."))

    def _chooses(self, graph: Graph, way: Way) -> bool:
        return any(flow.when is not None or graph.is_default(flow) for flow in way.flows)

    def _links(self, graph: Graph) -> dict[str, tuple[Link, ...]]:
        """By step, the links that lead to it."""
        steps = [id for id in graph.nodes if graph.is_step(id)]
        ways = {id: graph.ways(id) for id in steps}
        begun = {way.target for id, node in graph.nodes.items() if node.tag == START for way in graph.ways(id)}
        back = leading_back(ways, [id for id in steps if id in begun or not graph.into(id)])
        found: dict[str, list[tuple[int, Link]]] = {}
        for id in steps:
            for way in ways[id]:
                link = self._link(graph, way, ways[id], back)
                found.setdefault(self.keys[way.target], []).append((way.order, link))
                if way.target in begun and not link.is_loop:
                    node = graph.nodes[way.target]
                    self.strange.append(node.strange("This comes first, and after another step as well."))
        return {key: tuple(link for _, link in sorted(each, key=lambda one: one[0])) for key, each in found.items()}

    def _link(self, graph: Graph, way: Way, beside: list[Way], back: set[tuple[str, str]]) -> Link:
        again = way.again_at_most
        when, otherwise = graph.condition(way, [other for other in beside if other is not way])
        if again is None and (way.source, way.target) in back:
            again = AGAIN
            labels = [label_of(graph.nodes[id], self.keys[id]) for id in (way.source, way.target)]
            self.notes.append(
                f"From “{labels[0]}” back to “{labels[1]}”: {AGAIN} times at most, as the file does not say."
            )
            if otherwise:
                when, otherwise = graph.condition(way, [replace(way, flows=())])
        return Link(self.keys[way.source], when, otherwise, again)

    def _note_what_is_left(self, plan: Plan) -> None:
        if any(child.space == DIAGRAM for child in self.root.children):
            self.notes.append("How the process was drawn is not kept; it is drawn anew.")
        for node in self.process.all(*NODES, "sequenceFlow"):
            if documented(node):
                self.notes.append(f"The documentation of “{label_of(node, node.get('id'))}” is not kept.")
