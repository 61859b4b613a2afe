"""Choose what the columns of a log mean: it is read by that, in parts, and nothing comes of it yet."""

from datetime import datetime

from handoffs.actions.logs._known import must_stand_in, reached
from handoffs.logs.columns import MEANINGS, NEEDED, Columns
from handoffs.logs.models import LogStage
from handoffs.logs.written import WRITTEN
from handoffs.models import EventLog, LogRow
from handoffs.queue import READ_LOG, enqueue
from handoffs.refusals import Invalid
from tenants.models import Member
from tenants.zones import known_zones

CHOOSING = (LogStage.COLUMNS, LogStage.READING, LogStage.READ, LogStage.FAILED)


def choose_columns(log: EventLog, *, columns: Columns, by: Member, at: datetime) -> EventLog:
    """Puts the log into reading, from its beginning; what was read by other columns is forgotten.

    Raises Forbidden not_an_admin, Conflict log_is_past_that, Invalid same_column_twice, unknown_zone, unknown_way.
    """
    log = reached(log, by)
    must_stand_in(log, CHOOSING)
    _check(columns)
    LogRow.objects.filter(organization_id=log.organization_id, log=log).delete()
    log.columns, log.stage, log.moved_at = columns.kept, LogStage.READING, at
    log.position = log.line = log.bad = 0
    log.summary, log.trouble = {}, ""
    log.save()
    enqueue(READ_LOG, log.organization_id, log.id)
    return log


def _check(columns: Columns) -> None:
    chosen: dict[int, str] = {}
    for meaning in MEANINGS:
        place = getattr(columns, meaning)
        if place is None and meaning not in NEEDED:
            continue
        if place in chosen:
            sentence = f"One column cannot be both {MEANINGS[chosen[place]].lower()} and {MEANINGS[meaning].lower()}."
            raise Invalid(sentence, code="same_column_twice", details={"field": meaning})
        chosen[place] = meaning
    if columns.zone not in known_zones():
        raise Invalid("There is no such time zone.", code="unknown_zone", details={"field": "zone"})
    if columns.written not in WRITTEN:
        raise Invalid("Times are not written like that.", code="unknown_way", details={"field": "written"})
