"""The way into every verb of a case: locks, the case as it stands, and the rulebook."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from handoffs.actions.cases._flowing import Given
from handoffs.actions.cases._held import Held, holding_all
from handoffs.actions.cases._movement import Movement
from handoffs.flows.knowing import Course
from handoffs.flows.locking import locked
from handoffs.flows.rules import judge
from handoffs.models import Case, CaseEvent, CaseVerb
from tenants.models import Member
from tenants.rules import must_be_home

T = TypeVar("T")


def changing(
    case: Case,
    verb: CaseVerb,
    change: Callable[[Course, Movement], T],
    *,
    by: Member,
    at: datetime,
    given: Given | None = None,
    also: Collection[int] = (),
) -> T:
    """What `change` answers, with the whole family of the case locked; `change` judges when it is no repetition."""
    must_be_home(by, case)

    def change_held(held: Held) -> T:
        course = Course.of(locked(by.organization_id, case.pk))
        return change(course, Movement(by=by, at=max(at, course.case.changed_at), given=given, held=held))

    return holding_all(case, change_held, also=also)


def must_be_allowed(course: Course, verb: CaseVerb, by: Member) -> None:
    """Raises Conflict not_in_this_state or Forbidden not_yours."""
    refusal = judge(course.case, verb, by)
    if refusal is not None:
        raise refusal


def was_last(course: Course, verb: CaseVerb, by: Member, **facts: object) -> bool:
    """Whether the last that happened to the case was this member doing just this."""
    last = CaseEvent.objects.filter(organization_id=by.organization_id, case=course.case).order_by("seq").last()
    if last is None or last.verb != verb or last.by_id != by.pk:
        return False
    return all(last.facts.get(name) == value for name, value in facts.items())
