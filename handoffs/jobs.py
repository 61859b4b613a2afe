"""What the worker runs. Each job carries its organization, may run twice, and ends quietly when its subject is gone."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from handoffs import leftovers
from handoffs.actions import escalate, resume
from handoffs.delivery import deliver as delivering
from handoffs.delivery import outbox
from handoffs.delivery import send as sending
from handoffs.escalation import sweep
from handoffs.leftovers import RAISE_ALARMS
from handoffs.models import Alarm, Handoff
from handoffs.queue import enqueue_all
from handoffs.schedule import Rota
from tenants.models import Member
from tenants.scope import everyone, scope

logger = logging.getLogger(__name__)

BATCH = 10_000  # alarms fired in one statement
SHARE = 25  # alarms raised by one transaction, for whose length nobody else can change these handoffs
_rota = Rota()


def deliver(organization_id: str, event_id: int) -> None:
    """Tells people of one event."""
    with scope(UUID(organization_id)):
        delivering.deliver(UUID(organization_id), event_id, at=timezone.now())


def send(organization_id: str, message_id: int) -> None:
    """Sends one message."""
    with scope(UUID(organization_id)):
        sending.send(UUID(organization_id), message_id, at=timezone.now())


def raise_alarms(organization_id: str, *alarm_ids: int) -> None:
    """Writes fired alarms down in the order in which they fired and tells people, in one go.

    Where that fails, each stands alone, so that a failing one stops no other.
    """
    here = UUID(organization_id)
    with scope(here):
        waiting = list(sweep.unraised(here, alarm_ids))
    try:
        _raise_together(here, waiting)
    except Exception as failure:
        logger.warning("Alarms are raised one by one, because together they failed: %s", failure)
        _raise_each(waiting)


def _raise_each(waiting: Sequence[Alarm]) -> None:
    failures: list[Exception] = []
    for alarm in waiting:
        try:
            _raise_together(alarm.organization_id, [alarm])
        except Exception as failure:
            failures.append(failure)
    if failures:
        first = f"{type(failures[0]).__name__}: {failures[0]}"
        raise ExceptionGroup(f"{len(failures)} of {len(waiting)} alarms were not raised: {first}", failures)


def resume_held(organization_id: str, handoff_id: int) -> None:
    """Ends a hold whose end has come; one that was ended or prolonged meanwhile is left alone."""
    now = timezone.now()
    with scope(UUID(organization_id)):
        rested = leftovers.rested(None, now).filter(organization_id=organization_id, id=handoff_id)
        handoff = rested.select_for_update(of=("self",)).select_related("organization").first()
        if handoff is not None:
            resume(handoff, by=Member.objects.system(handoff.organization), at=now)


def tick(at: datetime, rota: Rota = _rota) -> None:
    """Fires every alarm that is due at `at`, also several of one clock that were missed, and does what recurs."""
    while _fire(at):
        pass
    rota.run_due(at)


def _fire(at: datetime) -> bool:
    """One batch: firing and queueing in one transaction, so that no alarm can fire unheard."""
    by_organization: dict[UUID, list[int]] = {}
    with everyone():
        for fired in sweep.fire(at, BATCH):
            by_organization.setdefault(fired.organization_id, []).append(fired.id)
        shares = [
            (organization_id, *ids[start : start + SHARE])
            for organization_id, ids in by_organization.items()
            for start in range(0, len(ids), SHARE)
        ]
        enqueue_all(RAISE_ALARMS, shares)
    return bool(by_organization)


def _raise_together(organization_id: UUID, waiting: Sequence[Alarm]) -> None:
    """Raised and told in one transaction: none of it happens, or all of it does."""
    with scope(organization_id), outbox.held() as events:
        handoffs = Handoff.objects.known({alarm.handoff_id for alarm in waiting})
        system = Member.objects.system(waiting[0].organization) if waiting else None
        for alarm in waiting:
            assert system is not None
            known = handoffs[alarm.handoff_id]
            handoffs[known.id] = escalate(known, by=system, at=timezone.now(), alarm=alarm)
        if events:
            delivering.tell([(event, handoffs[event.handoff_id]) for event in events], at=timezone.now())
