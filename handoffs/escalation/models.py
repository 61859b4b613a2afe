"""Ladder, Rung, Alarm: the escalation policy, one level of it, one firing of a level."""

from collections.abc import Collection
from functools import lru_cache
from typing import ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from handoffs.escalation.plan import Audience, PlannedLadder, PlannedRung
from tenants.models import Member, Team, TenantForeignKey, TenantModel


class Ladder(TenantModel):
    """An escalation policy. Frozen once a published template uses it; a change then makes the next revision."""

    name = models.CharField(max_length=80)
    revision = models.PositiveIntegerField(default=1)
    is_standard = models.BooleanField(default=False, help_text="Used where a template names no ladder.")
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name", "revision"], name="ladder_revision_once"),
            models.UniqueConstraint(fields=["organization"], condition=Q(is_standard=True), name="ladder_one_standard"),
        ]

    def __str__(self) -> str:
        return self.name if self.revision == 1 else f"{self.name} (revision {self.revision})"


class Rung(TenantModel):
    """One level: when it is due, whom it tells, what it does."""

    ladder = TenantForeignKey(Ladder, on_delete=models.CASCADE, related_name="rungs")
    position = models.PositiveSmallIntegerField()
    share = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True, help_text="1 = at the due time.")
    offset = models.DurationField(null=True, blank=True, help_text="Working time before (−) or after the due time.")
    audience = models.JSONField(default=list, blank=True)
    member = TenantForeignKey(Member, null=True, blank=True, related_name="+", help_text="Told as well, by name.")
    team = TenantForeignKey(Team, null=True, blank=True, related_name="+", help_text="Told as well, by name.")
    channels = models.JSONField(default=list, blank=True, help_text="None: by what each person chose.")
    breaks_quiet = models.BooleanField("in quiet hours too", default=False, help_text="Does not wait for the morning.")
    raises_priority = models.BooleanField(default=False)
    redirects = models.BooleanField(default=False, help_text="Redirects the open offer to the receiving team's backup.")
    redirect_to = TenantForeignKey(
        Team, null=True, blank=True, related_name="+", help_text="Redirects to this team instead of the backup."
    )

    AUDIENCES: ClassVar = [(a.value, a.value.replace("_", " ")) for a in Audience]

    class Meta:
        ordering = ["ladder_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "position"], name="rung_position_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=False, share__gte=0, offset__isnull=True)
                | Q(share__isnull=True, offset__isnull=False),
                name="rung_share_or_offset",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.position}"

    def clean(self) -> None:
        if (self.share is None) == (self.offset is None):
            raise ValidationError("Give either a share of the target or an offset from the due time.")
        if any(name not in set(Audience) for name in self.audience):
            raise ValidationError({"audience": f"Choose among: {', '.join(Audience)}."})
        if not self.audience and self.member_id is None and self.team_id is None:
            raise ValidationError({"audience": "Say whom this rung tells."})


class Alarm(TenantModel):
    """One firing: at most once per (clock, rung), which a constraint holds."""

    clock = TenantForeignKey("handoffs.Clock", related_name="alarms")
    rung = TenantForeignKey(Rung, related_name="+")
    handoff = TenantForeignKey("handoffs.Handoff", related_name="alarms")
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True, help_text="When it was written to the ledger and people were told.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "rung"], name="alarm_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(raised_at__isnull=True), name="alarm_waiting"),
            models.Index(fields=["organization", "handoff"], name="alarm_of_handoff"),
        ]

    def __str__(self) -> str:
        return f"alarm of rung {self.rung_id}"


def planned(ladder: Ladder) -> PlannedLadder:
    """The ladder as plain data; a frozen one is read once per process."""
    read = _frozen if ladder.frozen_at else _read
    return read(ladder.organization_id, ladder.id, str(ladder))


def _read(organization_id: UUID, ladder_id: int, name: str) -> PlannedLadder:
    rows = Rung.objects.filter(organization_id=organization_id, ladder_id=ladder_id).order_by("position")
    return PlannedLadder(ladder_id, name, tuple(_plain(rung) for rung in rows))


def planned_rungs(ids: Collection[int]) -> dict[int, PlannedRung]:
    """These rungs as plain data, by their ids; of many ladders by one statement."""
    return {rung.id: _plain(rung) for rung in Rung.objects.filter(id__among=ids)}


def _plain(rung: Rung) -> PlannedRung:
    return PlannedRung(
        rung.id,
        rung.position,
        rung.share,
        rung.offset,
        tuple(Audience(name) for name in rung.audience),
        rung.raises_priority,
        rung.redirects or rung.redirect_to_id is not None,
        rung.redirect_to_id,
        rung.member_id,
        rung.team_id,
        tuple(rung.channels),
        rung.breaks_quiet,
    )


_frozen = lru_cache(maxsize=1024)(_read)
