"""Stop the digests of one person, or the reports, as the link in each of them does."""

from dataclasses import replace
from datetime import datetime

from handoffs.actions.delivery.choose import Choices, choices_of, choose
from handoffs.delivery.kinds import FIXED, Pace, kind_of
from handoffs.delivery.models import Digest, Message


def stop_digests(*, digest: Digest, at: datetime) -> Choices:
    """Whoever holds a digest's link says "not" to its kinds, and to all that they have in digests; alarms stay.

    Of a report it is the reports that stop, and nothing else.

    Notices in the portal come as before. Done again, it changes nothing. Raises Forbidden not_your_choice of somebody
    who has left.
    """
    reader = digest.member
    chosen = choices_of(reader)
    if digest.week is not None:
        return choose(member=reader, choices=replace(chosen, paces={}, weekly=False), by=reader, at=at)
    verbs = Message.objects.filter(organization_id=digest.organization_id, digest=digest).values_list(
        "event__verb", flat=True
    )
    told = {kind_of(verb) for verb in verbs.distinct()}
    stopped = {
        (kind, channel): Pace.NEVER
        for (kind, channel), pace in chosen.paces.items()
        if channel == digest.channel and kind not in FIXED and (kind in told or pace is Pace.DIGEST)
    }
    if not stopped:
        return chosen
    return choose(member=reader, choices=replace(chosen, paces=stopped), by=reader, at=at)
