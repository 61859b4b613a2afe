"""Edit: the custodian mends what has not been handed over yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs.actions._words import optional, required
from handoffs.definition.specification import specification
from handoffs.handoff import Handoff, Priority
from handoffs.lifecycle import Verb
from handoffs.models import Side
from handoffs.passage import Step, passage
from handoffs.refusals import Incomplete
from tenants.models import Member


def edit(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    title: str | None = None,
    summary: str | None = None,
    priority: Priority | None = None,
    context: Mapping[str, Any] | None = None,
) -> Handoff:
    """Changes what is given and leaves the rest; an empty context value clears the field."""
    with passage(handoff, Verb.EDIT, by=by, at=at) as step:
        step.is_repeat(False)
        changes: dict[str, Any] = {}
        if title is not None:
            changes["title"] = required(Verb.EDIT, "title", title, limit=200)
        if summary is not None:
            changes["summary"] = optional("summary", summary)
        if priority is not None:
            changes["priority"] = priority
        if context is not None:
            changes["context"] = _merged(step, context)
        former = {name: getattr(step.handoff, name) for name in changes}
        changed = {name: value for name, value in changes.items() if value != former[name]}
        if step.is_repeat(not changed):
            return step.handoff
        step.change(**changed)
        step.record(what=_what(step, changed, former), **_difference(changed, former))
    return step.handoff


def _merged(step: Step, context: Mapping[str, Any]) -> dict[str, Any]:
    asked = specification(step.handoff.template_version)
    values, wrong = asked.clean(Side.SENDER, context, internal=step.by.role != Member.Role.CLIENT)
    if wrong:
        raise Incomplete("wrong_context", " ".join(shortfall.sentence for shortfall in wrong), wrong)
    merged = {**step.handoff.context, **values}
    return {key: value for key, value in merged.items() if value is not None}


def _what(step: Step, changed: Mapping[str, Any], former: Mapping[str, Any]) -> str:
    """The names of what changed, without those that a client must not learn of."""
    labels = [name for name in changed if name != "context"]
    if "context" in changed:
        fields = specification(step.handoff.template_version).side(Side.SENDER, internal=False)
        before, after = former["context"], changed["context"]
        labels += [f"“{f.label}”" for f in fields if before.get(f.key) != after.get(f.key)]
    return ", ".join(labels) or "internal details"


def _difference(changed: Mapping[str, Any], former: Mapping[str, Any]) -> dict[str, Any]:
    """Former and new values, for the record: {name: [former, new]}, context by field."""
    facts: dict[str, Any] = {
        "changes": {name: [former[name], value] for name, value in changed.items() if name != "context"}
    }
    if "context" in changed:
        before, after = former["context"], changed["context"]
        facts["context"] = {
            key: [before.get(key), after.get(key)]
            for key in sorted(before.keys() | after.keys())
            if before.get(key) != after.get(key)
        }
    return facts
