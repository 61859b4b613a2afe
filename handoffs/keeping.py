"""Keeps what insight reads in step with the ledger, behind everybody's back: a transition pays nothing for it.

Each handoff's legs say from how many of its events they were made, so that what is behind is found by its own rows,
whatever was lost: a worker that was away, a queue that was emptied, a log that was replayed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from handoffs.insight.legs import legs_of
from handoffs.kept.writing import Touched, count_weeks, replace_legs
from handoffs.models import Event, Handoff, Leg
from handoffs.queue import enqueue_all, shares
from tenants.models import Organization

KEEP = "handoffs.jobs.keep_figures"
SHARE = 200  # handoffs by one task
MOST = 5_000  # by one look
LONGEST = timedelta(minutes=10)  # that a transaction may last whose events come to light with its end


def pick_up(since: datetime | None, at: datetime) -> bool:
    """Queues what is behind; `since` is when this process last looked, None has it look at everything.

    Call it inside `everyone()`. Returns False when there is more than is queued at once.
    """
    found: defaultdict[UUID, list[int]] = defaultdict(list)
    count = 0
    for organization_id, id in behind(since).values_list("organization_id", "id")[:MOST]:
        found[organization_id].append(id)
        count += 1
    enqueue_all(KEEP, [(str(home), *ids) for home, *ids in shares(found, SHARE)])
    return count < MOST


def behind(since: datetime | None, organization_id: UUID | None = None) -> QuerySet[Handoff]:
    """Handoffs of which more is recorded than their legs were made from."""
    kept = Leg.objects.filter(organization_id=OuterRef("organization_id"), handoff_id=OuterRef("id"))
    offered = Handoff.objects.filter(
        ~Exists(kept.filter(kept_seq=OuterRef("ledger_seq"))), first_offered_at__isnull=False
    )
    if organization_id is not None:
        offered = offered.filter(organization_id=organization_id)
    if since is None:
        return offered
    changed = Event.objects.filter(recorded_at__gte=since - LONGEST)
    return offered.filter(id__in=changed.values("handoff_id"))


def keep(organization_id: UUID, handoffs: Collection[int], at: datetime) -> Touched:
    """Brings the figures of those that are behind in step, inside its scope; the weeks and teams it touched.

    One at a time in an organization, for two would count the same week.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"figures of {organization_id}"])
    left = list(behind(None, organization_id).filter(id__in=handoffs).values_list("id", flat=True))
    touched = _legs(organization_id, left, at)
    count_weeks(organization_id, touched)
    return touched


def _legs(organization_id: UUID, handoffs: Collection[int], at: datetime) -> Touched:
    zone = Organization.objects.values_list("zone", flat=True).get(pk=organization_id)
    return replace_legs(organization_id, handoffs, legs_of(organization_id, handoffs, zone, at))


def catch_up(organization_id: UUID, at: datetime) -> Iterator[int]:
    """Brings everything of an organization in step, inside its scope; says after each share how many it were."""
    while ids := list(behind(None, organization_id).order_by("id").values_list("id", flat=True)[:SHARE]):
        keep(organization_id, ids, at)
        yield len(ids)
