"""Upload an event log: the file is kept and looked at; nothing is read of it yet but its first rows."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File

from handoffs.logs.columns import MEANINGS, guess
from handoffs.logs.models import LogKind, LogStage
from handoffs.logs.tables import Sight, sight
from handoffs.logs.xes import BadLog
from handoffs.models import EventLog
from handoffs.queue import READ_LOG, enqueue
from handoffs.refusals import Invalid
from tenants.models import Member
from tenants.rules import must_run_the_organization

NAME_LIMIT = 200


def upload_log(*, file: File[Any], name: str, by: Member, at: datetime) -> EventLog:
    """The log with its columns as they are guessed; those of XES are known, so that it is read at once.

    Raises Forbidden not_an_admin, Invalid log_empty, log_too_large, log_unreadable.
    """
    must_run_the_organization(by)
    _refuse_unfit(file)
    called = "".join(sign for sign in name if sign.isprintable())[-NAME_LIMIT:] or "log"
    log = EventLog(
        organization_id=by.organization_id, name=called, uploaded_by=by, uploaded_at=at, moved_at=at, size=file.size
    )
    log.file.save(called, file, save=False)
    try:
        seen = sight(Path(log.file.path))
    except BadLog as error:
        log.file.delete(save=False)
        raise _unreadable(str(error)) from error
    log.kind, log.size = seen.kind, 0 if seen.is_packed else file.size
    log.columns = _guessed(seen, by.organization.zone)
    is_known = seen.kind == LogKind.XES
    log.stage = LogStage.READING if is_known else LogStage.COLUMNS
    log.save(force_insert=True)
    if is_known:
        enqueue(READ_LOG, log.organization_id, log.id)
    return log


def _guessed(seen: Sight, zone: str) -> dict[str, Any]:
    if seen.kind == LogKind.XES:
        return {**{meaning: place for place, meaning in enumerate(MEANINGS)}, "written": "iso", "zone": zone}
    return guess(seen.head, seen.rows, zone)


def _refuse_unfit(file: File[Any]) -> None:
    limit = settings.HANDRAIL_DOCUMENT_LIMIT_BYTES
    if not file.size:
        raise Invalid("This file is empty.", code="log_empty", details={"field": "file"})
    if file.size > limit:
        megabytes = limit // (1024 * 1024)
        sentence = f"This file is larger than {megabytes} MB; compress it with gzip, which makes a log much smaller."
        raise Invalid(sentence, code="log_too_large", details={"field": "file", "limit_bytes": limit})


def _unreadable(sentence: str) -> Invalid:
    return Invalid(sentence, code="log_unreadable", details={"field": "file"})
