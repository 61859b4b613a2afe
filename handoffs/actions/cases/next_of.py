"""What would follow if a step were completed with this result: for the form that completes it, and for the API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoffs.actions.cases import _documents
from handoffs.actions.cases._documents import Flowing
from handoffs.actions.cases._held import Held
from handoffs.actions.cases._movement import Movement, label_of
from handoffs.actions.cases._pinned import template_of
from handoffs.actions.cases._writing import Prepared, asked_as, prepared_of, still_missing
from handoffs.definition.fields import is_given
from handoffs.definition.specification import Field, Item, specification
from handoffs.flows.knowing import Course, Origin, Value
from handoffs.flows.plan import Step, StepKind
from handoffs.handoff import Handoff
from handoffs.models import Case, Side
from handoffs.refusals import Shortfall
from tenants.models import Member


@dataclass(frozen=True)
class Dropped:
    """Something that a later step has a place for, and that will not reach it as things stand."""

    field: str
    label: str
    needed_by: str  # the label of that step
    sentence: str


@dataclass(frozen=True)
class NextStep:
    """A step that would be offered at once. What the giver says for it is given under `key`.

    `fields` are all context fields of its template; `values` flow in, each with its origin; `asks` and `ticks` are what
    the giver is asked for, `missing` what the completion would be refused for.
    """

    key: str
    label: str
    role: str
    receiver: str
    internal: bool
    fields: Sequence[Field]
    values: Mapping[str, Any]
    origins: Mapping[str, Origin]
    asks: Sequence[Field]
    ticks: Sequence[Item]
    documents: Sequence[Flowing]
    missing: Sequence[Shortfall]
    dropped: Sequence[Dropped]


class _All(dict[int, Handoff]):
    """As if everything were locked: nothing is going to be written."""

    def __contains__(self, key: object) -> bool:
        return True


def next_of(handoff: Handoff, *, by: Member, at: datetime, result: Mapping[str, Any] | None = None) -> list[NextStep]:
    """The steps that completing `handoff` with `result` would offer; none when it is no step of a case, or the last.

    A read: what is wrong in the result is passed over, nothing is locked or changed. While the result is not known
    (None), what will flow from it is neither asked for nor missing. A client is told of no step and no field that is
    internal, nor that one of them lacks anything.
    """
    if handoff.case_id is None:
        return []
    cases = Case.objects.select_related("flow_version", "workspace", "internal_workspace", "owner__user")
    course = Course.of(cases.get(organization_id=by.organization_id, pk=handoff.case_id))
    turn = course.turn_of(handoff)
    if turn is None or turn.handoff is None or turn.undone_at is not None or not turn.handoff.is_live:
        return []
    asked = specification(template_of(course.case, turn.step))
    values, _ = asked.clean(Side.RECEIVER, result or {}, internal=by.role != Member.Role.CLIENT)
    turn.handoff.result = {key: v for key, v in {**turn.handoff.result, **values}.items() if v is not None}
    held: Held = _All()
    movement = Movement(by=by, at=at, held=held)
    movement.done(course, turn)
    prepared = [prepared_of(movement, each) for each in movement.entering]
    _documents.find(prepared)
    hidden = by.role == Member.Role.CLIENT
    said = asked.side(Side.RECEIVER) if result is None else ()
    return [
        _shown(each, movement, turn.step, said) for each in prepared if not (hidden and each.entering.step.internal)
    ]


def _shown(each: Prepared, movement: Movement, done: str, said: Sequence[Field]) -> NextStep:
    step, course = each.entering.step, each.entering.course
    coming = _still_coming(each, done, said)
    is_client = movement.by.role == Member.Role.CLIENT
    fields = each.asked.side(Side.SENDER, internal=not is_client)
    team, member = movement.castings_of(course)[step.receiver]
    return NextStep(
        key=asked_as(each.entering, movement),
        label=step.label,
        role=course.plan.roles_by_key[step.receiver].label,
        receiver=member.name if member else team.name,
        internal=step.internal,
        fields=fields,
        values={f.key: each.flow.context[f.key] for f in fields if f.key in each.flow.context},
        origins={key: o for key, o in each.flow.origins.items() if not (is_client and _is_ours(course, o["step"]))},
        asks=[f for f in fields if f.key in step.asks or (f.required and f.key not in coming and not _flows(f, each))],
        ticks=[item for item in each.asked.items if item.side == Side.SENDER and item.required],
        documents=each.documents,
        missing=[lacking for lacking in still_missing(each, movement) if lacking.key not in coming],
        dropped=[*_left_behind(each, is_client), *_nowhere_said(each, done, is_client)],
    )


def _flows(field: Field, each: Prepared) -> bool:
    return is_given(each.flow.context.get(field.key))


def _still_coming(each: Prepared, done: str, said: Sequence[Field]) -> frozenset[str]:
    """The fields of this step that the result of the one being completed will fill, once it is said."""
    step = each.entering.step
    if done not in each.entering.course.plan.before(step.key):
        return frozenset()
    open_to_it = {f.key for f in said if not (f.internal and each.workspace.is_client)}
    same_key = open_to_it if step.takes_all else set()
    return frozenset(same_key | {t.field for t in step.takes if t.source in {f"{done}.result.{f.key}" for f in said}})


def _left_behind(each: Prepared, is_client: bool) -> Iterator[Dropped]:
    """What is known and has a place in this step, which the plan does not let flow there."""
    course, step = each.entering.course, each.entering.step
    known: dict[str, Value] = {value.field: value for value in course.flowing_to(step) if is_given(value.value)}
    for field in each.asked.side(Side.SENDER, internal=not is_client):
        if is_client and field.key in known and _is_ours(course, known[field.key].step):
            continue
        if field.key in known and field.key not in each.flow.context and field.key not in step.asks:
            source = label_of(course, known[field.key].step)
            sentence = f"“{field.label}” is known from “{source}” and does not reach “{step.label}”."
            yield Dropped(field.key, field.label, step.label, sentence)


def _nowhere_said(each: Prepared, done: str, is_client: bool) -> Iterator[Dropped]:
    """What a later step takes from the one that is being completed, which says nothing of it."""
    course = each.entering.course
    turn = course.counting.get(done)
    if turn is None or turn.handoff is None:
        return
    said = specification(template_of(course.case, done))
    ours = {field.key for field in said.fields if field.internal} if is_client else set()
    for later in _later(course, each.entering.step):
        if is_client and later.internal:
            continue
        for take in later.takes:
            source, side, key = take.source.split(".")
            values = turn.handoff.result if side == "result" else turn.handoff.context
            if source == done and key not in ours and not is_given(values.get(key)):
                label = next((f.label for f in said.fields if f.key == key), key)
                sentence = f"“{later.label}” will need “{label}”, and it is not given here."
                yield Dropped(key, label, later.label, sentence)


def _is_ours(course: Course, step: str) -> bool:
    """Whether this step is internal."""
    planned = course.plan.by_key.get(step)
    return planned is not None and planned.internal


def _later(course: Course, step: Step) -> Iterator[Step]:
    """The step and what comes after it."""
    from_here = course.plan.from_here(step.key)
    return (each for each in course.plan.steps if each.key in from_here and each.kind is StepKind.HANDOFF)
