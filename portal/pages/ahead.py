"""When an offer will probably be taken: by whom it was offered to, and by others who could have it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from handoffs.insight.ahead import Ahead, Looking
from handoffs.insight.figures.forecast import WEEKS, Pool
from handoffs.models import Handoff
from portal.forms.receivers import Receivers, hours_in_words
from portal.pages.base import Page
from portal.pages.handoff import reached
from tenants.models import Role, Team

COMPARED = 12
POOLS = {
    Pool.LANE: "offers from the same team to it",
    Pool.TEAM: "offers from anywhere to it",
    Pool.ORGANIZATION: "offers in the whole organization",
}


class AheadPage(Page):
    """The page; a client is told of the one that waits, not of whoever else there is."""

    template = "handoff/ahead.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Of an open offer from what it has waited, of others as if they were made now."""
        handoff = reached(self.member, reference)
        offer = handoff.open_offer
        others = [] if self.member.role == Role.CLIENT else self._others(handoff, offer.to_team_id if offer else None)
        teams = ([offer.to_team] if offer else []) + others
        looking = Looking(self.member.organization, teams, self.now)
        home = offer.from_team_id if offer else handoff.custodian_team_id
        asked = looking.to(offer.to_team, home, offer.offered_at) if offer else None
        return self.show(
            handoff=handoff,
            asked=self._told(asked) if asked else None,
            others=[self._told(looking.to(team, home)) for team in others],
            weeks=WEEKS,
        )

    def _others(self, handoff: Handoff, besides: int | None) -> list[Team]:
        """Teams that may receive there."""
        if not handoff.is_live:
            return []
        receivers = Receivers(handoff.workspace, leave_out=[handoff.custodian_id])
        found = [receivers.get(key) for _, lines in receivers.choices for key, _ in lines[:1]]
        teams = [team for team, member in filter(None, found) if member is None and team.pk != besides]
        return teams[:COMPARED]

    def _told(self, ahead: Ahead) -> dict[str, Any]:
        """With what it rests on, in words."""
        rests = f"{ahead.told.of} {POOLS[ahead.told.pool]} in {WEEKS} weeks" if ahead.told else ""
        return {"ahead": ahead, "hours": hours_in_words(ahead.team.calendar, self.now), "rests": rests}
