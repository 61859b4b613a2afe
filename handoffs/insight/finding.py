"""Narrowing a list of handoffs down to what somebody looks for: by state, place, people, lateness and words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from handoffs.lifecycle import State
from handoffs.models import Handoff, Offer, Priority, Words, number_from
from handoffs.search.reading import few, sought
from tenants.models import Member


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is not set is not asked. `late_at`: only what is late at this instant."""

    states: frozenset[State] = frozenset()
    workspace: int | None = None
    template: int | None = None
    team: int | None = None
    priority: Priority | None = None
    updated_since: datetime | None = None
    late_at: datetime | None = None
    text: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked at all."""
        return self != Wanted()


@contextmanager
def narrowed(handoffs: QuerySet[Handoff], wanted: Wanted, member: Member) -> Iterator[QuerySet[Handoff]]:
    """Those of these handoffs that are wanted, as this reader may look for them; to be read inside the block.

    `text` is a reference, or words that all begin words of the handoff: of its title, summary, context, result, notes,
    questions, links and documents. A client finds nothing by a word that they may not read.
    """
    found = _plainly(handoffs, wanted)
    number = number_from(wanted.text)
    if not wanted.text.strip():
        yield found
    elif number is not None:
        yield found.filter(number=number)
    else:
        with sought(member, wanted.text) as any_word:
            yield _with_words(found, member) if any_word else found.none()


def waiting_for(member: Member, handoffs: QuerySet[Handoff]) -> QuerySet[Offer]:
    """The open offers of these handoffs that this member may accept; costs what the queue is long."""
    mine = Q(to_member=member)
    if member.role != Member.Role.VIEWER:
        mine |= Q(to_member=None, to_team__in=sorted(member.standing.team_ids)) & ~Q(giver=member)
    queue = Offer.objects.open().filter(mine, organization_id=member.organization_id)
    return queue.filter(handoff__in=handoffs.order_by().values("id"))


def _with_words(handoffs: QuerySet[Handoff], member: Member) -> QuerySet[Handoff]:
    """A list of few is read by key; of what is common the newest ones turn up soon in the order of the list."""
    ids = few(member)
    if ids is not None:
        return handoffs.filter(id__among=ids)
    return handoffs.filter(Exists(Words.objects.filter(organization_id=member.organization_id, handoff=OuterRef("id"))))


def _plainly(handoffs: QuerySet[Handoff], wanted: Wanted) -> QuerySet[Handoff]:
    where = {
        "state__in": sorted(wanted.states),
        "workspace_id": wanted.workspace,
        "template_version__template_id": wanted.template,
        "priority": wanted.priority,
        "changed_at__gte": wanted.updated_since,
    }
    found = handoffs.filter(**{name: value for name, value in where.items() if value})
    if wanted.team:
        found = found.filter(
            Q(open_offer__to_team_id=wanted.team) | Q(open_offer__isnull=True, custodian_team_id=wanted.team)
        )
    return found.overdue(wanted.late_at) if wanted.late_at else found  # type: ignore[attr-defined]
