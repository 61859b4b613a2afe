"""Complete: the work is done, with everything the template asks of the receiver; what comes next is offered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs.actions.cases._advance import advance
from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._held import Held, moving
from handoffs.clocks import running
from handoffs.completeness import shortfalls
from handoffs.custody import passing
from handoffs.definition.specification import specification
from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.models import Side
from handoffs.passage import Step, passage
from handoffs.refusals import Incomplete, incomplete
from tenants.models import Member


def complete(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    result: Mapping[str, Any] | None = None,
    given: Given | None = None,
) -> Handoff:
    """Closes custody and all clocks; a step of a case brings the next ones, already offered, or is not done.

    `given` says, by step, what the next steps ask of their giver. Raises `Incomplete` with the list when result,
    documents or checklist lack, or something for what comes next; Conflict next_step_has_nobody.
    """
    return moving(handoff, by, lambda held: complete_held(handoff, held, by=by, at=at, result=result, given=given))


def complete_held(
    handoff: Handoff,
    held: Held,
    *,
    by: Member,
    at: datetime,
    result: Mapping[str, Any] | None = None,
    given: Given | None = None,
) -> Handoff:
    """The same with the locks taken that a loop out of the step may need."""
    with passage(handoff, Verb.COMPLETE, by=by, at=at) as step:
        if step.is_repeat(step.before is State.COMPLETED and step.was_last(Verb.COMPLETE)):
            return step.handoff
        _take_result(step, result or {})
        lacking = shortfalls(step.handoff, Side.RECEIVER)
        if lacking:
            raise incomplete(Verb.COMPLETE, lacking)
        following = advance(step, held, given)
        team = step.handoff.custodian_team
        step.change(**passing.end(step.handoff, at=step.at), complete_due_at=None)
        running.stop_all(step.handoff, at=step.at)
        if following is not None:
            following.write()
        step.record(completer=by.name, completer_id=by.id, team=team.id if team else None)
    return step.handoff


def _take_result(step: Step, result: Mapping[str, Any]) -> None:
    asked = specification(step.handoff.template_version)
    values, wrong = asked.clean(Side.RECEIVER, result, internal=step.by.role != Member.Role.CLIENT)
    if wrong:
        raise Incomplete("wrong_result", " ".join(shortfall.sentence for shortfall in wrong), wrong)
    merged = {**step.handoff.result, **values}
    step.change(result={key: value for key, value in merged.items() if value is not None})
