"""What was delivered, kept beside the event: a notice per person, and the state of each message sent."""

from django.db import models
from django.db.models import Q

from tenants.models import Member, TenantForeignKey, TenantModel


class Delivery(TenantModel):
    """One event whose audience has been worked out and told. An event without one is still in the outbox."""

    event = TenantForeignKey("handoffs.Event", related_name="deliveries")
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event"], name="delivery_once")]


class Notice(TenantModel):
    """One event as one person sees it in the portal."""

    event = TenantForeignKey("handoffs.Event", related_name="notices")
    handoff = TenantForeignKey("handoffs.Handoff", related_name="notices", db_index=True)
    member = TenantForeignKey(Member, related_name="notices")
    why = models.CharField(max_length=20, help_text="The role in which this person is told.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "member"], name="notice_once")]
        indexes = [
            models.Index(fields=["organization", "member", "-id"], name="notice_of_member"),
            models.Index(fields=["organization", "member"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]


class Message(TenantModel):
    """One event pushed to one person by one channel outside the portal; `reference` is its stable Message-ID."""

    event = TenantForeignKey("handoffs.Event", related_name="messages")
    member = TenantForeignKey(Member, related_name="messages")
    channel = models.CharField(max_length=12)
    reference = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "member", "channel"], name="message_once")]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at__isnull=True), name="message_unsent")]
