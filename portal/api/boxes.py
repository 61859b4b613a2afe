"""Which handoffs a list shows: what waits for me, what I hold, what I sent, or all that I may see."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from handoffs.insight.finding import Wanted, narrowed, waiting_for
from handoffs.models import Handoff, Offer
from portal.api import shapes
from portal.api.paging import after_due, after_id, cursor_of, cursor_of_due, newest_first, soonest_first
from portal.api.rows import Read, by_handoff, by_offer
from tenants.access import Permission
from tenants.models import Member, Workspace


class Asked(NamedTuple):
    """One page of what is wanted; nothing wanted means everything."""

    limit: int
    cursor: str | None
    wanted: Wanted


class Page(NamedTuple):
    """The rows of one page, and the cursor of the next."""

    rows: list[shapes.HandoffRow]
    cursor: str | None


def waiting(member: Member, asked: Asked) -> Page:
    """Open offers this member may accept, most urgent first; without filters at the cost of one page."""
    after = after_due("waiting", asked.cursor)
    if asked.wanted.is_narrow:
        here = Handoff.objects.filter(organization_id=member.organization_id)
        with narrowed(here, asked.wanted, member) as handoffs:
            places = soonest_first(waiting_for(member, handoffs), after, asked.limit, "due_at")
        ids = [place.id for place in places]
    else:
        place = (after.at or "infinity", after.id) if after else None
        ids = Offer.objects.waiting_page(member, asked.limit + 1, place)
    found = by_offer(ids[: asked.limit], member.organization)
    if len(ids) <= asked.limit or not found:
        return Page(_visible(found, member), None)
    last, offer = found[-1].id, found[-1].row["open_offer"]
    return Page(_visible(found, member), cursor_of_due("waiting", offer["due_at"] if offer else None, last))


def held(member: Member, asked: Asked) -> Page:
    """What this member answers for, soonest due first."""
    after = after_due("held", asked.cursor)
    with narrowed(Handoff.objects.held_by(member), asked.wanted, member) as mine:
        places = soonest_first(mine, after, asked.limit, "complete_due_at")
    found = by_handoff([place.id for place in places[: asked.limit]], member.organization)
    last = places[asked.limit - 1] if len(places) > asked.limit else None
    return Page([read.row for read in found], cursor_of_due("held", last.at, last.id) if last else None)


def sent(member: Member, asked: Asked) -> Page:
    """What this member sent first and is not closed yet, newest first."""
    found, cursor = _by_id("sent", Handoff.objects.sent_by(member), member, asked)
    return Page(_visible(found, member), cursor)


def reachable(member: Member, asked: Asked) -> Page:
    """Everything this member may see, newest first."""
    found, cursor = _by_id("all", Handoff.objects.reachable_by(member), member, asked)
    return Page([read.row for read in found], cursor)


BOXES: Mapping[str, Callable[[Member, Asked], Page]] = {"waiting": waiting, "held": held, "sent": sent}


def _by_id(order: str, handoffs: QuerySet[Handoff], member: Member, asked: Asked) -> tuple[list[Read], str | None]:
    with narrowed(handoffs, asked.wanted, member) as mine:
        ids = newest_first(mine, after_id(order, asked.cursor), asked.limit)
    found = by_handoff(ids[: asked.limit], member.organization)
    return found, cursor_of(order, ids[asked.limit - 1]) if len(ids) > asked.limit else None


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
