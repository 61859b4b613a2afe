"""What lies on a member's desk: which handoffs they hold, and which they sent that are not done.

`Handoff.objects.held_by` and `sent_by` say the same as querysets, for lists that go on; every page shows the beginning.
"""

from typing import NamedTuple

from django.db.models import Q, QuerySet

from handoffs.handoff import Handoff
from handoffs.lifecycle import LIVE, State
from tenants.models import Member, Role, Team
from tenants.prepared import fetch_all

MOST = 100  # of each; people count no further

_AWAY = ", ".join(f"'{state}'" for state in sorted(LIVE - {State.DRAFT, State.RETURNED}))
_DESK = f"""
(SELECT 'held', id, row_number() OVER (ORDER BY complete_due_at, id) FROM handoffs_handoff
  WHERE organization_id = %(home)s AND custodian_id = %(member)s ORDER BY complete_due_at, id LIMIT {MOST})
UNION ALL
(SELECT 'sent', id, row_number() OVER (ORDER BY id DESC) FROM handoffs_handoff
  WHERE organization_id = %(home)s AND sender_id = %(member)s AND closed_at IS NULL AND state IN ({_AWAY})
  ORDER BY id DESC LIMIT {MOST})
"""


class Desk(NamedTuple):
    """Ids of handoffs."""

    held: list[int]
    sent: list[int]


def desk_of(member: Member) -> Desk:
    """The first of each: held ones by when they are due (never comes last), sent ones newest first."""
    asked = {"home": member.organization_id, "member": member.pk}
    desk = Desk([], [])
    for what, id, _ in sorted(fetch_all(_DESK, asked), key=lambda row: int(row[2])):
        (desk.held if what == "held" else desk.sent).append(id)
    return desk


def waits_for(handoffs: QuerySet[Handoff], *, clients: bool) -> QuerySet[Handoff]:
    """Those of these that wait for a client to act, or for one of our own: its receiver, else who answers for it."""
    theirs = Q(open_offer__to_team__kind=Team.Kind.CLIENT) | Q(open_offer=None, custodian__role=Role.CLIENT)
    live = handoffs.filter(custodian__isnull=False)
    return live.filter(theirs) if clients else live.exclude(theirs)
