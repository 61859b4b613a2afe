"""Hours change: the change itself, and what is promised in those hours laid out anew by the worker.

The clocks are left to the worker, since a calendar may have a hundred thousand of them and each takes the lock of its
handoff: whoever saves a calendar does not wait for that. What is to be done is queued in the transaction of the change,
and a calendar's revision tells which clocks are still to come, so that nothing is lost with the queue.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from handoffs.clocks.running import PAUSABLE
from handoffs.models import Clock, ClockKind
from handoffs.queue import enqueue
from tenants.actions import change_hours, update_calendar, update_team
from tenants.models import Calendar, Member, Team

LAY_OUT = "handoffs.jobs.lay_out"
RECOMPUTE = "handoffs.jobs.recompute_due"
SHARE = 50  # handoffs recomputed by one task: well within the time a task may take


def change_calendar(*, calendar: Calendar, by: Member, at: datetime, **given: Any) -> Calendar:
    """Gives a calendar other hours, as `update_calendar` does, and has the promises made in them laid out anew."""
    with transaction.atomic():
        before = Calendar.objects.values_list("revision", flat=True).get(
            organization_id=calendar.organization_id, pk=calendar.pk
        )
        changed = update_calendar(calendar=calendar, by=by, at=at, **given)
        if changed.revision != before:
            enqueue(LAY_OUT, calendar.organization_id, calendar.pk)
    return changed


def change_team(*, team: Team, by: Member, at: datetime, **given: Any) -> Team:
    """Changes a team, as `update_team` does; promises it was given move to its other hours."""
    with transaction.atomic():
        former = Team.objects.select_related("calendar").get(organization_id=team.organization_id, pk=team.pk).calendar
        changed = update_team(team=team, by=by, at=at, **given)
        if changed.calendar_id != former.pk:
            offered = Q(kind=ClockKind.ACCEPT, offer__to_team=team)
            held = Q(kind__in=PAUSABLE, handoff__custodian_team=team)
            why = f"{by.name} gave {changed.name} the hours of “{changed.calendar.name}”."
            _queue(running_in(former).filter(offered | held), former.pk, why)
    return changed


def give_hours(*, member: Member, calendar: Calendar | None, by: Member, at: datetime) -> Member:
    """Gives a member hours of their own or takes them back; what they were promised and hold moves along."""
    with transaction.atomic():
        row = Member.objects.select_related("calendar").get(organization_id=member.organization_id, pk=member.pk)
        changed = change_hours(member=member, calendar=calendar, by=by, at=at)
        if row.calendar_id != (calendar and calendar.pk):
            hours = f"the hours of “{calendar.name}”" if calendar else "the hours of the team"
            why = f"{by.name} gave {member.name} {hours}."
            offered = Q(kind=ClockKind.ACCEPT, offer__to_member=member)
            held = Q(kind__in=PAUSABLE, handoff__custodian=member)
            mine = Clock.objects.filter(organization_id=member.organization_id, stopped_at=None).filter(offered | held)
            for former in set(mine.values_list("calendar_id", flat=True)):
                _queue(mine.filter(calendar_id=former), former, why)
    return changed


def running_in(calendar: Calendar) -> QuerySet[Clock]:
    """The clocks that run, or pause, in these hours."""
    return Clock.objects.filter(organization_id=calendar.organization_id, calendar=calendar, stopped_at=None)


def waiting(calendar: Calendar) -> QuerySet[Clock]:
    """Those that were laid out in former hours and are still to be laid out anew."""
    return running_in(calendar).filter(hours_revision__lt=calendar.revision)


def waiting_count() -> Coalesce:
    """For a list of calendars: how many clocks of each wait."""
    counted = _late().order_by().values("calendar_id").annotate(count=Count("id")).values("count")
    return Coalesce(Subquery(counted), 0)


def _late() -> QuerySet[Clock]:
    return Clock.objects.filter(
        organization_id=OuterRef("organization_id"),
        calendar_id=OuterRef("id"),
        stopped_at=None,
        hours_revision__lt=OuterRef("revision"),
    )


def lay_out(calendar: Calendar) -> None:
    """Queues the handoffs of all clocks that wait, in batches."""
    who = calendar.hours_changed_by
    why = f"{who.name if who else 'Somebody'} changed the hours of “{calendar.name}”."
    _queue(waiting(calendar), None, why)


def behind() -> QuerySet[Calendar]:
    """Calendars some of whose clocks wait; one look into an index for each calendar."""
    return Calendar.objects.filter(Exists(_late()))


def _queue(clocks: QuerySet[Clock], former: int | None, why: str) -> None:
    found = sorted(set(clocks.values_list("organization_id", "handoff_id")))
    for start in range(0, len(found), SHARE):
        batch = found[start : start + SHARE]
        enqueue(RECOMPUTE, batch[0][0], former, why, *(handoff_id for _, handoff_id in batch))
