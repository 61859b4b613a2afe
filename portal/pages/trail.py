"""How a handoff came to where it is: who answered for it, from whom to whom it goes, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from handoffs.changes import Since, since_given_back
from handoffs.ledger.sentences import told_together
from handoffs.lifecycle import IN_HAND, OPENS, State, Verb
from handoffs.models import Custody, Event, Handoff, Offer
from handoffs.parts import records_of
from portal.pages.buttons import ICONS
from portal.templatetags.times import in_words
from tenants.models import Member, Role

HISTORY, LEGS = 30, 12
LOOKS_BACK = 300  # events, to see what a receiver had before
EVENT_ICONS: Mapping[str, str] = {
    **{verb.value: icon for verb, icon in ICONS.items()},
    Verb.DRAFT: "pencil-plus",
    Verb.OFFER: "mail-forward",
    Verb.PLAN: "calendar-time",
    Verb.UNPLAN: "calendar-time",
    Verb.VIEW: "eye",
    Verb.ANSWER: "message-reply",
    Verb.TICK: "checkbox",
    Verb.ESCALATE: "alarm",
    Verb.RECOMPUTE: "calendar-time",
    Verb.NOTE: "message-2",
}


@dataclass(frozen=True)
class Leg:
    """One interval of the path so far."""

    holder: str
    team: str
    started_at: datetime
    ended_at: datetime | None
    lasted: timedelta


@dataclass(frozen=True)
class Relay:
    """From whom to whom, and who has it now."""

    giver: str
    giver_note: str
    receiver: str
    receiver_note: str
    holder: str


class Trail:
    """The way of one handoff so far, as one member may see it."""

    def __init__(self, handoff: Handoff, member: Member, now: datetime, *, whole: bool = False) -> None:
        self.handoff = handoff
        self.member = member
        self.now = now
        self.whole = whole

    @cached_property
    def custody(self) -> list[Custody]:
        """Its rows, first to last."""
        return records_of(self.handoff, Custody, "seq", "holder", "team")

    @cached_property
    def legs(self) -> list[Leg]:
        """Who answered for it, from the first to the present holder."""
        return [
            Leg(
                row.holder.name,
                row.team.name if row.team else "",
                row.started_at,
                row.ended_at,
                (row.ended_at or self.now) - row.started_at,
            )
            for row in self.custody
        ]

    @property
    def last_legs(self) -> list[Leg]:
        """As many as one can take in."""
        return self.legs if self.whole else self.legs[-LEGS:]

    @property
    def earlier_legs(self) -> int:
        """How many went before those."""
        return len(self.legs) - len(self.last_legs)

    @property
    def held_since(self) -> datetime | None:
        """Since when the present holder answers for it."""
        return self.legs[-1].started_at if self.handoff.is_live else None

    @cached_property
    def last_offer(self) -> Offer | None:
        """The newest offer, with whoever closed it."""
        newest = records_of(self.handoff, Offer, "seq DESC LIMIT 1", "closed_by", "to_team", "to_member")
        return newest[0] if newest else None

    def relay(self, receiver_note: str) -> Relay:
        """The transfer under way, with this note on its receiver; else the last one, else the one to come."""
        handoff, offer, legs = self.handoff, self.handoff.open_offer, self.legs
        if offer is not None:
            team = offer.from_team.name if offer.from_team else ""
            return Relay(offer.giver.name, team, offer.receiver_name, receiver_note, "giver")
        if handoff.status is State.RETURNED and self.last_offer:
            return Relay(legs[-1].holder, legs[-1].team, self.last_offer.receiver_name, "Returned it", "giver")
        if len(legs) > 1:
            holder = "receiver" if handoff.is_live else ""
            return Relay(legs[-2].holder, legs[-2].team, legs[-1].holder, legs[-1].team, holder)
        version = handoff.template_version
        target = version.target_team.name if version and version.target_team else "Nobody yet"
        return Relay(handoff.sender.name, legs[0].team, target, "Not offered", "giver" if handoff.is_live else "")

    def seen(self) -> str:
        """How far the open offer has come to its receiver."""
        offer = self.handoff.open_offer
        if offer is None:
            return ""
        if offer.viewed_at:
            seen = f"Seen by {offer.viewed_by.name}" if offer.viewed_by else "Seen"
            return f"{seen} {in_words(offer.viewed_at, None, self.now)}"
        return f"Delivered {in_words(offer.delivered_at, None, self.now)}" if offer.delivered_at else "Not accepted yet"

    @cached_property
    def _newest(self) -> list[Event]:
        return self._read(None if self.whole else HISTORY + 1)

    def _read(self, most: int | None) -> list[Event]:
        """As many of the newest events as that."""
        where = "NOT one.internal" if self.member.role == Role.CLIENT else "true"
        order = "seq DESC" if most is None else f"seq DESC LIMIT {most}"
        return records_of(self.handoff, Event, order, "by", where=where)

    @cached_property
    def since(self) -> Since | None:
        """What changed since its receiver gave it back, while it is offered to the same team again or in hand there."""
        offered = next((event for event in self._newest if event.verb in OPENS), None)
        if self.handoff.status not in (State.OFFERED, *IN_HAND) or offered is None or offered.before == State.DRAFT:
            return None
        events = self._read(LOOKS_BACK) if self.has_older else self._newest
        return since_given_back(list(reversed(events)))

    @property
    def events(self) -> list[dict[str, Any]]:
        """The newest events in the order they happened."""
        shown = self._newest if self.whole else self._newest[:HISTORY]
        return [
            {"at": event.at, "sentence": said, "icon": EVENT_ICONS.get(event.verb, "point")}
            for event, said in told_together(list(reversed(shown)))
        ]

    @property
    def has_older(self) -> bool:
        """Whether something happened before those."""
        return not self.whole and len(self._newest) > HISTORY
