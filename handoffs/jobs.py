"""What the worker runs. Each job carries its organization, may run twice, and ends quietly when its subject is gone."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from handoffs import hours, keeping, leftovers, raising, relief
from handoffs.actions import logs, offer, recompute, resume, unplan
from handoffs.actions.cases import wake
from handoffs.actions.delivery import report
from handoffs.actions.templates import prove_due
from handoffs.delivery import deliver as delivering
from handoffs.delivery import digests
from handoffs.delivery import send as sending
from handoffs.escalation import sweep
from handoffs.leftovers import RAISE_ALARMS
from handoffs.models import Handoff
from handoffs.packet import previews
from handoffs.queue import enqueue_all, shares
from handoffs.schedule import Rota
from tenants.models import Calendar, Member
from tenants.refusals import Refusal
from tenants.scope import everyone, scope

logger = logging.getLogger(__name__)

BATCH = 1_000  # clocks whose alarms are fired, raised and announced by one transaction
SHARE = 25  # alarms raised by one transaction, for whose length nobody else can change these handoffs
_rota = Rota()


def deliver(organization_id: str, *event_ids: int) -> None:
    """Tells people of these events; where that fails, each stands alone, so that a failing one stops no other."""
    here = UUID(organization_id)

    def tell(*ids: int) -> list[int]:
        with scope(here):
            delivering.deliver(here, *ids, at=timezone.now())
        return []

    _together_or_each("events were not told", event_ids, tell)


def _together_or_each(what: str, ids: Sequence[int], do: Callable[..., list[int]]) -> None:
    """Does all of these in one go; each that is left, and all of them where that fails, in a go of its own."""
    try:
        left = do(*ids) if ids else []
    except Exception as failure:
        if len(ids) == 1:
            raise
        logger.warning("One at a time, because together they failed: %s", failure)
        left = list(ids)
    failures: list[Exception] = []
    for id in left:
        try:
            do(id)
        except Exception as failure:
            failures.append(failure)
    if failures:
        first = f"{type(failures[0]).__name__}: {failures[0]}"
        raise ExceptionGroup(f"{len(failures)} of {len(ids)} {what}: {first}", failures)


def send(organization_id: str, message_id: int) -> None:
    """Sends one message."""
    sending.send(UUID(organization_id), message_id, at=timezone.now())


def gather_digest(organization_id: str, member_id: int, channel: str) -> None:
    """Makes a digest of what waits for one person."""
    with scope(UUID(organization_id)):
        digests.gather(UUID(organization_id), member_id, channel, at=timezone.now())


def send_digest(organization_id: str, digest_id: int) -> None:
    """Sends one digest."""
    sending.send_digest(UUID(organization_id), digest_id, at=timezone.now())


def report_week(organization_id: str, member_id: int) -> None:
    """Puts the report of a week on its way to somebody who wants one; one that was made by now is left alone."""
    with scope(UUID(organization_id)):
        here = Member.objects.filter(organization_id=organization_id, id=member_id)
        for member in here.select_related("user", "organization"):
            report(member=member, at=timezone.now())


def read_log(organization_id: str, log_id: int) -> None:
    """Reads a part of an event log; what is left queues itself."""
    logs.read_more(UUID(organization_id), log_id, at=timezone.now())


def bring_in_log(organization_id: str, log_id: int) -> None:
    """Brings a part of an event log in; what is left queues itself."""
    logs.bring_in_more(UUID(organization_id), log_id, at=timezone.now())


def raise_alarms(organization_id: str, *alarm_ids: int) -> None:
    """Writes fired alarms down, those of one handoff as one event, and tells people, in one go.

    Where that fails, each handoff stands alone, so that a failing one stops no other.
    """
    here = UUID(organization_id)
    with scope(here):
        handoffs = raising.waiting(here, alarm_ids)

    def rise(*ids: int) -> list[int]:
        with scope(here):
            return raising.raise_and_tell(here, ids, timezone.now())

    _together_or_each("handoffs had no alarm raised", handoffs, rise)


def resume_held(organization_id: str, handoff_id: int) -> None:
    """Ends a hold whose end has come; one that was ended or prolonged meanwhile is left alone."""
    now = timezone.now()
    with scope(UUID(organization_id)):
        rested = leftovers.rested(None, now).filter(organization_id=organization_id, id=handoff_id)
        handoff = rested.select_for_update(of=("self",)).select_related("organization").first()
        if handoff is not None:
            resume(handoff, by=Member.objects.system(handoff.organization), at=now)


def wake_case(organization_id: str, turn_id: int) -> None:
    """Ends a wait of a case whose time has come; one that is over by now is left alone."""
    now = timezone.now()
    with scope(UUID(organization_id)):
        slept = leftovers.slept(None, now).filter(organization_id=organization_id, id=turn_id)
        turn = slept.select_related("case__organization").first()
        if turn is not None:
            system = Member.objects.select_related("organization").system(turn.case.organization)
            wake(turn, by=system, at=now)


def look_after(organization_id: str) -> None:
    """Finds what rests with somebody who cannot act, and queues its relief."""
    with scope(UUID(organization_id)):
        relief.look_after(UUID(organization_id), timezone.now())


def relieve(organization_id: str, *handoff_ids: int) -> None:
    """Moves each of these handoffs to somebody who can act; each stands alone."""
    failures: list[Exception] = []
    for handoff_id in handoff_ids:
        try:
            with scope(UUID(organization_id)):
                relief.relieve(UUID(organization_id), handoff_id, timezone.now())
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(handoff_ids)} handoffs were not relieved", failures)


def relieve_case(organization_id: str, case_id: int) -> None:
    """Finds a case another owner when its own can act no more."""
    with scope(UUID(organization_id)):
        relief.relieve_case(UUID(organization_id), case_id, timezone.now())


def lay_out(organization_id: str, calendar_id: int) -> None:
    """Queues what was laid out in former hours of a calendar, in batches."""
    with scope(UUID(organization_id)):
        here = Calendar.objects.filter(organization_id=organization_id, pk=calendar_id)
        for calendar in here.select_related("hours_changed_by"):
            hours.lay_out(calendar)


def recompute_due(organization_id: str, former: int | None, why: str, *handoff_ids: int) -> None:
    """Lays out the clocks of these handoffs anew, each in a transaction of its own."""
    for handoff_id in handoff_ids:
        with scope(UUID(organization_id)):
            live = Handoff.objects.live().filter(organization_id=organization_id, id=handoff_id)
            for handoff in live.select_related("organization"):
                system = Member.objects.system(handoff.organization)
                recompute(handoff, by=system, at=timezone.now(), why=why, former=former)


def prove_ladders(organization_id: str) -> None:
    """Proves the ladders that were not proved for a day."""
    with scope(UUID(organization_id)):
        prove_due(UUID(organization_id), timezone.now())


def keep_figures(organization_id: str, *handoff_ids: int) -> None:
    """Brings what insight reads in step with what happened to these handoffs."""
    with scope(UUID(organization_id)):
        keeping.keep(UUID(organization_id), handoff_ids, timezone.now())


def offer_planned(organization_id: str, handoff_id: int) -> None:
    """Offers what was planned, for whoever answers for it now; what cannot be offered is told to them instead."""
    with scope(UUID(organization_id)):
        now = timezone.now()
        due = leftovers.planned(now).filter(organization_id=organization_id, id=handoff_id)
        named = due.select_related("custodian", "organization", "planned_team__calendar", "planned_member")
        handoff = named.select_for_update(of=("self",)).first()
        if handoff is None or handoff.custodian is None:
            return
        to_team, to_member, message = handoff.planned_team, handoff.planned_member, handoff.planned_message
        try:
            with transaction.atomic():
                offer(handoff, by=handoff.custodian, at=now, to_team=to_team, to_member=to_member, message=message)
        except Refusal as refusal:
            system = Member.objects.select_related("organization").system(handoff.organization)
            unplan(handoff, by=system, at=now, why=refusal.sentence)


def draw_preview(organization_id: str, document_id: int) -> None:
    """Draws the first page of a document that can be drawn."""
    with scope(UUID(organization_id)):
        previews.draw(UUID(organization_id), document_id)


def tick(at: datetime, rota: Rota = _rota) -> None:
    """Fires every alarm that is due at `at`, also several of one clock that were missed, and does what recurs."""
    while _fire(at):
        pass
    rota.run_due(at)


def _fire(at: datetime) -> bool:
    """One batch: fired, raised and shown to people in one transaction, so that no alarm can fire unheard."""
    with everyone():
        fired = sweep.fire(at, BATCH)
        if fired:
            enqueue_all(RAISE_ALARMS, shares(raising.raise_at_once(fired, at), SHARE))
    return bool(fired)
