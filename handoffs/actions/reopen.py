"""Reopen: the first sender finds it not done after all. Counts as rework."""

from collections.abc import Callable
from datetime import datetime

from handoffs.actions._transfer import facts_of, open_offer, refuse_unable, refuse_while_away
from handoffs.actions._words import required
from handoffs.actions.cases._held import Held, holding_all
from handoffs.actions.cases._reviving import revive
from handoffs.custody import passing
from handoffs.flows.places import place_of
from handoffs.handoff import Handoff
from handoffs.lifecycle import State, Verb
from handoffs.passage import Step, passage
from handoffs.refusals import nobody_to_receive
from tenants.models import Member, Team


def reopen(handoff: Handoff, *, by: Member, at: datetime, reason: str) -> Handoff:
    """The first sender answers for it again, with an open offer to the one who completed it, or to their team.

    In a case everything after the step is undone, and a completed case runs again. Raises Conflict superseded_step for
    a step that was done anew since, or case_cancelled.
    """
    place = place_of(handoff)
    if place is None:
        return _reopen(handoff, by=by, at=at, reason=reason)

    def reopen_held(held: Held) -> Handoff:
        return _reopen(
            handoff, by=by, at=at, reason=reason, also=lambda step, words: revive(step, held, reason=words).write()
        )

    return holding_all(place.case, reopen_held, also=[handoff.pk])


def _reopen(
    handoff: Handoff, *, by: Member, at: datetime, reason: str, also: Callable[[Step, str], None] | None = None
) -> Handoff:
    with passage(handoff, Verb.REOPEN, by=by, at=at) as step:
        if step.is_repeat(step.before is State.OFFERED and step.was_last(Verb.REOPEN)):
            return step.handoff
        # The product reopens in the name of the first sender.
        holder = step.handoff.sender if by.is_system else by
        refuse_while_away(Verb.REOPEN, holder, step.at)
        words = required(Verb.REOPEN, "reason", reason)
        team, member = _completer(step.handoff, step.at)
        refuse_unable(step, team, member, giver=holder)
        if also is not None:
            also(step, words)
        hand_again(step, holder, team, member, words)
    return step.handoff


def hand_again(step: Step, holder: Member, team: Team, member: Member | None, words: str) -> None:
    """Custody starts again with `holder`, who offers it."""
    step.change(
        **passing.resume(step.handoff, holder, step.handoff.sender_team, verb=Verb.REOPEN, at=step.at),
        complete_due_at=None,
    )
    opened = open_offer(step, team, member, message=words)
    step.record(**facts_of(opened), reason=words)


def _completer(handoff: Handoff, at: datetime) -> tuple[Team, Member | None]:
    last = handoff.custodies.select_related("holder__user", "team__calendar").latest("seq")
    if last.team is None:
        raise nobody_to_receive(last.holder.name, "they completed it outside of any team; draft a new handoff instead")
    able = last.holder.can_work(at) and last.team_id in last.holder.standing.team_ids
    return last.team, last.holder if able and last.holder_id != handoff.sender_id else None
