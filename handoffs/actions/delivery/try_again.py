"""Try again to deliver what was given up."""

from datetime import datetime

from handoffs.delivery.failures import looks_after
from handoffs.delivery.models import Message
from handoffs.queue import SEND, enqueue
from handoffs.refusals import Forbidden
from tenants.models import Member
from tenants.rules import must_be_home


def try_again(*, message: Message, by: Member, at: datetime) -> Message:
    """Puts a message that was given up back on its way, by itself where a digest failed, with its tries counted anew.

    One that is on its way already, or has arrived, stays as it is. Raises Forbidden not_a_manager.
    """
    must_be_home(by, message)
    locked = (
        Message.objects.select_for_update(of=("self",))
        .select_related("event__handoff__workspace")
        .get(organization_id=by.organization_id, id=message.pk)
    )
    if not looks_after(locked.event.handoff, by):
        raise Forbidden("Only those who look after this workspace can try this again.", code="not_a_manager")
    if locked.given_up_at is None or not locked.trouble:
        return locked
    locked.given_up_at, locked.attempts, locked.due_at = None, 0, at
    # The digest that carried it is over. Its own reference was never used.
    locked.in_digest, locked.digest = False, None
    locked.save(update_fields=["given_up_at", "attempts", "due_at", "in_digest", "digest"])
    enqueue(SEND, locked.organization_id, locked.id)
    return locked
