"""Escalate: alarms that the sweep fired are written down, and do what their rungs say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from handoffs.actions.redirect import redirect
from handoffs.escalation.models import Alarm
from handoffs.handoff import Handoff, Priority
from handoffs.lifecycle import Verb
from handoffs.models import Clock, ClockKind
from handoffs.passage import passage
from handoffs.refusals import Refusal
from tenants.models import Member

PROMISED = {
    ClockKind.ACCEPT: "to accept",
    ClockKind.START: "to start",
    ClockKind.COMPLETE: "to complete",
    ClockKind.ANSWER: "to answer",
}


def escalate(handoff: Handoff, *, by: Member, at: datetime, alarms: Sequence[Alarm]) -> Handoff:
    """Tells the rungs' audiences, raises priority, redirects. Once per alarm, however often it is called.

    Alarms that were missed together are one event with each of them in it, in the order in which they were due: people
    hear of the handoff once. A clock that stopped between firing and now makes its alarm moot: it is marked as raised
    and tells nobody.
    """
    with passage(handoff, Verb.ESCALATE, by=by, at=at) as step:
        mine = Alarm.objects.filter(organization_id=by.organization_id, handoff_id=handoff.id)
        waiting = list(
            mine.filter(id__in=[alarm.id for alarm in alarms], raised_at=None)
            # What few alarms need, a question or a team to redirect to, is read when it comes up: eight joins take
            # PostgreSQL longer to plan than all the rest of this takes.
            .select_related("clock", "rung")
            .order_by("due_at", "id")
        )
        telling = [alarm for alarm in waiting if alarm.clock.stopped_at is None and step.handoff.is_live]
        repeated = step.is_repeat(by.is_system and not telling)
        if waiting:
            mine.filter(id__in=[alarm.id for alarm in waiting]).update(raised_at=step.at)
        if repeated:
            return step.handoff
        raises = sum(alarm.rung.raises_priority for alarm in telling)
        if raises:
            step.change(priority=min(step.handoff.priority + raises, Priority.URGENT))
        step.record(**_facts(step.handoff, telling))
    redirecting = [alarm for alarm in telling if alarm.rung.redirects or alarm.rung.redirect_to_id]
    return _redirected(step.handoff, redirecting[-1], by=by, at=at) if redirecting else step.handoff


def _facts(handoff: Handoff, alarms: Sequence[Alarm]) -> dict[str, Any]:
    """The last alarm leads; all of them are listed."""
    each = [_fired(handoff, alarm) for alarm in alarms]
    sentences = dict.fromkeys(fired["alarm"] for fired in each)
    return {**each[-1], "alarm": "; ".join(sentences), "alarms": each}


def _fired(handoff: Handoff, alarm: Alarm) -> dict[str, Any]:
    clock, rung = alarm.clock, alarm.rung
    late = alarm.due_at >= clock.due_at
    name, to_team, to_member, from_team = keeper(handoff, clock)
    return {
        "alarm": f"the time {PROMISED[ClockKind(clock.kind)]} is {'over' if late else 'running out'} for {name}",
        "alarm_id": alarm.id,
        "clock": clock.kind,
        "rung": rung.position,
        "audience": list(rung.audience),
        "tell_member": rung.member_id,
        "tell_team": rung.team_id,
        "channels": list(rung.channels),
        "breaks_quiet": rung.breaks_quiet,
        "due_at": clock.due_at.isoformat(),
        "rung_due_at": alarm.due_at.isoformat(),
        "late": late,
        "to_team": to_team,
        "to_member": to_member,
        "from_team": from_team,
        "question": clock.question_id,
    }


def keeper(handoff: Handoff, clock: Clock) -> tuple[str, int | None, int | None, int | None]:
    """Who is to keep the promise: name, team and member; and the team on the other side."""
    offer, holder = handoff.open_offer, handoff.custodian
    if clock.kind == ClockKind.ACCEPT and offer is not None:
        return offer.receiver_name, offer.to_team_id, offer.to_member_id, handoff.custodian_team_id
    if clock.kind == ClockKind.ANSWER and clock.question is not None:
        asked, team = clock.question.asked_member, clock.question.asked_team
        if asked is None and team is not None:
            return team.name, team.id, None, handoff.custodian_team_id
        if asked is not None and asked.id != handoff.custodian_id:
            return asked.name, team.id if team else handoff.sender_team_id, asked.id, handoff.custodian_team_id
        return asked.name if asked else "", handoff.custodian_team_id, handoff.custodian_id, None
    name = holder.name if holder else ""
    return name, handoff.custodian_team_id, handoff.custodian_id, handoff.sender_team_id


def _redirected(handoff: Handoff, alarm: Alarm, *, by: Member, at: datetime) -> Handoff:
    """To the team the rung names or the receiving team's backup, if it can receive here; else the telling has to do."""
    offer = handoff.open_offer
    if alarm.clock.kind != ClockKind.ACCEPT or offer is None:
        return handoff
    team = alarm.rung.redirect_to or offer.to_team.backup
    if team is None:
        return handoff
    try:
        with transaction.atomic():
            return redirect(handoff, by=by, at=at, to_team=team)
    except Refusal:
        return handoff
