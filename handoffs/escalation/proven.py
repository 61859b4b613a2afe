"""What was found the last time a ladder was walked through the hours to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from handoffs.escalation.models import Ladder
from tenants.models import TenantForeignKey, TenantModel

HOLDS_FOR = timedelta(days=1)


class Proof(TenantModel):
    """The latest proof of one ladder; the next one takes its place.

    `findings` are the first faults in the order of time, then remarks, each with kind, rung, team, workspace, from, to
    and sentence. `faults` and `remarks` count all of them.
    """

    ladder = TenantForeignKey(Ladder, on_delete=models.CASCADE, related_name="proofs")
    proved_at = models.DateTimeField()
    lanes = models.PositiveIntegerField(default=0, help_text="Teams in workspaces that it was walked through for.")
    faults = models.PositiveIntegerField(default=0)
    remarks = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ladder"], name="proof_once_per_ladder")]

    def __str__(self) -> str:
        return f"proof of {self.ladder_id}"

    @property
    def until(self) -> datetime:
        """How far it looks."""
        return self.proved_at + timedelta(days=30)


def unproved(ladders: QuerySet[Ladder], at: datetime) -> QuerySet[Ladder]:
    """Those of these ladders that have no proof, or one that is older than a day."""
    fresh = Proof.objects.filter(
        organization_id=OuterRef("organization_id"), ladder_id=OuterRef("id"), proved_at__gt=at - HOLDS_FOR
    )
    return ladders.filter(~Exists(fresh))


def keep(proofs: Sequence[Proof]) -> None:
    """Writes them in place of the former ones, by one statement: of two at the same time the later one stays."""
    written: list[Any] = ["proved_at", "lanes", "faults", "remarks", "findings"]
    Proof.objects.bulk_create(proofs, update_conflicts=True, unique_fields=["ladder"], update_fields=written)
