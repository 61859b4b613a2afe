"""What the programs of this installation say about themselves. It belongs to no organization."""

from django.db import models


class Heartbeat(models.Model):
    """One worker, as it last said that it lives. All times are the database's: no server's clock is asked."""

    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    swept_at = models.DateTimeField(null=True, help_text="When it last looked for due alarms and nothing failed.")
    processes = models.PositiveSmallIntegerField(help_text="How many processes work on tasks below it.")
    version = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "pid"], name="heartbeat_once")]

    def __str__(self) -> str:
        return f"worker {self.pid} on {self.host}"
