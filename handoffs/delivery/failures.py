"""What could not be delivered: told to those who look after the work, and remembered of an address that refuses."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from handoffs.delivery.models import Bounce, Digest, Message, Notice
from handoffs.delivery.parcel import Failure
from handoffs.delivery.sight import managing
from handoffs.handoff import Handoff
from tenants.access import Permission
from tenants.models import Member, Role

WHY = "undelivered"


def undelivered(handoff: Handoff) -> QuerySet[Message]:
    """What was given up of this handoff's messages, latest first; not what lost its reader."""
    mine = Message.objects.filter(
        ~Q(trouble=""), organization_id=handoff.organization_id, event__handoff=handoff, given_up_at__isnull=False
    )
    return mine.select_related("member__user", "room").order_by("-id")


def told_of(message: Message) -> str:
    """The failure as one sentence, for those who look after the work; one that was overcome says so."""
    if message.room is not None:
        what = f"The message to the chat room “{message.room.name}”"
    else:
        user = message.member.user if message.member is not None else None
        what = f"{message.channel.capitalize()} to {user.email if user is not None else 'somebody'}"
    if message.sent_at is not None:
        return f"{what} arrived after all"
    return f"{what} could not be delivered: {message.trouble}"


def given_up(posting: Message | Digest, messages: QuerySet[Message], known: Failure, at: datetime) -> None:
    """Tells the managers of each workspace once, and marks an address that refuses. Nothing else waits for it."""
    if known.is_bounce and posting.member is not None and posting.member.user is not None:
        Bounce.objects.update_or_create(
            organization_id=posting.organization_id,
            member=posting.member,
            channel=posting.channel,
            defaults={
                "address": posting.member.user.email,
                "since": at,
                "sentence": known.words,
            },
        )
    by_workspace: dict[int, Message] = {}
    for message in messages.select_related("event__handoff__workspace").order_by("id"):
        by_workspace.setdefault(message.event.handoff.workspace_id, message)
    for message in by_workspace.values():
        _tell_managers(message, at)


def _tell_managers(message: Message, at: datetime) -> None:
    event = message.event
    # What a mail server answers is nothing for clients.
    managers = managing(event.handoff).exclude(role=Role.CLIENT)
    facts: dict[str, Any] = {"organization_id": message.organization_id, "event": event, "message": message}
    Notice.objects.bulk_create(
        [Notice(**facts, handoff_id=event.handoff_id, member=manager, why=WHY, created_at=at) for manager in managers],
        ignore_conflicts=True,
    )


def reached(posting: Message | Digest) -> None:
    """Something arrived: the address is good again."""
    if posting.member is not None:
        Bounce.objects.filter(
            organization_id=posting.organization_id, member=posting.member, channel=posting.channel
        ).delete()


def looks_after(handoff: Handoff, member: Member) -> bool:
    """Whether failures about this handoff are this member's to know and to mend."""
    workspace = handoff.workspace
    return member.role != Role.CLIENT and member.standing.permits(Permission.MANAGE, workspace.id, workspace.kind)
