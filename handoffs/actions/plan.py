"""Plan: the custodian has the work offered when its receiver opens next, instead of on a Friday at six."""

from datetime import datetime

from handoffs.actions._transfer import hours_of, ready, refuse_unable, target
from handoffs.actions._words import optional
from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.passage import passage
from handoffs.refusals import Invalid
from tenants.models import Member, Team


def plan(
    handoff: Handoff,
    *,
    by: Member,
    at: datetime,
    to_team: Team | None = None,
    to_member: Member | None = None,
    message: str = "",
) -> Handoff:
    """Keeps receiver and message until that instant, when the system offers it for whoever answers for it then.

    Planned anew it replaces what was planned. Raises what `offer` raises, and `Invalid` open_already.
    """
    with passage(handoff, Verb.PLAN, by=by, at=at) as step:
        team = target(step.handoff, to_team)
        planned = (team.pk if team else None, to_member.pk if to_member else None, message.strip())
        standing = (step.handoff.planned_team_id, step.handoff.planned_member_id, step.handoff.planned_message)
        mine = step.handoff.custodian_id == by.id and step.handoff.planned_at is not None
        if step.is_repeat(mine and planned == standing):
            return step.handoff
        team = ready(step, team)
        refuse_unable(step, team, to_member, giver=by)
        opening = opens_at(team, to_member, step.at)
        name = to_member.name if to_member else team.name
        if opening is None:
            raise Invalid(f"{name} is there now: offer it.", code="open_already", details={"field": "to_team"})
        step.change(
            planned_at=opening,
            planned_team=team,
            planned_member=to_member,
            planned_message=optional("message", message),
        )
        step.record(receiver=name, to_team=team.pk, to_member=planned[1], planned_at=opening.isoformat())
    return step.handoff


def opens_at(team: Team, member: Member | None, at: datetime) -> datetime | None:
    """When they open next by their own hours or those of the team; None when they are open."""
    opening = working_time.next_opening(schedule_of(hours_of(member, team.calendar)), at)
    return opening if opening > at else None
