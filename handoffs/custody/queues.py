"""The queues of open offers, read at a cost that follows the page, not the history."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from tenants.models import Member
from tenants.prepared import fetch_all

if TYPE_CHECKING:
    from handoffs.custody.models import Offer as Offer

# One ordered index scan per team, merged: an ordinary `to_team in (…) order by due_at` reads every open offer of
# the organization first. Null due times sort last in the index, and the cursor follows the same order.
_WAITING = """
SELECT id, handoff_id, due_at FROM (
    SELECT page.id, page.handoff_id, page.due_at
      FROM unnest(%(teams)s::bigint[]) AS team(id)
     CROSS JOIN LATERAL (
        SELECT id, handoff_id, due_at FROM handoffs_offer
         WHERE organization_id = %(organization)s AND to_team_id = team.id AND to_member_id IS NULL
           AND state = 'open' AND giver_id <> %(member)s
           AND (%(after_id)s::bigint IS NULL
                OR (coalesce(due_at, 'infinity'), id) > (%(after_due)s::timestamptz, %(after_id)s::bigint))
         ORDER BY due_at, id LIMIT %(limit)s) AS page
    UNION ALL
    (SELECT id, handoff_id, due_at FROM handoffs_offer
      WHERE organization_id = %(organization)s AND to_member_id = %(member)s AND state = 'open'
        AND (%(after_id)s::bigint IS NULL
             OR (coalesce(due_at, 'infinity'), id) > (%(after_due)s::timestamptz, %(after_id)s::bigint))
      ORDER BY due_at, id LIMIT %(limit)s)
) AS waiting ORDER BY due_at, id LIMIT %(limit)s
"""

_COUNT = """
SELECT count(*) FROM (
    (SELECT 1 FROM handoffs_offer
      WHERE organization_id = %(organization)s AND to_team_id = ANY(%(teams)s::bigint[]) AND to_member_id IS NULL
        AND state = 'open' AND giver_id <> %(member)s LIMIT %(cap)s)
    UNION ALL
    (SELECT 1 FROM handoffs_offer
      WHERE organization_id = %(organization)s AND to_member_id = %(member)s AND state = 'open' LIMIT %(cap)s)
) AS waiting
"""


class OfferQuerySet(models.QuerySet["Offer"]):
    """Reads over offers."""

    def open(self) -> Self:
        return self.filter(state="open")

    def waiting_page(self, member: Member, limit: int = 25, after: tuple[Any, int] | None = None) -> list[int]:
        """Ids of open offers this member may accept, most urgent first; see `waiting_places`."""
        return [offer for offer, _ in self.waiting_places(member, limit, after)]

    def waiting_places(
        self, member: Member, limit: int = 25, after: tuple[Any, int] | None = None
    ) -> list[tuple[int, int]]:
        """(Offer, handoff) by id, for each open offer this member may accept, most urgent first.

        `after` is the (due_at or 'infinity', id) of the last row of the page before.
        """
        after_due, after_id = after or (None, None)
        place = {"limit": limit, "after_due": after_due, "after_id": after_id}
        return [(row[0], row[1]) for row in fetch_all(_WAITING, {**_queue_of(member), **place})]

    def waiting_count(self, member: Member, cap: int = 100) -> int:
        """How many wait for this member, counted up to `cap` so that a flooded queue stays cheap."""
        counted = fetch_all(_COUNT, {**_queue_of(member), "cap": cap})
        return min(int(counted[0][0]), cap)


def _queue_of(member: Member) -> dict[str, Any]:
    """A viewer receives nothing; everyone else what their teams and they themselves are offered."""
    teams = [] if member.role == "viewer" else sorted(member.standing.team_ids)
    return {"organization": member.organization_id, "member": member.id, "teams": teams}
