"""Raising: what the sweep fired is written down and told, in bulk where it can be and one by one where it must."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from handoffs.actions.escalate import escalate_all, escalate_fired
from handoffs.delivery import deliver as delivering
from handoffs.delivery import outbox
from handoffs.escalation.sweep import Fired
from handoffs.models import Alarm
from tenants.models import Member

logger = logging.getLogger(__name__)


def raise_at_once(fired: Sequence[Fired], at: datetime) -> dict[UUID, list[int]]:
    """Raises and announces what has just fired, of all organizations together, in the transaction that fired it.

    What is left to the queue comes back, as ids by organization: alarms of a handoff that has older ones still to be
    told of, or that a rung redirects; and all of them where anything failed, for there each stands alone.
    """
    alarms = _by_handoff(fired)
    left: Mapping[int, Sequence[Fired]] = alarms
    try:
        with transaction.atomic():
            left = _raise_together(alarms, at)
    except Exception:
        logger.warning("%s alarms are left to the queue: together they failed.", len(fired), exc_info=True)
    found: dict[UUID, list[int]] = {}
    for one in (one for ones in left.values() for one in ones):
        found.setdefault(one.organization_id, []).append(one.id)
    return found


def _raise_together(alarms: dict[int, list[Fired]], at: datetime) -> Mapping[int, Sequence[Fired]]:
    new = {one.id for ones in alarms.values() for one in ones}
    unraised = Alarm.objects.filter(handoff_id__among=alarms, raised_at=None).values_list("id", "handoff_id")
    waiting = {handoff_id for id, handoff_id in unraised if id not in new}
    free = {id: ones for id, ones in alarms.items() if id not in waiting}
    systems = Member.objects.systems({one.organization_id for ones in free.values() for one in ones})
    with outbox.watched() as events:
        seen_to = escalate_fired(free, by=systems, at=at)
    delivering.announce([(event, seen_to[event.handoff_id]) for event in events], at=at)
    return {id: ones for id, ones in alarms.items() if id not in seen_to}


def _by_handoff(fired: Iterable[Fired]) -> dict[int, list[Fired]]:
    found: dict[int, list[Fired]] = {}
    for alarm in sorted(fired, key=lambda one: (one.due_at, one.id)):
        found.setdefault(alarm.handoff_id, []).append(alarm)
    return found


def waiting(organization_id: UUID, alarm_ids: Collection[int]) -> list[int]:
    """The handoffs of those of these alarms that nobody was told of.

    All that waits of a handoff is raised by whichever task comes first: two may carry two alarms of one.
    """
    here = Alarm.objects.filter(organization_id=organization_id, id__in=alarm_ids, raised_at=None)
    return list(here.order_by("handoff_id").values_list("handoff_id", flat=True).distinct())


def raise_and_tell(organization_id: UUID, handoff_ids: Collection[int], at: datetime) -> list[int]:
    """Raised and told in one transaction: none of it happens, or all of it does.

    One handoff that somebody holds is waited for; among several it would keep all the others from people, so it is left
    and returned.
    """
    systems = Member.objects.systems([organization_id])
    with outbox.held() as events:
        seen_to = escalate_all(handoff_ids, by=systems, at=at, wait=len(handoff_ids) == 1)
    if events:
        delivering.tell([(event, seen_to[event.handoff_id]) for event in events], at=at)
    return [id for id in handoff_ids if id not in seen_to]
