"""Send: one message is handed to its channel, by one worker at a time, and tried again when that fails."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from handoffs.delivery.channels import CHANNELS
from handoffs.delivery.models import Message
from handoffs.delivery.people import is_still_told
from handoffs.handoff import Handoff

logger = logging.getLogger(__name__)

# Tried at once, and then again 2, 4, 8 … minutes after it was made: the last time after 17 hours.
MOST_ATTEMPTS = 11
PAUSE = timedelta(minutes=1)


def send(organization_id: UUID, message_id: int, *, at: datetime) -> None:
    """Sends the message if it still waits and nobody else is sending it; a failure is written down, not raised."""
    message = (
        # Held until the commit: a second task for the same message skips it instead of sending it twice.
        Message.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("event__by", "member__user", "member__organization")
        .filter(organization_id=organization_id, id=message_id, sent_at=None, attempts__lt=MOST_ATTEMPTS)
        .first()
    )
    if message is None:
        return
    handoff = Handoff.objects.get(organization_id=organization_id, id=message.event.handoff_id)
    if is_still_told(message.event, handoff, message.member):
        _try(message, handoff, at)
    else:
        message.attempts, message.last_error = MOST_ATTEMPTS, "This person may not see it any more."
    message.save(update_fields=["sent_at", "attempts", "last_error"])


def due_again(at: datetime) -> Q:
    """The condition on messages of being due for another attempt; a fresh one has been lost by its queue."""
    tries = Q()
    for attempts in range(MOST_ATTEMPTS):
        tries |= Q(attempts=attempts, created_at__lte=at - PAUSE * 2**attempts)
    return Q(sent_at=None) & tries


def _try(message: Message, handoff: Handoff, at: datetime) -> None:
    try:
        with transaction.atomic():  # a failing query must not take the record of the failure with it
            CHANNELS[message.channel].send(message, handoff, at=at)
    except Exception as failure:
        message.attempts += 1
        message.last_error = f"{type(failure).__name__}: {failure}"[:2000]
        logger.warning("Message %s was not sent (attempt %s).", message.id, message.attempts, exc_info=True)
    else:
        message.sent_at, message.last_error = at, ""
