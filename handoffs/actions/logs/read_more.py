"""Read a part of a log into rows: as much as fits into a task, from where the part before came to."""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from handoffs.logs.columns import Columns, understand
from handoffs.logs.models import LogKind, LogStage
from handoffs.logs.summary import summary
from handoffs.logs.tables import Raw, read
from handoffs.logs.xes import BadLog
from handoffs.models import EventLog, LogRow
from handoffs.queue import READ_LOG, enqueue
from tenants.scope import scope

BATCH = 2_000  # rows of one transaction
MOST_ROWS = 5_000_000
SECONDS = 15.0  # of one task: others want the worker too


def read_more(organization_id: UUID, log_id: int, *, at: datetime, seconds: float = SECONDS, size: int = BATCH) -> bool:
    """Reads on and says whether there is more; queues itself then. Whoever reads beside it stops at its next batch.

    A file that turns out to be no log fails whole: its rows are not brought in.
    """
    until = time.monotonic() + seconds
    with scope(organization_id):
        log = _being_read(organization_id, log_id)
    if log is None:
        return False
    rows = read(Path(log.file.path), LogKind(log.kind), log.position, log.line)
    try:
        if log.line == 0:
            next(rows)  # the headings
        while batch := list(islice(rows, size)):
            if not _keep(log, batch, at):
                return False
            if time.monotonic() > until:
                with scope(organization_id):
                    enqueue(READ_LOG, organization_id, log_id)
                return True
    except BadLog as error:
        _fail(log, str(error))
        return False
    _finish(log)
    return False


def _being_read(organization_id: UUID, log_id: int) -> EventLog | None:
    here = EventLog.objects.filter(organization_id=organization_id, id=log_id, stage=LogStage.READING)
    return here.select_for_update(skip_locked=True).first()


def _keep(log: EventLog, batch: list[Raw], at: datetime) -> bool:
    """One transaction: the rows, and how far they go. False when somebody else has read on meanwhile."""
    columns = Columns.of(log.columns)
    with scope(log.organization_id):
        known = _being_read(log.organization_id, log.id)
        if known is None or known.line != log.line or known.columns != log.columns:
            return False
        if batch[-1].line > MOST_ROWS:
            raise BadLog(f"This log has more than {MOST_ROWS:,} rows; bring it in by parts.")
        made = list(_rows(log, batch, columns, at))
        LogRow.objects.bulk_create(made)
        log.line, log.position = batch[-1].through, batch[-1].position
        log.bad += sum(bool(row.problem) for row in made)
        log.moved_at = at
        log.save(update_fields=["line", "position", "bad", "moved_at"])
    return True


def _rows(log: EventLog, batch: list[Raw], columns: Columns, at: datetime) -> Iterator[LogRow]:
    for raw in batch:
        told = understand(raw.line, raw.cells, columns, at)
        yield LogRow(organization_id=log.organization_id, log=log, **vars(told))


def _finish(log: EventLog) -> None:
    with scope(log.organization_id):
        known = _being_read(log.organization_id, log.id)
        if known is None or known.line != log.line:
            return
        known.summary = dict(summary(known))
        known.stage = LogStage.READ
        known.save(update_fields=["summary", "stage"])


def _fail(log: EventLog, sentence: str) -> None:
    with scope(log.organization_id):
        here = EventLog.objects.filter(organization_id=log.organization_id, id=log.id, stage=LogStage.READING)
        here.update(stage=LogStage.FAILED, trouble=sentence[:500])
