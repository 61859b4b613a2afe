"""Run again: a task that was given up goes back into the queue."""

from datetime import datetime

from django.db import connection
from django_q.models import Task

from handoffs.failures import WORDS, Failure, failure
from handoffs.queue import enqueue
from tenants.models import Member
from tenants.refusals import Conflict, Missing
from tenants.rules import must_run_the_organization


def run_again(*, task: str, by: Member, at: datetime) -> Failure:
    """Queues the task with this id anew and forgets its failures; returns what it was.

    Raises Forbidden not_an_admin, Missing when this organization has no such failed task (any more), and Conflict
    still_tried while it is tried again by itself.
    """
    must_run_the_organization(by)
    found = failure(by.organization_id, task)
    if found is None or found.job not in WORDS:
        raise Missing("There is no such failed task here; somebody may have run it again already.")
    if not found.is_over:
        raise Conflict("This is still being tried again by itself; wait a little.", code="still_tried")
    # Two people who press the button at once queue it once.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_q_task WHERE id = %s AND NOT success", [task])
        if not cursor.rowcount:
            raise Missing("There is no such failed task here; somebody may have run it again already.")
    _forget_the_same(found, by)
    enqueue(found.job, by.organization_id, *found.args[1:])
    return found


def _forget_the_same(found: Failure, by: Member) -> None:
    """Earlier failures of the same subject: whatever comes of this attempt, they are history."""
    same = Task.objects.filter(success=False, group=str(by.organization_id), func=found.job)
    for row in same.order_by("-stopped")[:200]:
        if tuple(row.args or ()) == found.args:
            row.delete()
