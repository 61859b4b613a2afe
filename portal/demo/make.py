"""Making the demo: the firm, its stories, and silence about the past."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django_q.models import OrmQ

from handoffs import keeping
from handoffs.actions.templates import prove_due
from handoffs.models import Message, Notice
from portal.demo.cases import Cases
from portal.demo.firm import Firm, settle
from portal.demo.people import SLUG
from portal.demo.stories import STORIES
from portal.demo.walk import Walk
from tenants.actions import add_absence
from tenants.arrival import organization_at
from tenants.models import Organization
from tenants.scope import scope

logger = logging.getLogger(__name__)

FOUNDED_BEFORE = timedelta(days=45)
READ_AFTER = timedelta(hours=20)  # older notices have been read by now


def steps() -> int:
    """How many steps all stories have."""
    return sum(len(story.steps) for story in STORIES)


def make(now: datetime, progress: Callable[[int], object] = lambda done: None) -> Organization:
    """Makes the demo organization with its last four weeks, wholly or not at all.

    One that is there already is left as it is. `progress(1)` is called after each step.
    """
    present = organization_at(SLUG)
    if present is not None:
        return present
    with transaction.atomic():
        firm = settle(now - FOUNDED_BEFORE)
        with scope(firm.organization):
            walk = Walk(firm, STORIES, now=now)
            walk.go(progress)
            Cases(firm, now).go()
            walk.raise_alarms(until=now)
            _go_on_holiday(firm, now)
            for refused in walk.refused:
                logger.warning("A step of the demo was refused. %s", refused)
            _let_the_past_rest(firm, now)
            for _ in keeping.catch_up(firm.organization.id, now):
                pass
            prove_due(firm.organization.id, now)
    return firm.organization


def _go_on_holiday(firm: Firm, now: datetime) -> None:
    """Luis is away from the day after tomorrow on; Grace stands in."""
    luis, start = firm.people["luis"], now + timedelta(days=2)
    add_absence(
        member=luis,
        starts_at=start,
        ends_at=start + timedelta(days=14),
        substitute=firm.people["grace"],
        words="Two weeks in Oaxaca, back with stories",
        by=luis,
        at=now,
    )


def _let_the_past_rest(firm: Firm, now: datetime) -> None:
    """People have their notices, the older ones read; but no mail goes out for what happened before today's start.

    The mails are still waiting and the tasks that would send them still in the queue, all in this very transaction:
    nobody has seen either.
    """
    here = {"organization": firm.organization}
    Notice.objects.filter(**here, created_at__lt=now - READ_AFTER).update(read_at=F("created_at") + timedelta(hours=2))
    Message.objects.filter(**here).delete()
    mine = str(firm.organization.id)
    OrmQ.objects.filter(pk__in=[queued.pk for queued in OrmQ.objects.all() if mine in queued.task["args"]]).delete()
