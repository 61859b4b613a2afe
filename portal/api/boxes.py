"""Which handoffs a list shows: what waits for me, what I hold, what I sent, or all that I may see."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from handoffs.lifecycle import OfferState, State
from handoffs.models import Handoff, Offer, Priority, number_from
from portal.api import shapes
from portal.api.paging import after_due, after_id, cursor_of, cursor_of_due, newest_first, soonest_first
from portal.api.rows import Read, by_handoff, by_offer
from tenants.access import Permission
from tenants.models import Member, Workspace


class Wanted(NamedTuple):
    """What a list was asked for; nothing set means everything."""

    limit: int
    cursor: str | None
    state: frozenset[State]
    workspace: int | None
    template: int | None
    priority: Priority | None
    updated_since: datetime | None
    q: str

    @property
    def is_narrowed(self) -> bool:
        return any(self[2:])


class Page(NamedTuple):
    """The rows of one page, and the cursor of the next."""

    rows: list[shapes.HandoffRow]
    cursor: str | None


def waiting(member: Member, wanted: Wanted) -> Page:
    """Open offers this member may accept, most urgent first; without filters at the cost of one page."""
    after = after_due("waiting", wanted.cursor)
    if wanted.is_narrowed:
        places = soonest_first(_waiting_narrowed(member, wanted), after, wanted.limit, "due_at")
        ids = [place.id for place in places]
    else:
        place = (after.at or "infinity", after.id) if after else None
        ids = Offer.objects.waiting_page(member, wanted.limit + 1, place)
    found = by_offer(ids[: wanted.limit], member.organization)
    if len(ids) <= wanted.limit or not found:
        return Page(_visible(found, member), None)
    last, offer = found[-1].id, found[-1].row["open_offer"]
    return Page(_visible(found, member), cursor_of_due("waiting", offer["due_at"] if offer else None, last))


def held(member: Member, wanted: Wanted) -> Page:
    """What this member answers for, soonest due first."""
    after = after_due("held", wanted.cursor)
    mine = _narrowed(Handoff.objects.held_by(member), wanted)
    places = soonest_first(mine, after, wanted.limit, "complete_due_at")
    found = by_handoff([place.id for place in places[: wanted.limit]], member.organization)
    last = places[wanted.limit - 1] if len(places) > wanted.limit else None
    return Page([read.row for read in found], cursor_of_due("held", last.at, last.id) if last else None)


def sent(member: Member, wanted: Wanted) -> Page:
    """What this member sent first and is not closed yet, newest first."""
    found, cursor = _by_id("sent", Handoff.objects.sent_by(member), member, wanted)
    return Page(_visible(found, member), cursor)


def reachable(member: Member, wanted: Wanted) -> Page:
    """Everything this member may see, newest first."""
    found, cursor = _by_id("all", Handoff.objects.reachable_by(member), member, wanted)
    return Page([read.row for read in found], cursor)


BOXES: Mapping[str, Callable[[Member, Wanted], Page]] = {"waiting": waiting, "held": held, "sent": sent}


def _by_id(order: str, handoffs: QuerySet[Handoff], member: Member, wanted: Wanted) -> tuple[list[Read], str | None]:
    ids = newest_first(_narrowed(handoffs, wanted), after_id(order, wanted.cursor), wanted.limit)
    found = by_handoff(ids[: wanted.limit], member.organization)
    return found, cursor_of(order, ids[wanted.limit - 1]) if len(ids) > wanted.limit else None


def _visible(found: list[Read], member: Member) -> list[shapes.HandoffRow]:
    """Without what the member lost sight of since they sent it or it was offered to them."""
    doubtful = {read.handoff_id for read in found if not _plainly_visible(read, member)}
    if doubtful:
        seen = Handoff.objects.reachable_by(member).filter(id__in=doubtful)
        doubtful -= set(seen.values_list("id", flat=True))
    return [read.row for read in found if read.handoff_id not in doubtful]


def _plainly_visible(read: Read, member: Member) -> bool:
    """By a grant on the workspace, which the standing knows; for clients the workspace's kind counts as well."""
    workspace = read.row["workspace"]["id"]
    permits = member.standing.permits
    return member.role != Member.Role.CLIENT and permits(Permission.VIEW, workspace, Workspace.Kind.INTERNAL)


def _waiting_narrowed(member: Member, wanted: Wanted) -> QuerySet[Offer]:
    """The queue as an ordinary query: costs what the queue is long."""
    mine = Q(to_member=member)
    if member.role != Member.Role.VIEWER:
        mine |= Q(to_member=None, to_team__in=sorted(member.standing.team_ids)) & ~Q(giver=member)
    queue = Offer.objects.filter(mine, organization_id=member.organization_id, state=OfferState.OPEN)
    handoffs = _narrowed(Handoff.objects.filter(organization_id=member.organization_id), wanted)
    return queue.filter(handoff__in=handoffs.values("id"))


def _narrowed(handoffs: QuerySet[Handoff], wanted: Wanted) -> QuerySet[Handoff]:
    """The handoffs that pass every filter given."""
    where: dict[str, Any] = {
        "state__in": sorted(wanted.state),
        "workspace_id": wanted.workspace,
        "template_version__template_id": wanted.template,
        "priority": wanted.priority,
        "changed_at__gte": wanted.updated_since,
    }
    narrowed = handoffs.filter(**{name: value for name, value in where.items() if value})
    if not wanted.q:
        return narrowed
    number = number_from(wanted.q)
    return narrowed.filter(number=number) if number is not None else narrowed.filter(title__startswith=wanted.q)
