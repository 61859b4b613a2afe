"""Escalate: an alarm that the sweep fired is written down, and does what its rung says."""

from datetime import datetime
from typing import Any

from django.db import transaction

from handoffs.actions.redirect import redirect
from handoffs.escalation.models import Alarm
from handoffs.handoff import Handoff, Priority
from handoffs.lifecycle import Verb
from handoffs.models import ClockKind
from handoffs.passage import Step, passage
from handoffs.refusals import Refusal
from tenants.models import Member


def escalate(handoff: Handoff, *, by: Member, at: datetime, alarm: Alarm) -> Handoff:
    """Tells the rung's audience, raises priority, redirects to the backup team. Once per alarm, however often called.

    A clock that stopped between firing and now makes the alarm moot: it is marked as raised and tells nobody.
    """
    with passage(handoff, Verb.ESCALATE, by=by, at=at) as step:
        fired = Alarm.objects.select_related("clock", "rung").get(id=alarm.id, organization_id=by.organization_id)
        moot = fired.clock.stopped_at is not None or not step.handoff.is_live
        repeated = step.is_repeat(by.is_system and (moot or fired.raised_at is not None))
        if fired.raised_at is None:
            Alarm.objects.filter(id=fired.id).update(raised_at=step.at)
        if repeated:
            return step.handoff
        if fired.rung.raises_priority:
            step.change(priority=min(step.handoff.priority + 1, Priority.URGENT))
        step.record(**_facts(step, fired))
    return _redirected(step.handoff, fired, by=by, at=at) if fired.rung.redirects else step.handoff


def _facts(step: Step, alarm: Alarm) -> dict[str, Any]:
    offer = step.handoff.open_offer
    late = alarm.due_at >= alarm.clock.due_at
    promise = "to accept" if alarm.clock.kind == ClockKind.ACCEPT else "to complete"
    who = offer.receiver_name if offer and alarm.clock.kind == ClockKind.ACCEPT else None
    holder = step.handoff.custodian
    told = f"the time {promise} is {'over' if late else 'running out'} for {who or (holder.name if holder else '')}"
    return {
        "alarm": told,
        "alarm_id": alarm.id,
        "clock": alarm.clock.kind,
        "rung": alarm.rung.position,
        "audience": list(alarm.rung.audience),
        "due_at": alarm.clock.due_at.isoformat(),
        "rung_due_at": alarm.due_at.isoformat(),
        "late": late,
        "to_team": offer.to_team_id if offer else None,
        "to_member": offer.to_member_id if offer else None,
    }


def _redirected(handoff: Handoff, alarm: Alarm, *, by: Member, at: datetime) -> Handoff:
    """To the receiving team's backup, if it has one that can receive here; otherwise the telling has to do."""
    offer = handoff.open_offer
    if alarm.clock.kind != ClockKind.ACCEPT or offer is None or offer.to_team.backup is None:
        return handoff
    try:
        with transaction.atomic():
            return redirect(handoff, by=by, at=at, to_team=offer.to_team.backup)
    except Refusal:
        return handoff
