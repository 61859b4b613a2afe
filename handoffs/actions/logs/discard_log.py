"""Discard a log: its file and its rows go; what was brought in stays."""

from datetime import datetime

from django.db import transaction

from handoffs.actions.logs._known import must_stand_in, reached
from handoffs.logs.models import LogStage
from handoffs.models import EventLog, LogRow
from tenants.models import Member

DISCARDED_IN = (LogStage.COLUMNS, LogStage.READING, LogStage.READ, LogStage.DONE, LogStage.FAILED)


def discard_log(log: EventLog, *, by: Member, at: datetime) -> None:
    """Raises Forbidden not_an_admin, Conflict log_is_past_that while it is being brought in."""
    log = reached(log, by)
    must_stand_in(log, DISCARDED_IN)
    forget(log)
    log.delete()


def forget(log: EventLog) -> None:
    """Its rows, and its file once that is sure."""
    LogRow.objects.filter(organization_id=log.organization_id, log=log)._raw_delete("default")
    if log.file:
        storage, name = log.file.storage, str(log.file.name)
        transaction.on_commit(lambda: storage.delete(name))
