"""What flows into a step: context with its origins, documents, and what is still missing of the giver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoffs.actions.cases._pinned import template_of
from handoffs.definition.fields import is_given
from handoffs.definition.specification import Field, Specification, specification
from handoffs.flows.knowing import Course, Origin, Value
from handoffs.flows.plan import Step
from handoffs.models import Side, TemplateVersion
from handoffs.refusals import Incomplete, Shortfall
from tenants.models import Member, Workspace

Given = Mapping[str, Mapping[str, Any]]
TICKED = "checklist."  # before the key of a checklist item, among what is given for a step


@dataclass
class Flow:
    """What one step begins with. `ticked` are the checklist items that the giver says are done."""

    context: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()


def source_of(course: Course, step: Step, parent: "tuple[Course, Step] | None") -> tuple[Course, Step]:
    """Whose values flow in: those of the case itself, but into the first steps of a launched one its launcher's."""
    return parent if parent is not None and not course.plan.before(step.key) else (course, step)


def flowing(
    course: Course, step: Step, version: TemplateVersion | None, workspace: Workspace, into: Specification
) -> Flow:
    """The context that flows into a step. `course` and `step` are those it flows from the sight of.

    What the plan says field by field wins over what merely has the same key; of several, the latest. What is internal
    flows where clients see it only if the plan says so.
    """
    fields = {f.key: f for f in into.side(Side.SENDER)}
    values = course.flowing_to(step)
    found = Flow()
    if step.takes_all:
        for value in values:
            target = fields.get(value.field)
            if target is not None and not (workspace.is_client and _is_ours(course, value, target)):
                _put(found, target, value)
    for take in step.takes:
        matching = [v for v in values if f"{v.step}.{v.side}.{v.field}" == take.source]
        if matching and take.field in fields:
            _put(found, fields[take.field], matching[-1])
    return found


def add_given(found: Flow, key: str, given: Mapping[str, Any], into: Specification, by: Member) -> list[Shortfall]:
    """Adds what the giver says for the step `key`; what is wrong with it."""
    part = f"next:{key}"
    ticked = {name.removeprefix(TICKED) for name, done in given.items() if name.startswith(TICKED) and done}
    values = {name: value for name, value in given.items() if not name.startswith(TICKED)}
    cleaned, wrong = into.clean(Side.SENDER, values, internal=by.role != Member.Role.CLIENT)
    for name, value in cleaned.items():
        if value is None:
            found.context.pop(name, None)
        else:
            found.context[name] = value
        found.origins.pop(name, None)
    items = {item.key for item in into.items if item.side == Side.SENDER}
    wrong += [Shortfall(part, f"{TICKED}{name}", f"There is no item “{name}”.") for name in sorted(ticked - items)]
    found.ticked = frozenset(ticked & items)
    return [Shortfall(part, each.key, each.sentence) for each in wrong]


def missing(step: Step, found: Flow, into: Specification, slots: Iterable[str], by: Member) -> list[Shortfall]:
    """What the giver of a step still has to say, tick or attach. A client is not asked for what is internal."""
    part, client = f"next:{step.key}", by.role == Member.Role.CLIENT
    lacking = [
        Shortfall(part, f.key, f"For “{step.label}”, fill in “{f.label}”.")
        for f in into.side(Side.SENDER, internal=not client)
        if f.required and not is_given(found.context.get(f.key))
    ]
    lacking += [
        Shortfall(part, f"{TICKED}{item.key}", f"For “{step.label}”, tick “{item.label}”.")
        for item in into.items
        if item.side == Side.SENDER and item.required and item.key not in found.ticked
        if not (client and item.internal)
    ]
    present = set(slots)
    return lacking + [
        Shortfall(part, f"documents.{slot.key}", f"For “{step.label}”, attach “{slot.label}”.")
        for slot in into.slots
        if slot.side == Side.SENDER and slot.required and slot.key not in present
        if not (client and slot.internal)
    ]


def refuse_missing(lacking: Sequence[Shortfall], code: str = "incomplete_for_next") -> None:
    """Raises `Incomplete` with everything that the next steps still ask of the giver."""
    if not lacking:
        return
    count = "One thing is" if len(lacking) == 1 else f"{len(lacking)} things are"
    headline = f"{count} still missing for what comes next."
    raise Incomplete(code, f"{headline} {' '.join(each.sentence for each in lacking)}", lacking, headline)


def _put(found: Flow, target: Field, value: Value) -> None:
    """A value that the field could not hold is left out: it is missing then, and the giver is asked for it."""
    try:
        kept = target.clean(value.value)
    except ValueError:
        return
    if kept is not None:
        found.context[target.key], found.origins[target.key] = kept, value.origin


def _is_ours(course: Course, value: Value, target: Field) -> bool:
    """Whether the value is none of a client's business: from an internal step, or an internal field."""
    step = course.plan.by_key.get(value.step)
    if step is not None and step.internal:
        return True
    if target.internal:
        return False
    asked = specification(template_of(course.case, value.step))
    side = Side.SENDER if value.side == "context" else Side.RECEIVER
    return any(f.key == value.field and f.internal for f in asked.side(side))
