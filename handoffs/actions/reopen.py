"""Reopen: the first sender finds it not done after all. Counts as rework."""

from datetime import datetime

from handoffs.actions._transfer import facts_of, open_offer, refuse_unable, refuse_while_away
from handoffs.actions._words import required
from handoffs.custody import passing
from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.passage import passage
from handoffs.refusals import nobody_to_receive
from tenants.models import Member, Team


def reopen(handoff: Handoff, *, by: Member, at: datetime, reason: str) -> Handoff:
    """The first sender answers for it again, with an open offer to the one who completed it, or to their team."""
    with passage(handoff, Verb.REOPEN, by=by, at=at) as step:
        if step.is_repeat(step.before is State.OFFERED and step.was_last(Verb.REOPEN)):
            return step.handoff
        refuse_while_away(Verb.REOPEN, by, step.at)
        words = required(Verb.REOPEN, "reason", reason)
        team, member = _completer(step.handoff, step.at)
        refuse_unable(step, team, member, giver=by)
        step.change(
            **passing.resume(step.handoff, by, step.handoff.sender_team, verb=Verb.REOPEN, at=step.at),
            complete_due_at=None,
        )
        opened = open_offer(step, team, member, message=words)
        step.record(**facts_of(opened), reason=words)
    return step.handoff


def _completer(handoff: Handoff, at: datetime) -> tuple[Team, Member | None]:
    last = handoff.custodies.select_related("holder__user", "team__calendar").latest("seq")
    if last.team is None:
        raise nobody_to_receive(last.holder.name, "they completed it outside of any team; draft a new handoff instead")
    able = last.holder.can_work(at) and last.team_id in last.holder.standing.team_ids
    return last.team, last.holder if able and last.holder_id != handoff.sender_id else None
