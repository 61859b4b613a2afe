"""Recompute: hours have changed, so what is promised in them is laid out anew, on the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from handoffs.actions._transfer import hours_of
from handoffs.clocks.laying_out import laid_out
from handoffs.clocks.running import schedule_of
from handoffs.escalation.models import planned
from handoffs.handoff import Handoff
from handoffs.lifecycle import Verb
from handoffs.models import Clock, ClockKind, Offer
from handoffs.passage import Step, passage
from tenants.models import Calendar, Member

CHANGED = ("calendar", "hours_revision", "due_at", "rung_ats", "next_alarm_at")


@dataclass(frozen=True)
class Moved:
    """A promise whose due instant is another now."""

    clock: Clock
    was: datetime

    def facts(self) -> dict[str, Any]:
        """For the ledger."""
        moved = {"was": self.was.isoformat(), "is": self.clock.due_at.isoformat()}
        return {"clock": self.clock.kind, "calendar": self.clock.calendar.name, **moved}

    def words(self) -> str:
        """For people, in the zone of the hours."""
        zone = self.clock.calendar.zone
        now, then = (f"{at.astimezone(ZoneInfo(zone)):%-d %B %Y %H:%M}" for at in (self.clock.due_at, self.was))
        return f"{self.clock.get_kind_display()}: until {now} instead of {then} ({zone})."


def recompute(handoff: Handoff, *, by: Member, at: datetime, why: str, former: int | None = None) -> Handoff:
    """Lays out the running clocks of a handoff whose calendars have changed since, and records old and new due time.

    `former` is a calendar whose clocks move to the hours that now apply to their receiver: a team or a member works by
    other hours. What fired stays fired; a rung whose new instant is past fires with the next sweep, due at that
    instant. Clocks that stopped are left as they were. Twice is once.
    """
    with passage(handoff, Verb.RECOMPUTE, by=by, at=at) as step:
        moved = [found for clock in _stale(step, former) if (found := _laid_out_anew(step, clock, former))]
        if step.is_repeat(not moved):
            return step.handoff
        words = " ".join(found.words() for found in moved)
        step.record(why=why, moved=words, clocks=[found.facts() for found in moved])
    return step.handoff


def _stale(step: Step, former: int | None) -> Iterable[Clock]:
    running = Clock.objects.filter(
        organization_id=step.handoff.organization_id, handoff_id=step.handoff.id, stopped_at=None
    )
    out_of_date = ~Q(hours_revision=F("calendar__revision"))
    return running.filter(out_of_date | Q(calendar_id=former) if former else out_of_date).select_related(
        "calendar", "ladder"
    )


def _laid_out_anew(step: Step, clock: Clock, former: int | None) -> Moved | None:
    """Writes the clock, and what the handoff and the offer say of it; None when its due instant stays."""
    was = clock.due_at
    if clock.calendar_id == former:
        clock.calendar = _rightful(step.handoff, clock)
    schedule, calendar = schedule_of(clock.calendar), clock.calendar

    def instant(working: timedelta) -> datetime:
        return laid_out(schedule, clock.started_at, clock.pauses, working)

    clock.hours_revision, clock.due_at = calendar.revision, instant(clock.target)
    if clock.ladder is not None:
        rungs = planned(clock.ladder).rungs[clock.rungs_fired :]
        clock.rung_ats = [*clock.rung_ats[: clock.rungs_fired], *(instant(rung.after(clock.target)) for rung in rungs)]
    if clock.paused_at is None:
        clock.next_alarm_at = next(iter(clock.rung_ats[clock.rungs_fired :]), None)
    clock.save(update_fields=CHANGED)
    if clock.due_at == was:
        return None
    if clock.kind == ClockKind.COMPLETE:
        step.change(complete_due_at=clock.due_at)
    elif clock.kind == ClockKind.ACCEPT:
        Offer.objects.filter(organization_id=clock.organization_id, id=clock.offer_id or 0).update(due_at=clock.due_at)
    return Moved(clock, was)


def _rightful(handoff: Handoff, clock: Clock) -> Calendar:
    """The hours in which the receiver of this promise works now."""
    offer = handoff.open_offer
    if clock.kind == ClockKind.ACCEPT and offer is not None:
        return hours_of(offer.to_member, offer.to_team.calendar)
    if clock.kind in (ClockKind.START, ClockKind.COMPLETE) and handoff.custodian_team is not None:
        return hours_of(handoff.custodian, handoff.custodian_team.calendar)
    return clock.calendar
