"""Locks of a change that reaches several handoffs of a case: those in the order of their ids, then the case."""

from collections.abc import Callable, Collection
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from handoffs.flows.places import place_of
from handoffs.models import Case, Handoff
from tenants.models import Member
from tenants.refusals import Conflict

T = TypeVar("T")
Held = dict[int, Handoff]
TRIES = 5


class Appeared(Exception):
    """Under the case's lock there is a live handoff that was not locked before it."""


def family(case: Case) -> Q:
    """The cases of one family, as a condition."""
    root = case.root_id or case.pk
    return Q(pk=root) | Q(root_id=root)


def holding_all(case: Case, do: Callable[[Held], T], *, also: Collection[int] = ()) -> T:
    """What `do` answers with every live handoff of the case's family locked, and those in `also`.

    When another has appeared by the time the case is locked, everything is let go and tried again. Raises Conflict
    case_is_moving when that goes on.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return do(_known(case.organization_id, case, also))
        except Appeared:
            continue
    raise Conflict("This case is changing at this very moment; try again.", code="case_is_moving")


def moving(handoff: Handoff, by: Member, do: Callable[[Held], T]) -> T:
    """What `do` answers, which completes this handoff: with the locks that the step's loops may need, and no others."""
    place = place_of(handoff) if handoff.organization_id == by.organization_id else None
    if place is None or place.step is None:
        return do({})
    if place.case.root_id is None and not place.plan.loops(place.turn.step):
        return do({})
    return holding_all(place.case, do, also=[handoff.pk])


def _known(organization_id: UUID, case: Case, also: Collection[int]) -> Held:
    cases = Case.objects.filter(family(case), organization_id=organization_id)
    mine = Handoff.objects.filter(organization_id=organization_id)
    live = mine.filter(case__in=cases.values("id"), custodian__isnull=False).values_list("id", flat=True)
    return mine.known({*live, *also})
