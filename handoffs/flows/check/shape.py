"""What belongs to a step of each kind, and what does not."""

from collections.abc import Iterator

from handoffs.flows.facts import Facts
from handoffs.flows.plan import DoneOn, Pause, Plan, Step, StepKind
from handoffs.flows.problems import Problem

_OF_A_HANDOFF = ("template", "receiver", "within", "documents", "internal")
_OF_KIND = {
    StepKind.HANDOFF: {*_OF_A_HANDOFF, "giver", "takes", "asks"},
    StepKind.MILESTONE: set(),
    StepKind.WAIT: set(),
    StepKind.CASE: {"flow", "cast", "takes", "asks", "giver"},
}


def misshapen(plan: Plan, facts: Facts) -> Iterator[Problem]:
    """Parts that lack or are too many, templates and flows that are not there, waits without a clock."""
    for index, step in enumerate(plan.steps):
        place = f"steps/{index}"
        yield from _foreign(step, place)
        match step.kind:
            case StepKind.HANDOFF:
                yield from _handoff(step, place, facts)
            case StepKind.WAIT:
                yield from _wait(step, place, plan)
            case StepKind.CASE:
                yield from _case(step, place, facts)


def _foreign(step: Step, place: str) -> Iterator[Problem]:
    for name in sorted({*_OF_A_HANDOFF, "giver", "takes", "asks", "flow", "cast"} - _OF_KIND[step.kind]):
        if getattr(step, name):
            yield Problem(f"{place}/{name}", f"A {step.kind} has no “{name}”; leave it out.", "foreign_part")
    if step.kind is not StepKind.WAIT and step.pause != Pause():
        yield Problem(f"{place}/pause", f"A {step.kind} has no “pause”; leave it out.", "foreign_part")
    if step.kind is not StepKind.HANDOFF and step.done_on is not DoneOn.COMPLETE:
        yield Problem(f"{place}/done_on", f"A {step.kind} is not accepted by anybody.", "foreign_part")


def _handoff(step: Step, place: str, facts: Facts) -> Iterator[Problem]:
    if not step.template:
        return
    asked = facts.templates.get(step.template)
    if asked is None:
        sentence = f"There is no published template called “{step.template}”."
        yield Problem(f"{place}/template", sentence, "unknown_template")
    elif step.done_on is DoneOn.ACCEPT:
        wanted = [fact.label for fact in asked.result.values() if fact.required]
        wanted += [fact.label for fact in asked.delivers.values() if fact.required]
        if wanted or asked.must_verify:
            listed = ", ".join(f"“{label}”" for label in (*wanted, *asked.must_verify))
            yield Problem(
                f"{place}/done_on",
                f"This is over as soon as it is accepted, but “{step.template}” asks its receiver for {listed}.",
                "acknowledgment_needs_result",
            )


def _wait(step: Step, place: str, plan: Plan) -> Iterator[Problem]:
    pause = step.pause
    if pause.lasts is None and not pause.until:
        sentence = f"“{step.label}” waits without a clock: say how long it lasts, or until which date."
        yield Problem(f"{place}/pause", sentence, "wait_without_clock")
    if pause.lasts is not None and pause.until:
        yield Problem(f"{place}/pause", "A wait lasts for a time or until a date, not both.", "wait_twice")
    if pause.lasts is not None and not pause.hours_of:
        sentence = "Working time needs somebody's hours: say which role's."
        yield Problem(f"{place}/pause/hours_of", sentence, "no_hours")
    if pause.hours_of and pause.hours_of not in plan.roles_by_key:
        yield Problem(f"{place}/pause/hours_of", f"There is no role “{pause.hours_of}”.", "unknown_role")


def _case(step: Step, place: str, facts: Facts) -> Iterator[Problem]:
    other = facts.flows.get(step.flow)
    if facts.own and step.flow == facts.own:
        yield Problem(f"{place}/flow", "A flow cannot be a step of itself.", "leads_to_itself")
    elif not step.flow:
        yield Problem(f"{place}/flow", "Say which flow this launches.", "no_flow")
    elif other is None:
        yield Problem(f"{place}/flow", f"There is no published flow called “{step.flow}”.", "unknown_flow")
    elif facts.own in other.reaches:
        yield Problem(f"{place}/flow", f"“{step.flow}” leads back to this flow.", "leads_to_itself")
