"""Who acts in a play, and when: by the shares of the script, in the working time of whoever is to act."""

from datetime import datetime, timedelta

from handoffs.actions._transfer import hours_of
from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.models import Clock, ClockKind, Handoff, Offer
from tenants.models import Calendar, Member

USUAL = timedelta(hours=8)  # of work, where nothing is promised


def taker(handoff: Handoff, offer: Offer, at: datetime) -> Member | None:
    """Who accepts: the person asked, else the first of the team who can take work then."""
    people = Member.objects.select_related("user", "organization", "calendar").working(at)
    here = people.filter(organization_id=handoff.organization_id).exclude(pk=handoff.custodian_id or 0)
    if offer.to_member_id is not None:
        return here.filter(pk=offer.to_member_id).first()
    return here.filter(team_memberships__team=offer.to_team_id).order_by("id").first()


def within(handoff: Handoff, kind: ClockKind, share: float, at: datetime) -> datetime:
    """When that share of what is promised has passed; of eight working hours where nothing is."""
    running = Clock.objects.filter(organization_id=handoff.organization_id, handoff=handoff, kind=kind, stopped_at=None)
    clock = running.select_related("calendar").first()
    if clock is not None:
        return max(at, after(clock.calendar, clock.started_at, clock.target * share))
    return max(at, after(hours(handoff), at, USUAL * share))


def hours(handoff: Handoff) -> Calendar | None:
    """By which whoever answers for it works."""
    team, holder = handoff.custodian_team, handoff.custodian
    return hours_of(holder, team.calendar) if team is not None else holder.calendar if holder is not None else None


def after(calendar: Calendar | None, at: datetime, lasts: timedelta) -> datetime:
    """So much working time later; raw time where nobody ever works."""
    try:
        return working_time.add(schedule_of(calendar), at, lasts) if calendar is not None else at + lasts
    except ValueError:
        return at + lasts


def worked(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    """The working time between two instants."""
    try:
        return working_time.between(schedule_of(calendar), start, end) if calendar is not None else end - start
    except ValueError:
        return end - start
