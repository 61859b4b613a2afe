"""The legs of handoffs, made of their rows: each offer, what became of it, and where the time went until the next."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from handoffs.clocks import working_time
from handoffs.clocks.schedule import Schedule
from handoffs.insight.lives import Lives, rows
from handoffs.insight.split import Slice, pieces, stands
from handoffs.kept.models import Leg
from handoffs.lifecycle import OfferState, State, Verb
from handoffs.models import Custody, Event, Handoff, Offer, Question
from tenants.records import records

_WITH = ("template_version", "case__flow_version")
_UNREAD = ("summary", "context", "result")


def legs_of(home: UUID, handoffs: Collection[int], zone: str, until: datetime) -> list[Leg]:
    """All legs of these handoffs as they stand at `until`, not saved; six statements for however many.

    Where the clock that recorded the last change is ahead of ours, they stand as they did then.
    """
    found = records(Handoff, _THESE, {"home": home, "handoffs": list(handoffs)}, *_WITH, leaving=_UNREAD)
    lives = Lives.of(home, handoffs, rows(Custody, home, handoffs), rows(Question, home, handoffs))
    walks = (_Walk(handoff, lives, ZoneInfo(zone), max(until, handoff.changed_at)) for handoff in found)
    return [leg for walk in walks for leg in walk.legs()]


_THESE = "WHERE one.organization_id = %(home)s AND one.id = ANY(%(handoffs)s::bigint[]) ORDER BY one.id"


def week_of(instant: datetime, zone: ZoneInfo) -> date:
    """The Monday of the instant's week there."""
    day = instant.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def position(schedule: Schedule | None, instant: datetime) -> timedelta:
    """How much working time of its year (UTC) has gone by this instant; where no hours are known, all time."""
    year = datetime(instant.astimezone(UTC).year, 1, 1, tzinfo=UTC)
    return working_time.between(schedule, year, instant) if schedule else instant - year


@dataclass(frozen=True)
class _Walk:
    """One handoff and all that is known of it."""

    handoff: Handoff
    lives: Lives
    zone: ZoneInfo
    until: datetime

    def legs(self) -> list[Leg]:
        offers = self._of(self.lives.offers)
        slices = self._slices(offers)
        return [self._leg(offers, index, slices[index]) for index in range(len(offers))]

    def _of(self, by_handoff: "Mapping[int, Sequence[Offer]]") -> Sequence[Offer]:
        return by_handoff.get(self.handoff.pk, ())

    def _slices(self, offers: Sequence[Offer]) -> list[list[Slice]]:
        """The slices that belong to each offer: those that begin with it or after it, before the next."""
        begins = [offer.offered_at for offer in offers]
        found: list[list[Slice]] = [[] for _ in offers]
        for each in pieces(self.lives.history(self.handoff.pk), self.until, self.lives.schedules):
            found[bisect_right(begins, each.starts_at) - 1].append(each)
        return found

    def _leg(self, offers: Sequence[Offer], index: int, slices: Sequence[Slice]) -> Leg:
        offer, handoff = offers[index], self.handoff
        later = offers[index + 1] if index + 1 < len(offers) else None
        version, case = handoff.template_version, handoff.case
        leg = Leg(
            organization_id=handoff.organization_id,
            handoff_id=handoff.pk,
            seq=offer.seq,
            workspace_id=handoff.workspace_id,
            template_id=version.template_id if version else None,
            flow_id=case.flow_version.flow_id if case else None,
            from_team_id=offer.from_team_id,
            to_team_id=offer.to_team_id,
            week=week_of(offer.offered_at, self.zone),
            verb=offer.verb,
            state=offer.state,
            giver_id=offer.giver_id,
            offered_at=offer.offered_at,
            due_at=offer.due_at,
            viewed_at=offer.viewed_at,
            closed_at=offer.closed_at,
            is_back=index > 0 and offer.to_team_id == offers[index - 1].from_team_id,
            kept_seq=handoff.ledger_seq,
        )
        _sum(leg, slices)
        self._hold(leg, offer, later)
        self._time(leg)
        self._judge(leg, offers[:index], later)
        if later is None:
            self._stand(leg)
        return leg

    def _hold(self, leg: Leg, offer: Offer, later: Offer | None) -> None:
        """Who accepted it, when they started and completed it, and when they answered for it no more."""
        held = next((row for row in self.lives.custody.get(self.handoff.pk, ()) if row.offer_id == offer.pk), None)
        if held is None or offer.state != OfferState.ACCEPTED:
            return
        leg.receiver_id = held.holder_id
        leg.left_at = min((at for at in (held.ended_at, later and later.offered_at) if at), default=None)
        for event in self._changes_of(held):
            if event.after == State.STARTED and leg.started_at is None:
                leg.started_at = event.at
            if event.after == State.COMPLETED:
                leg.completed_at = event.at
        leg.started_at = leg.started_at or leg.completed_at

    def _changes_of(self, held: Custody) -> Iterable[Event]:
        """What happened while they held it. What happens at one instant goes to who was meant by it."""
        for event in self.lives.changes.get(self.handoff.pk, ()):
            if event.at < held.started_at or (held.ended_at is not None and event.at > held.ended_at):
                continue
            ends = event.after == State.COMPLETED
            if held.closed if ends else event.by_id == held.holder_id or event.at > held.started_at:
                yield event

    def _time(self, leg: Leg) -> None:
        """Each time that is over by now, in the hours of the team it was offered to."""
        leg.viewed_worked = self._worked(leg, leg.offered_at, leg.viewed_at)
        leg.closed_worked = self._worked(leg, leg.offered_at, leg.closed_at)
        if leg.state == OfferState.ACCEPTED:
            leg.started_worked = self._worked(leg, leg.closed_at, leg.started_at)
            leg.completed_worked = self._worked(leg, leg.closed_at, leg.completed_at)
            leg.left_worked = self._worked(leg, leg.closed_at, leg.left_at)

    def _worked(self, leg: Leg, start: datetime | None, end: datetime | None) -> timedelta | None:
        if start is None or end is None:
            return None
        return working_time.between(self.lives.schedules[leg.to_team_id], start, end)

    def _judge(self, leg: Leg, before: Sequence[Offer], later: Offer | None) -> None:
        """Whether it came back, and whether it was complete and accurate at first sight."""
        handed_back = later is not None and later.verb == Verb.HAND_BACK and leg.state == OfferState.ACCEPTED
        leg.is_returned = leg.state == OfferState.RETURNED or handed_back
        if later is not None and handed_back:
            leg.reason_code = later.reason_code
        elif leg.is_returned:
            leg.reason_code = next(o.reason_code for o in self._of(self.lives.offers) if o.seq == leg.seq)
        until = leg.closed_at or self.until
        asked = [q for q in self.lives.questions.get(self.handoff.pk, ()) if leg.offered_at <= q.asked_at]
        end = later.offered_at if later else None
        leg.questions = sum(1 for question in asked if end is None or question.asked_at < end)
        was_returned = any(offer.state == OfferState.RETURNED for offer in before)
        leg.is_clean = (
            leg.state == OfferState.ACCEPTED
            and not leg.is_returned
            and not was_returned
            and not any(question.asked_at <= until for question in asked)
        )

    def _stand(self, leg: Leg) -> None:
        """What it waits for now, if it still lives: nothing records the time that goes by from here on."""
        found = stands(self.lives.history(self.handoff.pk), self.until)
        if found is None:
            return
        phase, team = found
        leg.stands, leg.stands_team_id, leg.kept_at = phase, team, self.until
        leg.stood_worked = position(self.lives.schedules.get(team or 0), self.until)
        leg.offered_worked = position(self.lives.schedules[leg.to_team_id], leg.offered_at)


def _sum(leg: Leg, slices: Iterable[Slice]) -> None:
    for each in slices:
        inside, outside = f"{each.phase}_inside", f"{each.phase}_outside"
        setattr(leg, inside, getattr(leg, inside) + each.inside)
        setattr(leg, outside, getattr(leg, outside) + each.outside)
