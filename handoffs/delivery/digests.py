"""Digests: what waits for one is claimed by exactly one, in one transaction, and goes out with it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import QuerySet

from handoffs.delivery.kinds import Kind, kind_of
from handoffs.delivery.mail import host
from handoffs.delivery.models import Digest, Message
from handoffs.delivery.rhythm import Beat
from handoffs.lifecycle import Verb
from handoffs.queue import SEND_DIGEST, enqueue
from tenants.models import Member

MOST = 500  # in one digest; what is more comes with the next


def waiting(at: datetime) -> QuerySet[Message]:
    """Messages whose digest is due and which none has claimed."""
    return Message.objects.filter(Message.WAITING, in_digest=True, digest=None, due_at__lte=at)


def gather(organization_id: UUID, member_id: int, channel: str, *, at: datetime) -> None:
    """Makes one digest of what is due for this person and queues it; changes nothing when nothing is due.

    The rows are claimed and the digest is made in the caller's transaction: either both are there or neither is, and a
    second gathering at the same time passes over the rows that the first one holds.
    """
    due = waiting(at).filter(organization_id=organization_id, member_id=member_id, channel=channel)
    ids = list(due.select_for_update(skip_locked=True).order_by("id").values_list("id", flat=True)[:MOST])
    if not ids:
        return
    digest = Digest.objects.create(
        organization_id=organization_id,
        member_id=member_id,
        channel=channel,
        reference=f"<digest-{uuid4().hex}@{host()}>",
        created_at=at,
        due_at=at,
    )
    Message.objects.filter(organization_id=organization_id, id__in=ids).update(digest=digest)
    enqueue(SEND_DIGEST, organization_id, digest.id)


def drop_waiting(member: Member, chosen: Iterable[tuple[Kind, str]], *, at: datetime) -> None:
    """What waits for a digest and is of a kind that the reader has switched off by now does not come any more."""
    for kind, channel in chosen:
        _unclaimed(member, kind, channel).update(given_up_at=at, last_error="Switched off by its reader.")


def postpone(member: Member, chosen: Iterable[tuple[Kind, str]], beat: Beat, *, at: datetime) -> None:
    """What waits for a digest by its reader's own choice comes with the rhythm that they have chosen by now."""
    for kind, channel in chosen:
        _unclaimed(member, kind, channel).update(due_at=beat.next_digest(at))


def _unclaimed(member: Member, kind: Kind, channel: str) -> QuerySet[Message]:
    here = {"organization_id": member.organization_id, "member": member, "channel": channel}
    verbs = [verb for verb in Verb if kind_of(verb) is kind]
    return Message.objects.filter(Message.WAITING, **here, event__verb__in=verbs, in_digest=True, digest=None)
