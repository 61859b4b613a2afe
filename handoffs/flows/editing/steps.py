"""Steps of a flow: added, changed, moved, removed. Pure."""

from collections.abc import Mapping
from typing import Any

from handoffs.flows.editing.names import (
    Document,
    Part,
    key_for,
    listed,
    must_be_free,
    named_by,
    place_of,
    renamed,
)
from tenants.refusals import Conflict


def add_step(
    document: Mapping[str, Any], *, label: str, kind: str = "handoff", after: str = "", between: bool = False
) -> Document:
    """With one more step, its key made from its label: behind the step `after`, at the end when there is none.

    Whoever received there hands over here. With `between`, what came after that step comes after the new one instead;
    loops stay as they are.
    Raises Missing no_such_step.
    """
    steps = listed(document, "steps")
    made: dict[str, Any] = {"key": key_for(label, [step["key"] for step in steps], "step"), "label": label}
    if kind != "handoff":
        made["kind"] = kind
    if not after:
        return {**document, "steps": [*steps, made]}
    place = place_of(steps, after, "step")
    if between:
        for step in steps:
            if "after" in step:
                step["after"] = [_moved_over(link, after, made["key"]) for link in step["after"]]
    made["after"] = [{"step": after}]
    if kind == "handoff" and "receiver" in steps[place]:
        made["giver"] = steps[place]["receiver"]
    return {**document, "steps": [*steps[: place + 1], made, *steps[place + 1 :]]}


def change_step(document: Mapping[str, Any], key: str, step: Part) -> Document:
    """With `step` in the place of the one of this key; others follow a key that changes.

    Raises Missing no_such_step, Invalid key_taken.
    """
    steps = listed(document, "steps")
    place, new = place_of(steps, key, "step"), step.get("key", key)
    must_be_free(new, steps[:place] + steps[place + 1 :], "step")
    steps[place] = {**step, "key": new}
    if new != key:
        steps = [renamed(each, key, new) for each in steps]
    return {**document, "steps": steps}


def move_step(document: Mapping[str, Any], key: str, places: int) -> Document:
    """With the step so many places further down, or up if negative; at the end it stays. Links are not touched.

    Raises Missing no_such_step.
    """
    steps = listed(document, "steps")
    place = place_of(steps, key, "step")
    step = steps.pop(place)
    steps.insert(min(max(place + places, 0), len(steps)), step)
    return {**document, "steps": steps}


def remove_step(document: Mapping[str, Any], key: str) -> Document:
    """Without the step; what came after it comes after what it came after.

    Raises Missing no_such_step, Conflict step_in_use where others look at what it brings, or come after it on a
    condition that would be lost.
    """
    steps = listed(document, "steps")
    gone = steps.pop(place_of(steps, key, "step"))
    for step in steps:
        _must_not_need(step, gone)
    before = [link for link in gone.get("after", ()) if "again_at_most" not in link and link["step"] != key]
    return {**document, "steps": [_bridged(step, key, before) for step in steps]}


def _moved_over(link: Part, old: str, new: str) -> dict[str, Any]:
    leads_on = link["step"] == old and "again_at_most" not in link
    return {**link, "step": new} if leads_on else dict(link)


def _must_not_need(step: Part, gone: Part) -> None:
    label = gone["label"]
    for what in named_by(step, gone["key"]):
        raise Conflict(
            f"“{step['label']}” needs what “{label}” brings: its {what}. Change that first.", code="step_in_use"
        )
    for link in step.get("after", ()):
        if link["step"] == gone["key"] and ("when" in link or "otherwise" in link) and "again_at_most" not in link:
            raise Conflict(
                f"“{step['label']}” comes after “{label}” on a condition. Change that first.", code="step_in_use"
            )


def _bridged(step: Part, key: str, before: list[Part]) -> dict[str, Any]:
    """The step with its links from `key` replaced by those that led to `key`."""
    if all(link["step"] != key for link in step.get("after", ())):
        return dict(step)
    kept = [link for link in step["after"] if link["step"] != key]
    lost = any(link["step"] == key and "again_at_most" not in link for link in step["after"])
    known = {link["step"] for link in kept if "again_at_most" not in link}
    new = [dict(link) for link in before if link["step"] not in known | {step["key"]}] if lost else []
    changed = {**step, "after": [*kept, *new]}
    if not changed["after"]:
        del changed["after"]
    return changed
