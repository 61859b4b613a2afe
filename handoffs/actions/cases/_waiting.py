"""When a wait is over, and which roles a flow fills itself."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handoffs.actions._transfer import hours_of
from handoffs.actions.cases._receivers import Cast
from handoffs.clocks import working_time
from handoffs.clocks.running import schedule_of
from handoffs.flows.knowing import Course
from handoffs.flows.plan import Plan, Step
from handoffs.flows.versions import pins_of
from handoffs.models import FlowVersion
from tenants.models import Calendar, Member, Team


def wakes_at(course: Course, step: Step, cast: Mapping[str, Cast], at: datetime) -> datetime:
    """When this wait is over; what is not known, or lies behind, is over at once."""
    pause = step.pause
    calendar = _calendar(step, course.plan, cast)
    if pause.lasts is not None:
        try:
            return working_time.add(schedule_of(calendar), at, pause.lasts) if calendar else at + pause.lasts
        except ValueError:  # hours that never open must not hold the case up for ever
            return at + pause.lasts
    values = [v for v in course.flowing_to(step) if f"{v.step}.{v.side}.{v.field}" == pause.until]
    return max(at, _instant(str(values[-1].value), calendar)) if values else at


def fixed(version: FlowVersion, plan: Plan) -> dict[str, Cast]:
    """The roles that the flow fills itself, by what their names meant when it was published."""
    pins = {role: pinned for role, pinned in pins_of(version).by_role.items() if role in plan.roles_by_key}
    here = {"organization_id": version.organization_id}
    ids = {pinned.team_id for pinned in pins.values()}
    teams = Team.objects.select_related("calendar", "backup").filter(**here).in_bulk(ids) if pins else {}
    wanted = {pinned.member_id for pinned in pins.values() if pinned.member_id}
    members = Member.objects.select_related("user", "calendar").filter(**here).in_bulk(wanted) if wanted else {}
    return {
        role: (teams[pinned.team_id], members.get(pinned.member_id) if pinned.member_id else None)
        for role, pinned in pins.items()
        if pinned.team_id is not None
    }


def _calendar(step: Step, plan: Plan, cast: Mapping[str, Cast]) -> Calendar | None:
    """Whose hours count: those of the named role, else of whoever receives next, else of anybody in the case."""
    after = [following.receiver for following, _ in plan.forward(step.key)]
    for role in (step.pause.hours_of, *after, *cast):
        if role in cast:
            team, member = cast[role]
            return hours_of(member, team.calendar)
    return None


def _instant(value: str, calendar: Calendar | None) -> datetime:
    """A date begins when the calendar next opens on it or after it; an instant is itself."""
    try:
        if "T" in value:
            return datetime.fromisoformat(value).astimezone(UTC)
        day = date.fromisoformat(value)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    zone = ZoneInfo(calendar.zone) if calendar else UTC
    begins = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    if calendar is None:
        return begins
    try:
        return working_time.next_opening(schedule_of(calendar), begins)
    except ValueError:  # never opens, or outside of the years that are laid out
        return begins
