"""What the design says of a case, written down once more: steps, links, loops and returns as plain values.

Deliberately a second opinion: it reads the same plan, and shares no function with `handoffs.flows.next`.
"""

from dataclasses import dataclass, field
from typing import Any

from handoffs.flows.plan import Link, Plan, Step

ENDED = {"done", "skipped", "bypassed"}


@dataclass
class PlainCase:
    """A case as plain values: how each step stands, how often the case came to it, and what was said in it."""

    plan: Plan
    now: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    cancelled: bool = False

    def __post_init__(self) -> None:
        for step in self.plan.steps:
            if not self._ways(step):
                self._come_to(step)
        self._go_on()

    @property
    def is_over(self) -> bool:
        return self.cancelled or "live" not in self.now.values()

    def does(self, key: str, result: dict[str, Any]) -> None:
        """Somebody completes a step, or its wait is over."""
        assert self.now[key] == "live", f"{key} is {self.now.get(key)}"
        self.now[key], self.said[key] = "done", result
        back = self._way_back(key)
        if back is not None:
            self._forget(self._downstream(back) | {back})
            self._come_to(self._step(back))
        self._go_on()

    def skips(self, key: str) -> None:
        """Somebody decides that it is not done this time."""
        assert self.now[key] == "live"
        self.now[key] = "skipped"
        self.said.pop(key, None)
        self._go_on()

    def goes_back_to(self, key: str) -> None:
        """A later step is returned, or the first sender finds it not done after all."""
        assert self.now[key] == "done"
        self._forget(self._downstream(key))
        self.now[key] = "live"
        self.said.pop(key, None)

    def ends(self) -> None:
        """The whole case is cancelled."""
        self.cancelled = True

    def _go_on(self) -> None:
        moved = True
        while moved:
            moved = any(self._look_at(step) for step in self.plan.steps if step.key not in self.now)

    def _look_at(self, step: Step) -> bool:
        ways = self._ways(step)
        if not ways:
            return False
        open_ways = [way for way in ways if self.now.get(way.step) not in ENDED]
        leading = [way for way in ways if way not in open_ways and self._leads(way)]
        if leading and (not open_ways or step.waits_for == "any"):
            self._come_to(step)
            return True
        if not open_ways:
            self.now[step.key] = "bypassed"
            self._count(step)
            return True
        return False

    def _leads(self, way: Link) -> bool:
        if self.now[way.step] == "bypassed":
            return False
        if not way.otherwise:
            return self._true(way)
        beside = [link for step in self.plan.steps for link in step.after if link.step == way.step]
        return not any(self._true(link) for link in beside if link.again_at_most is None and not link.otherwise)

    def _true(self, way: Link) -> bool:
        known = {key: {"context": {}, "result": said} for key, said in self.said.items()}
        return way.when is None or way.when.holds(known)

    def _way_back(self, key: str) -> str | None:
        for step in self.plan.steps:
            for link in step.after:
                taken = self.times.get(step.key, 1) - 1
                most = link.again_at_most
                back = link.step == key and step.key in self.now
                if back and most is not None and taken < most and self._true(link):
                    return step.key
        return None

    def _come_to(self, step: Step) -> None:
        self._count(step)
        self.now[step.key] = "done" if step.kind == "milestone" else "live"

    def _count(self, step: Step) -> None:
        self.times[step.key] = self.times.get(step.key, 0) + 1

    def _forget(self, keys: set[str]) -> None:
        for key in keys:
            self.now.pop(key, None)
            self.said.pop(key, None)

    def _downstream(self, key: str) -> set[str]:
        reached: set[str] = set()
        for step in [*self.plan.steps] * len(self.plan.steps):
            if any(way.step == key or way.step in reached for way in self._ways(step)):
                reached.add(step.key)
        return reached

    def _ways(self, step: Step) -> list[Link]:
        return [link for link in step.after if link.again_at_most is None]

    def _step(self, key: str) -> Step:
        return next(step for step in self.plan.steps if step.key == key)
