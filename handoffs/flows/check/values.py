"""Values: every path names something that is known by then, and what a step must have surely reaches it."""

from collections.abc import Iterator, Mapping

from handoffs.flows.check.dropping import dropped
from handoffs.flows.check.fitting import Fit, cannot_compare, fit
from handoffs.flows.check.possibilities import comparisons
from handoffs.flows.check.surely import Sight
from handoffs.flows.conditions import Condition
from handoffs.flows.facts import FieldFact, FlowFact, SlotFact
from handoffs.flows.plan import Plan, Step, StepKind, TakeDocuments
from handoffs.flows.problems import Problem


def wrong_values(sight: Sight) -> Iterator[Problem]:
    """What is wrong with conditions, with what flows on, and with what nobody gives."""
    for index, step in enumerate(sight.plan.steps):
        place = f"steps/{index}"
        for at, link in enumerate(step.after):
            if link.when is not None:
                yield from _condition(sight, link.step, link.when, f"{place}/after/{at}/when")
        if step.kind is StepKind.WAIT and step.pause.until:
            yield from _until(sight, step, f"{place}/pause/until")
        if step.kind in (StepKind.HANDOFF, StepKind.CASE):
            yield from _flowing(sight, step, place)
            yield from _documents(sight, step, place)


def _condition(sight: Sight, source: str, condition: Condition, place: str) -> Iterator[Problem]:
    told = {source} | sight.plan.before(source)
    for comparison in comparisons(condition):
        path = f"{comparison.step}.{comparison.side}.{comparison.field}"
        wrong = list(_path(sight, path, told, place))
        yield from wrong
        field = sight.field((comparison.step, comparison.side, comparison.field))
        if not wrong and field is not None and (why := cannot_compare(field, comparison)):
            yield Problem(place, why, "cannot_compare")


def _path(sight: Sight, path: str, told: frozenset[str] | set[str], place: str) -> Iterator[Problem]:
    """Whether a path names a field of a step in `told`."""
    key, side, name = path.split(".")
    step = sight.plan.by_key.get(key)
    if step is None:
        yield Problem(place, f"There is no step “{key}”.", "unknown_step")
    elif key not in told:
        yield Problem(place, f"“{step.label}” does not come before this, so {path} is not known yet.", "not_known_yet")
    elif sight.field((key, side, name)) is None and (step.template in sight.facts.templates or not step.template):
        why = (
            "brings no values" if step.kind is not StepKind.HANDOFF or not step.template else f"has no {side} “{name}”"
        )
        yield Problem(place, f"“{step.label}” {why}.", "unknown_field")


def _until(sight: Sight, step: Step, place: str) -> Iterator[Problem]:
    until = step.pause.until
    wrong = list(_path(sight, until, sight.plan.before(step.key), place))
    yield from wrong
    key, side, name = until.split(".")
    field = sight.field((key, side, name))
    if wrong or field is None:
        return
    if field.type not in ("date", "date_time"):
        yield Problem(place, f"“{field.label}” is no date, so nothing can wait until then.", "not_a_date")
    elif (key, side, name) not in sight.given(step.key):
        sentence = f"“{field.label}” may not be known when a case comes here, so this wait might have no end."
        yield Problem(place, sentence, "date_not_sure")


def _flowing(sight: Sight, step: Step, place: str) -> Iterator[Problem]:
    into = context_of(sight, step)
    if into is None:
        return
    seen: set[str] = set()
    for at, take in enumerate(step.takes):
        spot, target = f"{place}/takes/{at}", into.get(take.field)
        if target is None:
            yield Problem(f"{spot}/field", f"“{step.label}” has no context field “{take.field}”.", "unknown_field")
        if take.field in seen:
            yield Problem(f"{spot}/field", f"“{take.field}” is filled twice.", "taken_twice")
        seen.add(take.field)
        wrong = list(_path(sight, take.source, sight.plan.before(step.key), f"{spot}/source"))
        yield from wrong
        key, side, name = take.source.split(".")
        source = sight.field((key, side, name))
        if target is not None and source is not None and not wrong:
            yield from _fits(source, target, f"{spot}/source")
    for at, asked in enumerate(step.asks):
        if asked not in into:
            sentence = f"“{step.label}” has no context field “{asked}”, so nobody can be asked for it."
            yield Problem(f"{place}/asks/{at}", sentence, "unknown_field")
    yield from _unfilled(sight, step, place, into)
    if step.kind is StepKind.HANDOFF:
        for lost in dropped(sight, step):
            if lost.field not in step.asks:
                sentence = f"“{lost.label}” is known from {lost.source} and asked for here, but does not travel."
                yield Problem(f"{place}/takes", sentence, "dropped", is_error=False)


def context_of(sight: Sight, step: Step) -> Mapping[str, FieldFact] | None:
    """The context fields that may flow into a step; None when it is not known what it asks for."""
    if step.kind is StepKind.CASE:
        other: FlowFact | None = sight.facts.flows.get(step.flow)
        return other.context if other is not None else None
    if not step.template:
        return {}
    asked = sight.facts.templates.get(step.template)
    return asked.context if asked is not None else None


def _fits(source: FieldFact, target: FieldFact, place: str) -> Iterator[Problem]:
    match fit(source, target):
        case Fit.NEVER:
            sentence = (
                f"“{source.label}” never fits into “{target.label}”: the one is {_a(source)}, the other {_a(target)}."
            )
            yield Problem(place, sentence, "does_not_fit")
        case Fit.PERHAPS:
            sentence = f"“{source.label}” may not always fit into “{target.label}”; what does not fit is left out."
            yield Problem(place, sentence, "may_not_fit", is_error=False)


def _unfilled(sight: Sight, step: Step, place: str, into: Mapping[str, FieldFact]) -> Iterator[Problem]:
    """Required fields that nobody fills. First steps are asked for when the case is launched."""
    launched = step in sight.plan.starts
    asked = "" if launched else _nobody_asked(sight.plan, step)
    for name, field in into.items():
        if not field.required or launched or (field.internal and sight.is_client(step.giver)):
            continue
        if sight.flows_in(step, name, field) or (name in step.asks and not asked):
            continue
        if name in step.asks:
            sentence = f"“{field.label}” cannot be asked for here: {asked}."
        else:
            sentence = (
                f"“{step.label}” needs “{field.label}”, but it is not known on every way that leads here, "
                "and the giver is not asked for it."
            )
        yield Problem(f"{place}/asks", sentence, "nobody_fills")
    must_tick = sight.template(step.key).must_tick
    if must_tick and asked:
        sentence = f"“{must_tick[0]}” cannot be ticked by anybody: {asked}."
        yield Problem(f"{place}/template", sentence, "nobody_ticks")


def _nobody_asked(plan: Plan, step: Step) -> str:
    """Why nobody is there to be asked when the step begins; '' when whoever completes the step before is."""
    for link in step.after:
        source = plan.by_key[link.step]
        if source.kind is StepKind.WAIT:
            return f"“{source.label}” may end by itself, without anybody who hands over"
        if source.kind is StepKind.MILESTONE and (why := _nobody_asked(plan, source)):
            return why
    return ""


def _documents(sight: Sight, step: Step, place: str) -> Iterator[Problem]:
    template = sight.template(step.key)
    for at, take in enumerate(step.documents):
        yield from _take_documents(sight, step, take, f"{place}/documents/{at}")
    for key, slot in template.gives.items():
        if slot.required and not (slot.internal and sight.is_client(step.giver)):
            sources = [take for take in step.documents if take.slot == key]
            if not any(_surely_there(sight, step, take, slot) for take in sources):
                sentence = (
                    f"“{step.label}” must begin with “{slot.label}”, but no earlier step surely brings such a document."
                )
                yield Problem(f"{place}/documents", sentence, "nobody_gives_document")


def _take_documents(sight: Sight, step: Step, take: TakeDocuments, place: str) -> Iterator[Problem]:
    source = sight.plan.by_key.get(take.step)
    if source is None:
        yield Problem(f"{place}/step", f"There is no step “{take.step}”.", "unknown_step")
        return
    if take.step not in sight.plan.before(step.key):
        yield Problem(f"{place}/step", f"“{source.label}” does not come before this.", "not_known_yet")
    if source.kind is not StepKind.HANDOFF:
        yield Problem(f"{place}/step", f"“{source.label}” brings no documents.", "unknown_slot")
    if take.from_slot and source.template in sight.facts.templates and take.from_slot not in _slots(sight, take.step):
        yield Problem(f"{place}/from_slot", f"“{source.label}” has no place “{take.from_slot}”.", "unknown_slot")
    if take.slot and step.template in sight.facts.templates and take.slot not in sight.template(step.key).gives:
        yield Problem(f"{place}/slot", f"“{step.label}” has no place “{take.slot}” for its giver.", "unknown_slot")


def _surely_there(sight: Sight, step: Step, take: TakeDocuments, slot: SlotFact) -> bool:
    if take.step not in sight.plan.by_key or take.step not in sight.plan.before(step.key):
        return False
    sure = sight.on_entering[step.key]
    asked = sight.template(take.step)
    given = asked.gives.items() if ("passed", take.step) in sure else ()
    delivered = asked.delivers.items() if ("done", take.step) in sure else ()
    return any(
        found.required and take.from_slot in ("", key) and _accepted(found, slot) for key, found in (*given, *delivered)
    )


def _accepted(found: SlotFact, slot: SlotFact) -> bool:
    """Whether whatever may lie in the one place may lie in the other."""
    if not slot.accepts:
        return True
    return bool(found.accepts) and all(
        any(kind == wide or (wide.endswith("/*") and kind.startswith(wide[:-1])) for wide in slot.accepts)
        for kind in found.accepts
    )


def _slots(sight: Sight, key: str) -> set[str]:
    asked = sight.template(key)
    return {*asked.gives, *asked.delivers}


def _a(field: FieldFact) -> str:
    return f"of the type “{field.type.replace('_', ' ')}”"
