"""An event log that was uploaded, and its rows as they were understood."""

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.db.models import Q

from tenants.models import Member, TenantForeignKey, TenantModel


def log_storage() -> Storage:
    """Beside the documents; it has no address either."""
    return FileSystemStorage(location=settings.HANDRAIL_DOCUMENTS_ROOT, base_url=None)


def log_path(log: "EventLog", name: str) -> str:
    """organization/logs/random: the person's own file name never reaches the disk."""
    return f"{log.organization_id}/logs/{uuid.uuid4().hex}"


class LogKind(models.TextChoices):
    """What kind of file it is, by its content."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel workbook"
    XES = "xes", "XES"


class LogStage(models.TextChoices):
    """How far it has come."""

    COLUMNS = "columns", "Columns to be chosen"
    READING = "reading", "Being read"
    READ = "read", "Read"
    BRINGING = "bringing", "Being brought in"
    DONE = "done", "Brought in"
    FAILED = "failed", "Could not be brought in"


class EventLog(TenantModel):
    """One uploaded file. What it becomes lies in an organization of its own, `into`.

    `columns` says which column means what (`handoffs.logs.columns.Columns`); `summary` what was understood
    (`handoffs.logs.summary.Summary`); `position` and `line` how far the file has been read.
    """

    uid = models.UUIDField(default=uuid.uuid4)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=LogKind.choices)
    stage = models.CharField(max_length=8, choices=LogStage.choices, default=LogStage.COLUMNS)
    file = models.FileField(upload_to=log_path, storage=log_storage, max_length=200)
    size = models.PositiveBigIntegerField(help_text="Of its content in bytes; 0 where it is compressed.")
    uploaded_by = TenantForeignKey(Member, related_name="event_logs")
    uploaded_at = models.DateTimeField()
    columns = models.JSONField(default=dict)
    position = models.PositiveBigIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0, help_text="Rows that were not understood.")
    summary = models.JSONField(default=dict)
    queued = models.JSONField(default=list, help_text="Activities that mean: it waits for the team.")
    done = models.JSONField(default=list, help_text="Activities that mean: it is completed.")
    into = models.UUIDField(null=True)
    into_slug = models.CharField(max_length=63, blank=True)
    first_number = models.PositiveIntegerField(default=0, help_text="Of its handoffs there.")
    brought = models.PositiveIntegerField(default=0, help_text="Cases that are handoffs by now.")
    last_case = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=500, blank=True)
    moved_at = models.DateTimeField(help_text="When a part of it was done last.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "uid"], name="event_log_uid_once")]
        indexes = [
            models.Index(
                fields=["moved_at"],
                condition=Q(stage__in=["reading", "bringing"]),
                name="event_log_moving",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LogRow(TenantModel):
    """One row of it: one event of a case, or a `problem` in words. Without a person or a team, those are empty."""

    log = TenantForeignKey(EventLog, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    case = models.CharField(max_length=200, blank=True)
    activity = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    person = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "line"], name="log_row_line_once")]
        indexes = [
            models.Index(fields=["log", "case", "at", "line"], name="log_row_of_case"),
            models.Index(fields=["log", "line"], condition=~Q(problem=""), name="log_row_problem"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}"
