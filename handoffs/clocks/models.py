"""Clock: one running promise, with the instants at which its ladder's rungs are due."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tenants.models import Calendar, TenantForeignKey, TenantModel


class ClockKind(models.TextChoices):
    """What is promised."""

    ACCEPT = "accept", "Time to accept"
    START = "start", "Time to start"
    COMPLETE = "complete", "Time to complete"
    ANSWER = "answer", "Time to answer"


class Clock(TenantModel):
    """A promise that runs in the working time of one calendar.

    `target` is working time; `due_at` the instant it makes, moved on by pauses. Every question has an answer clock of
    its own; of the other kinds at most one runs. The raw elapsed time
    (stopped_at − started_at) never pauses. `rung_ats[n]` is when rung n of the ladder is due and
    `next_alarm_at` the earliest that has not fired, so that the sweep needs no arithmetic.
    """

    handoff = TenantForeignKey("handoffs.Handoff", related_name="clocks", db_index=True)
    offer = TenantForeignKey("handoffs.Offer", null=True, related_name="clocks")
    question = TenantForeignKey("handoffs.Question", null=True, related_name="clocks")
    kind = models.CharField(max_length=8, choices=ClockKind.choices)
    calendar = TenantForeignKey(Calendar, related_name="+")
    # Which revision of its calendar's hours it was laid out in.
    hours_revision = models.PositiveIntegerField(default=1, db_default=1)
    target = models.DurationField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ladder = TenantForeignKey("handoffs.Ladder", null=True, related_name="+")
    rung_ats = ArrayField(models.DateTimeField(), default=list)
    rungs_fired = models.PositiveSmallIntegerField(default=0)
    next_alarm_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "kind"],
                condition=Q(stopped_at__isnull=True, question__isnull=True),
                name="clock_one_running",
            ),
            models.UniqueConstraint(
                fields=["question"], condition=Q(question__isnull=False), name="clock_one_per_question"
            ),
            models.CheckConstraint(
                condition=Q(kind="answer", question__isnull=False) | (~Q(kind="answer") & Q(question__isnull=True)),
                name="clock_answer_has_question",
            ),
            models.CheckConstraint(
                condition=Q(next_alarm_at__isnull=True) | Q(stopped_at__isnull=True, paused_at__isnull=True),
                name="clock_silent_when_still",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")), name="clock_time_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["next_alarm_at"], condition=Q(next_alarm_at__isnull=False), name="clock_next_alarm"),
            # What has to be laid out anew when a calendar's hours change.
            models.Index(
                fields=["organization", "calendar", "hours_revision"],
                condition=Q(stopped_at__isnull=True),
                name="clock_running_by_calendar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.paused_at is None

    def is_late(self, at: datetime) -> bool:
        """Whether the promise is or was broken; one that stands still breaks no further."""
        return (self.paused_at or self.stopped_at or at) > self.due_at

    def elapsed(self, at: datetime) -> timedelta:
        """Raw time since it started; never pauses."""
        return (self.stopped_at or at) - self.started_at
