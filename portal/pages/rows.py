"""A handoff as one row of a list: who has the ball, where it stands, how much time is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from handoffs.clocks.running import schedule_of
from handoffs.faces import show_faces
from handoffs.lifecycle import State
from handoffs.models import Handoff, Offer
from portal.pages.clocks import working_left
from portal.templatetags.times import briefly, left
from tenants.models import Calendar, Team
from tenants.records import by_ids


@dataclass(frozen=True)
class Row:
    """One row of components/rows.html."""

    reference: str
    url: str
    title: str
    who: str
    note: str
    state: str
    word: str
    time: SafeString | str


def page_of(handoffs: QuerySet[Handoff], limit: int) -> list[Handoff]:
    """The first `limit` with what a row shows.

    Ids in the order of the index first: with all the columns the planner would leave it.
    """
    ids = ids_of(handoffs, limit)
    known = show_faces(Handoff.objects.filter(id__in=ids))
    found = {row.pk: row for row in known}
    return [found[id] for id in ids if id in found]


def ids_of(handoffs: QuerySet[Handoff], cap: int) -> list[int]:
    """The first ids, up to `cap`."""
    return list(handoffs.values_list("id", flat=True)[:cap])


class Rows:
    """Makes rows at one instant; reads the calendars of all the teams in them at once."""

    def __init__(self, now: datetime, handoffs: Iterable[Handoff]) -> None:
        self.now = now
        known = list(handoffs)
        teams = [handoff.open_offer.to_team for handoff in known if handoff.open_offer]
        teams += [handoff.custodian_team for handoff in known if handoff.custodian_team]
        home = {team.organization_id for team in teams}
        calendars = by_ids(Calendar, home.pop(), {team.calendar_id for team in teams}) if home else {}
        self._hours = {id: schedule_of(calendar) for id, calendar in calendars.items()}
        self._address = reverse("handoff", args=["HO-0"])

    def waiting(self, handoff: Handoff) -> Row:
        """A handoff whose offer the reader may accept: from whom, and how long they have."""
        offer = handoff.open_offer
        assert offer is not None
        return self._row(
            handoff,
            who=offer.giver.name,
            note=offer.from_team.name if offer.from_team else "",
            state="late" if self._is_late(offer.due_at) else "waiting_for_you",
            time=self._until(offer.due_at, offer.to_team) or briefly(offer.offered_at),
        )

    def held(self, handoff: Handoff) -> Row:
        """A handoff the reader answers for: whom it came from, or who is asked to take it."""
        if handoff.open_offer is not None:
            return self._offered(handoff, handoff.open_offer)
        return self._standing(handoff, handoff.sender.name, handoff.workspace.name)

    def sent(self, handoff: Handoff) -> Row:
        """A handoff the reader sent: who has the ball now."""
        if handoff.open_offer is not None:
            return self._offered(handoff, handoff.open_offer)
        return self.any(handoff)

    def any(self, handoff: Handoff) -> Row:
        """A handoff as anybody sees it: who is asked to take it first, else who answers for it."""
        if handoff.open_offer is not None and handoff.status is State.OFFERED:
            return self._offered(handoff, handoff.open_offer)
        team = handoff.custodian_team
        holder = handoff.custodian or handoff.sender
        return self._standing(handoff, holder.name, team.name if team else handoff.workspace.name)

    def _offered(self, handoff: Handoff, offer: Offer) -> Row:
        seen = "Seen" if offer.viewed_at else "Delivered" if offer.delivered_at else "Not seen yet"
        return self._row(
            handoff,
            who=offer.receiver_name,
            note=seen,
            state="late" if self._is_late(offer.due_at) else "offered",
            time=self._until(offer.due_at, offer.to_team) or briefly(offer.offered_at),
        )

    def _standing(self, handoff: Handoff, who: str, note: str) -> Row:
        if handoff.status is State.ON_HOLD:
            return self._row(handoff, who=who, note=note, state="on_hold", time=briefly(handoff.held_until))
        due = handoff.complete_due_at
        time = self._until(due, handoff.custodian_team) or briefly(handoff.changed_at)
        state = "late" if self._is_late(due) else handoff.state
        return self._row(handoff, who=who, note=note, state=state, time=time)

    def _is_late(self, due: datetime | None) -> bool:
        return due is not None and due < self.now

    def _until(self, due: datetime | None, team: Team | None) -> SafeString | str:
        """Working time left, counted as the team's calendar does; the due instant where no calendar is known."""
        if due is None:
            return ""
        hours = self._hours.get(team.calendar_id) if team else None
        return left(working_left(hours, due, self.now)) if hours else briefly(due)

    def _row(self, handoff: Handoff, *, who: str, note: str, state: str, time: SafeString | str) -> Row:
        address = self._address.replace("HO-0", handoff.reference)
        return Row(handoff.reference, address, handoff.title, who, note, state, "", time)
