"""Event: one row of the ledger. Rows are inserted and read; PostgreSQL refuses to change or delete them."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from handoffs.ledger.chain import digest, instant
from handoffs.lifecycle import Verb
from tenants.models import Member, TenantForeignKey, TenantModel


class EventQuerySet(models.QuerySet["Event"]):
    """Reads over the ledger."""

    def of(self, handoff_id: int) -> Self:
        return self.filter(handoff_id=handoff_id).order_by("seq")

    def visible_to(self, member: Member) -> Self:
        """A client never sees what is marked internal."""
        mine = self.filter(organization_id=member.organization_id)
        return mine.filter(internal=False) if member.role == "client" else mine


class Event(TenantModel):
    """What happened: verb, actor, instant, states before and after, and facts that never change afterwards."""

    handoff = TenantForeignKey("handoffs.Handoff", related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=[(v.value, v.label) for v in Verb])
    by = TenantForeignKey(Member, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    facts = models.JSONField(default=dict)
    internal = models.BooleanField(default=False)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["recorded_at"], name="event_recorded")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    def content(self) -> dict[str, Any]:
        """What the digest covers."""
        return {
            "organization": str(self.organization_id),
            "handoff": self.handoff_id,
            "seq": self.seq,
            "verb": str(self.verb),
            "by": self.by_id,
            "at": instant(self.at),
            "before": str(self.before),
            "after": str(self.after),
            "facts": self.facts,
            "internal": self.internal,
        }

    def seal(self, previous: str) -> str:
        """Chains this event to `previous` and returns its own digest."""
        self.previous_digest = previous
        self.digest = digest(previous, self.content())
        return self.digest
