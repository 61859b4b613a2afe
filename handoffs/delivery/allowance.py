"""How many messages a person is pushed in an hour: at most a set number, and the rest waits in one digest."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from handoffs.delivery.kinds import Kind, kind_of
from handoffs.delivery.models import Digest, Message
from tenants.models import Member

HOUR = timedelta(hours=1)


def free_at(posting: Message | Digest, reader: Member, at: datetime) -> datetime | None:
    """None when the posting may be pushed at `at`; else the instant from which the hour before has room again.

    Holds the reader's row until the commit, so that two workers cannot both take the last place.
    """
    # FOR NO KEY UPDATE: rows that refer to the member are written meanwhile.
    same = Member.objects.filter(organization_id=reader.organization_id, id=reader.id)
    same.select_for_update(no_key=True).values_list("id").first()
    pushed, places = sorted(_pushed(posting, reader, at - HOUR)), _places(posting)
    if len(pushed) < places:
        return None
    return pushed[len(pushed) - places] + HOUR if places else at + HOUR


def _pushed(posting: Message | Digest, reader: Member, since: datetime) -> Iterator[datetime]:
    """When others were pushed to the same person after `since`."""
    for model in (Message, Digest):
        theirs = model._default_manager.filter(
            organization_id=reader.organization_id, member_id=reader.id, pushed_at__gt=since
        )
        for id, pushed_at in theirs.values_list("id", "pushed_at"):
            if pushed_at is not None and not (isinstance(posting, model) and id == posting.pk):
                yield pushed_at


def _places(posting: Message | Digest) -> int:
    """The last place of an hour is kept for the digest of the rest, and a fifth of them for alarms."""
    most: int = settings.HANDRAIL_PUSHES_PER_HOUR
    if isinstance(posting, Digest):
        return most
    return most - 1 if kind_of(posting.event.verb) is Kind.ALARMS else max(most - 1 - most // 5, 0)
