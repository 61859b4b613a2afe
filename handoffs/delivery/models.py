"""What was delivered, kept beside the event: a notice per person, and the state of each message sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from handoffs.delivery.chat_rooms import ChatRoom
from handoffs.delivery.kinds import FIXED, Kind, Pace
from tenants.models import Member, TenantForeignKey, TenantModel


class Delivery(TenantModel):
    """One event whose audience has been worked out and told. An event without one is still in the outbox."""

    event = TenantForeignKey("handoffs.Event", related_name="deliveries")
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event"], name="delivery_once")]


class Notice(TenantModel):
    """One event as one person sees it in the portal; with `message`, that telling somebody else of it failed."""

    event = TenantForeignKey("handoffs.Event", related_name="notices")
    handoff = TenantForeignKey("handoffs.Handoff", related_name="notices", db_index=True)
    member = TenantForeignKey(Member, related_name="notices")
    message = TenantForeignKey("handoffs.Message", null=True, related_name="notices")
    why = models.CharField(max_length=20, help_text="The role in which this person is told.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "member"], condition=Q(message__isnull=True), name="notice_once"),
            models.UniqueConstraint(
                fields=["message", "member"], condition=Q(message__isnull=False), name="notice_of_failure_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "member", "-id"], name="notice_of_member"),
            models.Index(fields=["organization", "member"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]


class Posting(TenantModel):
    """What all that is pushed has: when it may go, whether a worker is at it, and how it went.

    `reference` is its stable Message-ID. `trouble` is the failure in words for managers; without it what was given up
    simply had no reader any more.
    """

    channel = models.CharField(max_length=12)
    reference = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not sent before.")
    leased_until = models.DateTimeField(null=True, help_text="A worker is sending it, or died doing so.")
    pushed_at = models.DateTimeField(null=True, help_text="When it was last handed to the channel.")
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    WAITING: ClassVar = Q(sent_at__isnull=True, given_up_at__isnull=True)

    class Meta:
        abstract = True


class Digest(Posting):
    """Several messages to one person that went, or go, out as one; or, with a `week`, the report of that week.

    `report` is what the report says (`handoffs.insight.weekly.Weekly`), as it was when the week was over.
    """

    member = TenantForeignKey(Member, related_name="digests")
    week = models.DateField(null=True, help_text="The Monday of the week that it reports.")
    report = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "reference"], name="digest_once"),
            models.UniqueConstraint(fields=["organization", "member", "week"], name="report_once"),
            models.CheckConstraint(
                condition=Q(week__isnull=True, report__isnull=True) | Q(week__isnull=False, report__isnull=False),
                name="report_has_its_week",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Posting.WAITING, name="digest_waiting"),
            models.Index(fields=["organization", "member", "pushed_at"], name="digest_pushed"),
        ]


class Message(Posting):
    """One event pushed by one channel outside the portal: to a person, or to a room of the organization.

    One that is `in_digest` waits for a digest to claim it, and is sent with that.
    """

    event = TenantForeignKey("handoffs.Event", related_name="messages")
    member = TenantForeignKey(Member, null=True, related_name="messages")
    room = TenantForeignKey(ChatRoom, null=True, related_name="messages")
    in_digest = models.BooleanField(default=False)
    digest = TenantForeignKey(Digest, null=True, related_name="messages")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "member", "room", "channel"], nulls_distinct=False, name="message_once"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, room__isnull=True) | Q(member__isnull=True, room__isnull=False),
                name="message_has_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(digest__isnull=True) | Q(in_digest=True), name="message_of_digest_is_in_one"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Posting.WAITING & Q(digest__isnull=True), name="message_waiting"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="message_of_digest"),
            models.Index(
                fields=["organization", "member", "pushed_at"],
                condition=Q(pushed_at__isnull=False),
                name="message_pushed",
            ),
            models.Index(
                fields=["organization", "event"],
                condition=Q(given_up_at__isnull=False) & ~Q(trouble=""),
                name="message_in_trouble",
            ),
        ]


class Bounce(TenantModel):
    """An address of a member that the other side refuses. It counts until something arrives, or the address changes."""

    member = TenantForeignKey(Member, related_name="bounces")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=254)
    since = models.DateTimeField()
    sentence = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "member", "channel"], name="bounce_once")]


class Preference(TenantModel):
    """How soon one person is told of one kind by one channel. Without a row: at once."""

    member = TenantForeignKey(Member, related_name="preferences")
    kind = models.CharField(max_length=12, choices=[(k.value, k.label) for k in Kind])
    channel = models.CharField(max_length=12)
    pace = models.CharField(max_length=12, choices=[(p.value, p.label) for p in Pace])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "kind", "channel"], name="preference_once"),
            models.CheckConstraint(condition=Q(pace__in=[p.value for p in Pace]), name="preference_pace_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(k.value for k in FIXED)) | Q(pace=Pace.AT_ONCE.value),
                name="preference_alarms_stay",
            ),
        ]


class Rhythm(TenantModel):
    """When one person's digests come, and when nothing is pushed to them. Without a row: hourly, and never quiet."""

    member = TenantForeignKey(Member, related_name="rhythms")
    daily_at = models.PositiveSmallIntegerField(null=True, help_text="The hour of a daily digest; hourly without.")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    report_at = models.DateTimeField(null=True, help_text="When the next report of a week is due; never without.")

    class Meta:
        indexes = [
            models.Index(fields=["report_at"], condition=Q(report_at__isnull=False), name="rhythm_report"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "member"], name="rhythm_once"),
            models.CheckConstraint(condition=Q(daily_at__isnull=True) | Q(daily_at__lte=23), name="rhythm_hour_of_day"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="rhythm_quiet_has_both_ends",
            ),
        ]
