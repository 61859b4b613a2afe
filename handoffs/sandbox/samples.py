"""Values that fit a field, where the script says none; and what a refusal says is missing, filled in."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from handoffs.actions.cases._flowing import TICKED
from handoffs.definition.specification import Field, Specification, specification
from handoffs.flows.plan import StepKind
from handoffs.flows.versions import pins_of, plan_of
from handoffs.models import FlowVersion, Side
from handoffs.refusals import Incomplete
from tenants.models import Member

Filled = dict[str, dict[str, Any]]


def sample(field: Field, by: Member, at: datetime) -> Any:
    """A value that the field takes: of several choices the first, of dates one in a week."""
    soon = at + timedelta(days=7)
    samples: Mapping[str, Any] = {
        "number": "1000",
        "date": f"{soon:%Y-%m-%d}",
        "date_time": soon.isoformat(),
        "choice": field.choices[0] if field.choices else "",
        "choices": list(field.choices[:1]),
        "yes_no": True,
        "email": "somebody@example.org",
        "link": "https://example.org/",
        "member": by.pk,
    }
    return samples.get(field.type.name, field.label)


def results(asked: Specification, said: Mapping[str, Any], by: Member, at: datetime) -> dict[str, Any]:
    """What is delivered: what the script says, and something in every other field that this person sees."""
    fields = asked.side(Side.RECEIVER, internal=by.role != Member.Role.CLIENT)
    return {field.key: said[field.key] if field.key in said else sample(field, by, at) for field in fields}


def filled(refusal: Incomplete, version: FlowVersion, by: Member, at: datetime) -> Filled:
    """What a giver would answer to everything that is missing for the next steps; nothing for what is no field."""
    found: Filled = {}
    for lack in refusal.shortfalls:
        what, _, step = lack.part.partition(":")
        value = _value(lack.key, step, version, by, at) if what == "next" else None
        if value is not None:
            found.setdefault(step, {})[lack.key] = value
    return found


def _value(key: str, step: str, version: FlowVersion, by: Member, at: datetime) -> Any:
    if key.startswith(TICKED):
        return True
    fields = (field for asked in _asked(version, step) for field in asked.side(Side.SENDER) if field.key == key)
    return next((sample(field, by, at) for field in fields), None)


def _asked(version: FlowVersion, key: str) -> Iterator[Specification]:
    """What the giver of a step is asked; of one that launches another case, of its first steps."""
    step, pins = plan_of(version).by_key.get(key), pins_of(version)
    if step is None:
        return
    if step.kind is StepKind.HANDOFF:
        yield specification(pins.template_version(key))
    below = pins.flow_version(key) if step.kind is StepKind.CASE else None
    for first in plan_of(below).starts if below is not None else ():
        assert below is not None
        yield from _asked(below, first.key)
