"""Send: what is due is claimed, handed to its channel outside of any transaction, and how that went is written down.

A claim is a lease. Whoever dies while sending leaves it to run out, and the same message goes out again under the same
reference; a mail server that hangs holds a worker, but no row of the database.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from handoffs.delivery import rests
from handoffs.delivery.allowance import free_at
from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.digest_letter import digest_letter
from handoffs.delivery.failures import given_up, reached
from handoffs.delivery.models import Digest, Message
from handoffs.delivery.parcel import Failure, Parcel
from handoffs.delivery.people import is_still_told
from handoffs.delivery.report_letter import report_letter
from handoffs.delivery.wishes import wishes
from handoffs.handoff import Handoff
from tenants.scope import scope

logger = logging.getLogger(__name__)

# Tried at once, and then again 2, 4, 8 … minutes after that: the last time after 17 hours.
MOST_ATTEMPTS = 11
PAUSE = timedelta(minutes=1)
GRACE = timedelta(minutes=1)  # what is younger is still in the queue
LEASE = timedelta(minutes=3)  # longer than a task may take, so that nobody still sends what another claims
UNSEEN = "This reader may not see it any more."


def send(organization_id: UUID, message_id: int, *, at: datetime) -> None:
    """Sends the message if it is due and nobody else is sending it; a failure is written down, not raised."""
    among = Message.objects.filter(organization_id=organization_id, id=message_id, in_digest=False, digest=None)
    _push(among.select_related("event__by", "member__user", "member__organization", "room"), organization_id, at)


def send_digest(organization_id: UUID, digest_id: int, *, at: datetime) -> None:
    """The same for a digest."""
    among = Digest.objects.filter(organization_id=organization_id, id=digest_id)
    _push(among.select_related("member__user", "member__organization"), organization_id, at)


def sendable(at: datetime) -> Q:
    """The condition on messages and digests of being due, with nobody at it."""
    return Message.WAITING & Q(due_at__lte=at) & (Q(leased_until=None) | Q(leased_until__lte=at))


def due_again(at: datetime) -> Q:
    """The condition of being left over: due for another attempt, come of age, or lost by its queue."""
    return sendable(at) & (Q(due_at__gt=F("created_at")) | Q(created_at__lte=at - GRACE))


def _push(among: QuerySet[Any], organization_id: UUID, at: datetime) -> None:
    with scope(organization_id):
        posting = _claim(among, at)
        parcel = _pack(posting, at) if posting is not None else None
    if posting is None or parcel is None:
        return
    began = time.monotonic()
    try:
        parcel()
    except Exception as failure:
        rests.failed(_way(posting), took=time.monotonic() - began, at=at)
        with scope(organization_id):
            _record_failure(posting, failure, at)
    else:
        rests.worked(_way(posting))
        with scope(organization_id):
            _record_success(posting, at)


def _claim(among: QuerySet[Any], at: datetime) -> Any:
    """The posting under a lease, or None: not due, at work elsewhere, or put off."""
    # Locked until the commit of the claim only; a second task for the same message skips it meanwhile.
    posting = among.select_for_update(of=("self",), skip_locked=True).filter(sendable(at)).first()
    if posting is None or _is_put_off(posting, at):
        return None
    posting.leased_until, posting.pushed_at = at + LEASE, at
    posting.save(update_fields=["leased_until", "pushed_at"])
    return posting


def _is_put_off(posting: Message | Digest, at: datetime) -> bool:
    """While its server does not answer, and when its reader has had enough for this hour."""
    rested = rests.until(_way(posting), at)
    free = rested or (free_at(posting, posting.member, at) if posting.member is not None else None)
    if free is None:
        return False
    posting.due_at = free
    # What may have arrived already stays a message of its own: in a digest it would be read twice.
    if rested is None and isinstance(posting, Message) and posting.member is not None and posting.pushed_at is None:
        beat = wishes(posting.member.organization, [posting.member]).beat(posting.member)
        posting.in_digest, posting.due_at = True, beat.next_full_hour(at)
        posting.save(update_fields=["in_digest", "due_at"])
    else:
        posting.save(update_fields=["due_at"])
    return True


def _pack(posting: Message | Digest, at: datetime) -> Parcel | None:
    try:
        with transaction.atomic():  # a failing query must not take the record of the failure with it
            parcel = _pack_digest(posting, at) if isinstance(posting, Digest) else _pack_message(posting, at)
    except Exception as failure:
        _record_failure(posting, failure, at)
        return None
    if parcel is None:
        _drop(posting, at)
    return parcel


def _pack_message(message: Message, at: datetime) -> Parcel | None:
    faced = Handoff.objects.select_related("workspace", "custodian", "custodian_team", "open_offer")
    handoff = faced.get(organization_id=message.organization_id, id=message.event.handoff_id)
    if message.room is not None and message.room.closed_at is not None:
        return None
    if message.member is not None and not is_still_told(message.event, handoff, message.member):
        return None
    return CHANNELS[message.channel].pack(message, handoff, at=at)


def _pack_digest(digest: Digest, at: datetime) -> Parcel | None:
    letter = digest_letter(digest, at=at) if digest.week is None else report_letter(digest, at=at)
    return CHANNELS[digest.channel].pack_digest(digest, letter) if letter is not None else None


def _drop(posting: Message | Digest, at: datetime) -> None:
    """Nobody is there to read it any more: no failure."""
    posting.given_up_at, posting.last_error = at, UNSEEN
    posting.leased_until, posting.pushed_at = None, None
    posting.save(update_fields=["given_up_at", "last_error", "leased_until", "pushed_at"])
    if isinstance(posting, Digest):
        _messages_of(posting).update(given_up_at=at, last_error=UNSEEN)


def _record_success(posting: Message | Digest, at: datetime) -> None:
    same: QuerySet[Any] = type(posting).objects.filter(organization_id=posting.organization_id, id=posting.id)
    # Whoever was slower than its lease has still sent it.
    if same.filter(sent_at=None).update(sent_at=at, given_up_at=None, leased_until=None, last_error="", trouble=""):
        if isinstance(posting, Digest):
            _messages_of(posting).update(sent_at=at)
        reached(posting)


def _record_failure(posting: Message | Digest, failure: Exception, at: datetime) -> None:
    logger.warning("%s %s was not sent.", type(posting).__name__, posting.id, exc_info=failure)
    known = CHANNELS[posting.channel].explain(failure)
    attempts = posting.attempts + 1
    final = known.is_final or attempts >= MOST_ATTEMPTS
    told: dict[str, Any] = {
        "attempts": attempts,
        "last_error": f"{type(failure).__name__}: {failure}"[:2000].replace("\x00", ""),
        "leased_until": None,
        "due_at": at + pause(attempts),
    }
    if final:
        told |= {"given_up_at": at, "trouble": known.words}
    same: QuerySet[Any] = type(posting).objects.filter(organization_id=posting.organization_id, id=posting.id)
    # Only while the lease is ours: another may have sent it since.
    mine = same.filter(Message.WAITING, leased_until=posting.leased_until)
    if mine.update(**told) and final:
        _give_up(posting, known, at)


def _give_up(posting: Message | Digest, known: Failure, at: datetime) -> None:
    if isinstance(posting, Digest):
        messages = _messages_of(posting)
        messages.update(given_up_at=at, trouble=known.words)
    else:
        messages = Message.objects.filter(organization_id=posting.organization_id, id=posting.id)
    given_up(posting, messages, known, at)


def pause(attempts: int) -> timedelta:
    """How long after a failure the next attempt comes, so that they lie 2, 4, 8 … minutes after the first."""
    return PAUSE * float(2 ** max(attempts - 1, 1))


def _messages_of(digest: Digest) -> QuerySet[Message]:
    return Message.objects.filter(Message.WAITING, organization_id=digest.organization_id, digest=digest)


def _way(posting: Message | Digest) -> str:
    """Which server it goes to, as far as we know: the mail server, or a room's."""
    room = posting.room_id if isinstance(posting, Message) else None
    return f"{posting.channel}:{room}" if room else posting.channel
