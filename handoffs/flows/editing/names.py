"""Keys: made from what people write, found where they are used, and changed everywhere at once."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from handoffs.flows import conditions
from handoffs.flows.conditions import Both, Condition, Unreadable
from tenants.refusals import Invalid, Missing

Document = dict[str, Any]
Part = Mapping[str, Any]
LONGEST = 40


def listed(document: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
    """A copy of the roles or steps, each of which may be written to."""
    return [dict(one) for one in document.get(what, ())]


def place_of(parts: list[dict[str, Any]], key: str, noun: str) -> int:
    """Where the part of this key stands. Raises Missing no_such_step, no_such_role."""
    for index, part in enumerate(parts):
        if part["key"] == key:
            return index
    raise Missing(f"There is no {noun} “{key[:LONGEST]}” any more.", code=f"no_such_{noun}")


def key_for(label: str, taken: Collection[str], noun: str) -> str:
    """A key that says what the label says and is nobody else's."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    word = word if word[:1].isalpha() else f"{noun}_{word}".strip("_")
    key, number = word[:LONGEST].strip("_"), 2
    while key in taken:
        end = f"_{number}"
        key, number = word[: LONGEST - len(end)].strip("_") + end, number + 1
    return key


def must_be_free(key: Any, others: list[dict[str, Any]], noun: str) -> None:
    """Refuse a key that another part has. Raises Invalid key_taken."""
    if any(part["key"] == key for part in others):
        raise Invalid(
            f"Another {noun} is called “{key}”; each needs a short name of its own.",
            code="key_taken",
            details={"field": "key"},
        )


def named_by(step: Part, key: str) -> Iterator[str]:
    """What of a step looks at the step `key` beside its links: words that complete “its …”."""
    for link in step.get("after", ()):
        if any(path[0] == key for path in paths(link.get("when", ""))):
            yield "condition"
    if any(take["source"].split(".")[0] == key for take in step.get("takes", ())):
        yield "fields that flow in"
    if any(one["step"] == key for one in step.get("documents", ())):
        yield "documents that flow in"
    if step.get("pause", {}).get("until", "").split(".")[0] == key:
        yield "date to wait for"


def paths(when: str) -> list[tuple[str, str, str]]:
    """The (step, side, field) that a condition looks at; none where it cannot be read."""
    try:
        return list(conditions.parsed(when).paths()) if when else []
    except Unreadable:
        return []


def renamed(step: Part, old: str, new: str) -> dict[str, Any]:
    """The step with every mention of the step `old` turned into `new`."""
    changed = dict(step)
    if "after" in step:
        changed["after"] = [_link_renamed(link, old, new) for link in step["after"]]
    if "takes" in step:
        changed["takes"] = [{**take, "source": _path_renamed(take["source"], old, new)} for take in step["takes"]]
    if "documents" in step:
        changed["documents"] = [
            {**one, "step": new if one["step"] == old else one["step"]} for one in step["documents"]
        ]
    if "until" in step.get("pause", {}):
        changed["pause"] = {**step["pause"], "until": _path_renamed(step["pause"]["until"], old, new)}
    return changed


def _link_renamed(link: Part, old: str, new: str) -> dict[str, Any]:
    changed = {**link, "step": new if link["step"] == old else link["step"]}
    if any(path[0] == old for path in paths(link.get("when", ""))):
        changed["when"] = str(_condition_renamed(conditions.parsed(link["when"]), old, new))
    return changed


def _path_renamed(path: str, old: str, new: str) -> str:
    step, _, rest = path.partition(".")
    return f"{new}.{rest}" if step == old else path


def _condition_renamed(condition: Condition, old: str, new: str) -> Condition:
    if isinstance(condition, Both):
        return replace(condition, parts=tuple(_condition_renamed(part, old, new) for part in condition.parts))
    return replace(condition, step=new) if condition.step == old else condition
