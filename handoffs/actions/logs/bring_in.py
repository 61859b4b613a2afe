"""Bring a log in: an organization of its own, in which each case is a handoff, seen by nobody before it is whole."""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count, groupby
from uuid import UUID

from django.db.models import Min
from django.utils.text import slugify

from handoffs.actions.logs._known import must_stand_in, reached
from handoffs.actions.logs.discard_log import forget
from handoffs.actions.replay import Cast, Stopped, Words, enrol, read_batch
from handoffs.handoff import Counter
from handoffs.logs.models import LogStage
from handoffs.logs.summary import next_cases, summary
from handoffs.logs.xes import Case, LogEvent
from handoffs.models import EventLog, Handoff, LogRow
from handoffs.queue import BRING_IN_LOG, enqueue
from handoffs.refusals import Invalid
from tenants.actions import found, invite, join
from tenants.arrival import organization_at
from tenants.models import Member, Organization, Role, User
from tenants.refusals import Conflict
from tenants.scope import scope

BATCH = 10  # cases of one transaction
SECONDS = 15.0  # of one task: others want the worker too
NOBODY = "nobody@imported.invalid"  # owns it until it is whole
SLUG_LIMIT = 40


def bring_in(
    log: EventLog,
    *,
    name: str,
    by: Member,
    at: datetime,
    queued: Sequence[str] = (),
    done: Sequence[str] = (),
    leave_out: bool = False,
) -> EventLog:
    """Founds the organization and begins; `queued` and `done` are activities that mean those two things.

    With rows that were not understood, `leave_out` leaves out every case that has one: never a part of a case.
    Raises Forbidden not_an_admin, Conflict log_is_past_that, log_has_bad_rows, Invalid nothing_to_bring, name_missing.
    """
    log = reached(log, by)
    must_stand_in(log, (LogStage.READ,))
    if not name.strip():
        raise Invalid("Give the new organization a name.", code="name_missing", details={"field": "name"})
    if log.bad and not leave_out:
        sentence = "Some rows were not understood. Choose the columns anew, mend the file, or leave those cases out."
        raise Conflict(sentence, code="log_has_bad_rows", details={"field": "leave_out"})
    _leave_out_bad(log)
    log.summary = dict(summary(log)) | {"bad": log.summary["bad"], "bad_cases": log.summary["bad_cases"]}
    if not log.summary["cases"]:
        raise Invalid("No case is left that could be brought in.", code="nothing_to_bring")
    organization = _found(name.strip(), by.organization.zone, at)
    with scope(organization):
        log.first_number = Counter.take(organization.pk, log.summary["cases"])
    log.into, log.into_slug = organization.pk, organization.slug
    log.queued, log.done, log.stage, log.moved_at = list(queued), list(done), LogStage.BRINGING, at
    log.save()
    enqueue(BRING_IN_LOG, log.organization_id, log.id)
    return log


def _leave_out_bad(log: EventLog) -> None:
    rows = LogRow.objects.filter(organization_id=log.organization_id, log=log)
    bad = rows.exclude(problem="")
    rows.filter(case__in=bad.exclude(case="").values("case")).delete()
    bad.delete()


def _found(name: str, zone: str, at: datetime) -> Organization:
    owner, _ = User.objects.get_or_create(email=NOBODY, defaults={"name": "Nobody"})
    wanted = slugify(name)[:SLUG_LIMIT] or "imported"
    free = (slug for n in count(1) if organization_at(slug := wanted if n == 1 else f"{wanted}-{n}") is None)
    return found(name=name, slug=next(free), owner=owner, at=at, zone=zone, is_imported=True).organization


def bring_in_more(
    organization_id: UUID, log_id: int, *, at: datetime, seconds: float = SECONDS, size: int = BATCH
) -> bool:
    """Brings more cases in and says whether there are more; queues itself then.

    Each batch is committed there and then noted here. Done twice, or beside another, it finds by their numbers what
    is there already.
    """
    until = time.monotonic() + seconds
    with scope(organization_id):
        log = _being_brought(organization_id, log_id)
        cast = _cast(log) if log else None
    if log is None or cast is None or log.into is None:
        return False
    with scope(log.into):
        system = Member.objects.select_related("organization").system(Organization.objects.get(pk=log.into))
        roster = enrol(cast, by=system, at=log.uploaded_at)
    words = Words(frozenset(log.queued), frozenset(log.done), starts=True)
    while batch := _next(log, size):
        number = log.first_number + log.brought
        there = _number_there(log.into, number, number + len(batch))
        try:
            read_batch(roster, batch[there:], number + there, words)
        except Stopped as stopped:
            _fail(log, str(stopped))
            return False
        if not _note(log, batch, at):
            return False
        if time.monotonic() > until:
            with scope(organization_id):
                enqueue(BRING_IN_LOG, organization_id, log_id)
            return True
    _finish(log, at)
    return False


def _being_brought(organization_id: UUID, log_id: int) -> EventLog | None:
    here = EventLog.objects.filter(organization_id=organization_id, id=log_id, stage=LogStage.BRINGING)
    return here.select_related("uploaded_by__user").select_for_update(of=("self",), skip_locked=True).first()


def _cast(log: EventLog) -> Cast:
    """Everybody in it, as the database counts them."""
    cast = Cast(cases=log.summary["cases"])
    rows = LogRow.objects.filter(organization_id=log.organization_id, log=log)
    for person, team, first in rows.values_list("person", "team").annotate(first=Min("at")).order_by():
        cast.meet_one(person, team, first)
    return cast


def _next(log: EventLog, size: int) -> tuple[Case, ...]:
    """The next cases, each with its events in order of time."""
    with scope(log.organization_id):
        names = next_cases(log.organization_id, log.id, log.last_case, size)
        rows = LogRow.objects.filter(organization_id=log.organization_id, log=log, case__in=names)
        told = rows.order_by("case", "at", "line").values_list("case", "activity", "person", "team", "at")
        ordered = [(case, activity, person, team, at) for case, activity, person, team, at in told if at is not None]
        return tuple(Case(name, {}, tuple(_events(events))) for name, events in groupby(ordered, lambda row: row[0]))


def _events(rows: Iterable[tuple[str, str, str, str, datetime]]) -> Iterable[LogEvent]:
    for index, (_, activity, person, team, at) in enumerate(rows):
        yield LogEvent(activity, "", person or None, team or None, at, index)


def _number_there(into: UUID, first: int, end: int) -> int:
    """How many of these numbers are handoffs already: the first ones, for what is committed is committed in order."""
    with scope(into):
        return Handoff.objects.filter(organization_id=into, number__gte=first, number__lt=end).count()


def _note(log: EventLog, batch: Sequence[Case], at: datetime) -> bool:
    """How far it came; False when somebody else has gone on meanwhile."""
    with scope(log.organization_id):
        same = EventLog.objects.filter(
            organization_id=log.organization_id, id=log.id, stage=LogStage.BRINGING, brought=log.brought
        )
        log.brought, log.last_case, log.moved_at = log.brought + len(batch), batch[-1].id, at
        return bool(same.update(brought=log.brought, last_case=log.last_case, moved_at=at))


def _finish(log: EventLog, at: datetime) -> None:
    """Whoever uploaded it owns it from now on; the rows and the file are not needed any more."""
    user = log.uploaded_by.user
    assert log.into is not None
    with scope(log.into):
        owners = Member.objects.filter(organization_id=log.into, role=Role.OWNER)
        nobody = owners.select_related("organization").get(user__email=NOBODY)
        is_in = owners.filter(user=user).exists()
        key = invite(email=user.email, role=Role.OWNER, by=nobody, at=at)[1] if user and not is_in else ""
    if user and key:
        join(raw_token=key, user=user, at=at)
    with scope(log.organization_id):
        known = _being_brought(log.organization_id, log.id)
        if known is not None:
            known.stage = LogStage.DONE
            forget(known)
            known.file = ""
            known.save(update_fields=["stage", "file"])


def _fail(log: EventLog, sentence: str) -> None:
    with scope(log.organization_id):
        here = EventLog.objects.filter(organization_id=log.organization_id, id=log.id, stage=LogStage.BRINGING)
        here.update(stage=LogStage.FAILED, trouble=sentence[:500])
