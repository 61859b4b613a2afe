"""The figures of a replay, counted from what the tables hold afterwards."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from uuid import UUID

from django.db import connection

_COUNT = """
SELECT count(*),
       count(*) FILTER (WHERE state = 'accepted'),
       count(*) FILTER (WHERE state = 'returned'),
       count(*) FILTER (WHERE state = 'withdrawn'),
       count(*) FILTER (WHERE state = 'superseded'),
       count(*) FILTER (WHERE state = 'open'),
       (SELECT count(*) FROM handoffs_handoff
         WHERE organization_id = %(organization)s AND id = ANY(%(ids)s) AND state = 'completed'),
       (SELECT count(*) FROM handoffs_event
         WHERE organization_id = %(organization)s AND handoff_id = ANY(%(ids)s) AND verb = 'reopen'),
       (SELECT count(*) FROM handoffs_custody AS later
          JOIN handoffs_custody AS former ON former.organization_id = later.organization_id
           AND former.handoff_id = later.handoff_id AND former.seq = later.seq - 1
         WHERE later.organization_id = %(organization)s AND later.handoff_id = ANY(%(ids)s)
           AND later.verb = 'accept' AND later.holder_id <> former.holder_id)
  FROM handoffs_offer
 WHERE organization_id = %(organization)s AND handoff_id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Figures:
    """What a replay came to; `custody_transfers` are changes of custodian by acceptance."""

    cases: int = 0
    events: int = 0
    offers: int = 0
    accepted: int = 0
    returned: int = 0
    withdrawn: int = 0
    superseded: int = 0
    open: int = 0
    completed: int = 0
    reopened: int = 0
    custody_transfers: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def counted(organization_id: UUID, handoff_ids: Sequence[int], *, cases: int, events: int) -> Figures:
    """The figures of these handoffs, which `cases` with `events` of a log became."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"organization": organization_id, "ids": list(handoff_ids)})
        return Figures(cases, events, *cursor.fetchone())
