"""A plan as a process in BPMN 2.0 XML."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from handoffs.flows import document
from handoffs.flows.bpmn.core import CALL, MILESTONE, WAIT
from handoffs.flows.bpmn.reading import LANE
from handoffs.flows.bpmn.ways import exclude_each_other
from handoffs.flows.bpmn.xml import BPMN, OURS, XSI
from handoffs.flows.plan import Link, Plan, Step, StepKind, WaitsFor
from handoffs.flows.shapes import duration

_ELEMENTS = {StepKind.HANDOFF: "userTask", StepKind.MILESTONE: MILESTONE, StepKind.WAIT: WAIT, StepKind.CASE: CALL}
_SAID_BY_BPMN = ("key", "label", "kind", "after", "receiver", "pause")

for _prefix, _space in (("bpmn", BPMN), ("xsi", XSI), ("handrail", OURS)):
    register_namespace(_prefix, _space)


def written(plan: Plan, *, name: str, description: str = "") -> str:
    """The XML of a flow; `read` gives the same plan. Ids with a dot are of elements that are no steps or roles."""
    root = Element(f"{{{BPMN}}}definitions", {"id": "definitions.", "targetNamespace": OURS})
    process = SubElement(root, f"{{{BPMN}}}process", {"id": "process.", "name": name, "isExecutable": "false"})
    if description:
        SubElement(process, f"{{{BPMN}}}documentation").text = description
    _Writing(plan, process).write()
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


@dataclass
class _Writing:
    """One process that is being written. Flows come last, those that stand for links after all others."""

    plan: Plan
    process: Element
    _numbers: Any = field(default_factory=lambda: count(1))

    def write(self) -> None:
        data = document.written(self.plan)
        self._lanes(data["roles"])
        self._node("startEvent", "start.")
        for step, said in zip(self.plan.steps, data["steps"], strict=True):
            self._step(step, said)
        starts = [step.key for step in self.plan.starts]
        if len(starts) > 1:
            self._node("parallelGateway", "begin.", direction="Diverging")
            self._flow("start.", "begin.")
        for key in starts:
            self._flow("begin." if len(starts) > 1 else "start.", key)
        for step in self.plan.steps:
            self._around(step)
        for step in self.plan.steps:
            for link in step.after:
                self._link(step, link)

    def _lanes(self, roles: Sequence[Mapping[str, Any]]) -> None:
        if not roles:
            return
        lanes = self._add(self.process, "laneSet", {"id": "lanes."})
        for role in roles:
            lane = self._add(lanes, "lane", {"id": LANE + role["key"], "name": role["label"]})
            self._ours(lane, "role", {name: said for name, said in role.items() if name not in ("key", "label")})
            for step in self.plan.steps:
                if role["key"] in (step.receiver, step.pause.hours_of):
                    self._add(lane, "flowNodeRef", {}).text = step.key

    def _step(self, step: Step, said: Mapping[str, Any]) -> None:
        further = {name: value for name, value in said.items() if name not in _SAID_BY_BPMN}
        node = self._node(_ELEMENTS[step.kind], step.key, step.label, further)
        if step.kind is StepKind.WAIT:
            timer = self._add(node, "timerEventDefinition", {})
            if step.pause.lasts is not None:
                self._add(timer, "timeDuration", {}).text = duration(step.pause.lasts)
            if step.pause.until:
                self._add(timer, "timeDate", {}).text = step.pause.until

    def _around(self, step: Step) -> None:
        """The gateways before and after a step, and its end."""
        ahead = [link for link in step.after if not link.is_loop]
        if len(ahead) > 1:
            free = all(link.when is None and not link.otherwise for link in ahead)
            all_ = "parallelGateway" if free else "inclusiveGateway"
            kind = all_ if step.waits_for is WaitsFor.ALL else "exclusiveGateway"
            self._node(kind, f"join.{step.key}", direction="Converging")
            self._flow(f"join.{step.key}", step.key)
        out = self._out(step)
        if self._forks(step):
            fork = self._node(_fork(out), f"fork.{step.key}", direction="Diverging")
            default = next((to for to, link in self.plan.forward(step.key) if link.otherwise), None)
            if default is not None:
                fork.set("default", f"{step.key}.{default.key}")
            self._flow(step.key, f"fork.{step.key}")
        if not self.plan.forward(step.key):
            self._node("endEvent", f"end.{step.key}")
            self._flow(f"fork.{step.key}" if self._forks(step) else step.key, f"end.{step.key}")

    def _out(self, step: Step) -> list[Link]:
        return [link for _, link in (*self.plan.forward(step.key), *self.plan.loops(step.key))]

    def _forks(self, step: Step) -> bool:
        out = self._out(step)
        return len(out) > 1 or any(link.when is not None or link.otherwise or link.is_loop for link in out)

    def _link(self, step: Step, link: Link) -> None:
        source = self.plan.by_key[link.step]
        joins = not link.is_loop and sum(not other.is_loop for other in step.after) > 1
        flow = self._flow(
            f"fork.{source.key}" if self._forks(source) else source.key,
            f"join.{step.key}" if joins else step.key,
            f"{source.key}.{step.key}{'.again' if link.is_loop else ''}",
        )
        self._ours(flow, "link", {"again_at_most": link.again_at_most} if link.is_loop else {})
        if link.when is not None:
            condition = self._add(flow, "conditionExpression", {f"{{{XSI}}}type": "bpmn:tFormalExpression"})
            condition.text = str(link.when)

    def _node(
        self, tag: str, id: str, name: str = "", ours: Mapping[str, Any] | None = None, *, direction: str = ""
    ) -> Element:
        said = {"id": id} | ({"name": name} if name else {}) | ({"gatewayDirection": direction} if direction else {})
        node = self._add(self.process, tag, said)
        self._ours(node, "step", ours or {})
        return node

    def _flow(self, source: str, target: str, id: str = "") -> Element:
        named = {"id": id or f"flow.{next(self._numbers)}", "sourceRef": source, "targetRef": target}
        return self._add(self.process, "sequenceFlow", named)

    def _add(self, parent: Element, tag: str, attributes: dict[str, str]) -> Element:
        return SubElement(parent, f"{{{BPMN}}}{tag}", attributes)

    def _ours(self, parent: Element, tag: str, said: Mapping[str, Any]) -> None:
        """What BPMN has no word for, in an element of our own."""
        if said:
            extensions = self._add(parent, "extensionElements", {})
            SubElement(extensions, f"{{{OURS}}}{tag}").text = json.dumps(said, ensure_ascii=False, sort_keys=True)


def _fork(links: Sequence[Link]) -> str:
    """Parallel if all are always taken, exclusive if surely one is, else inclusive, which is what links mean."""
    if all(link.when is None and not link.otherwise and not link.is_loop for link in links):
        return "parallelGateway"
    told = [link.when for link in links if link.when is not None]
    silent = [link for link in links if link.when is None and not link.otherwise]
    return "exclusiveGateway" if not silent and exclude_each_other(told) else "inclusiveGateway"
