"""Custody and Offer: one interval of answering for a handoff, and one attempt to end it."""

from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from handoffs.custody.queues import OfferQuerySet
from handoffs.lifecycle import OPENS, OfferState, Verb
from tenants.models import Member, Team, TenantForeignKey, TenantModel


def _flag(expression: Any) -> "models.GeneratedField":
    return models.GeneratedField(expression=expression, output_field=models.BooleanField(), db_persist=True)


def _number(expression: Any) -> "models.GeneratedField":
    return models.GeneratedField(
        expression=expression, output_field=models.BigIntegerField(null=True), db_persist=True, null=True
    )


class Offer(TenantModel):
    """One attempt to transfer a handoff to a team, or to one of its members.

    `to_team` is always set: its calendar runs the clock, and the lane is counted by it. `to_member` reserves the
    offer for one person. `giver` is who answers for it while it is open.
    """

    handoff = TenantForeignKey("handoffs.Handoff", related_name="offers")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=[(v.value, v.label) for v in OPENS])
    state = models.CharField(max_length=12, default=OfferState.OPEN, choices=[(s.value, s.value) for s in OfferState])
    giver = TenantForeignKey(Member, related_name="given_offers")
    from_team = TenantForeignKey(Team, null=True, related_name="+")
    to_team = TenantForeignKey(Team, related_name="offers")
    to_member = TenantForeignKey(Member, null=True, related_name="offers")
    message = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)
    viewed_by = TenantForeignKey(Member, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = TenantForeignKey(Member, null=True, related_name="+")
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)

    is_open = _flag(Q(state=OfferState.OPEN))
    open_id = _number(Case(When(state=OfferState.OPEN, then=F("id"))))

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "seq"], name="offer_seq_once"),
            models.UniqueConstraint(fields=["handoff"], condition=Q(state=OfferState.OPEN), name="offer_one_open"),
            models.UniqueConstraint(fields=["organization", "handoff", "id", "is_open"], name="offer_open_key"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in OfferState]), name="offer_state_known"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state=OfferState.OPEN) & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="offer_closed_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("offered_at")), name="offer_time_forward"
            ),
        ]
        indexes = [
            # The two halves of "waiting for me": a queue of each team, and what is reserved for one person.
            models.Index(
                fields=["organization", "to_team", "due_at", "id"],
                condition=Q(state=OfferState.OPEN, to_member__isnull=True),
                name="offer_team_queue",
            ),
            models.Index(
                fields=["organization", "to_member", "due_at", "id"],
                condition=Q(state=OfferState.OPEN),
                name="offer_member_queue",
            ),
            models.Index(fields=["organization", "handoff", "-seq"], name="offer_of_handoff"),
        ]

    def __str__(self) -> str:
        return f"offer {self.seq} to {self.receiver_name}"

    @property
    def receiver_name(self) -> str:
        """Whom people see as the receiver: the person it is reserved for, else the team."""
        return self.to_member.name if self.to_member else self.to_team.name


class Custody(TenantModel):
    """One interval [started_at, ended_at) in which one member answers for the handoff.

    Rows of a handoff form a chain: row n starts where row n−1 ended (`follows_at`), held by a deferred reference to
    the row before. Only after a completion may a row start later: it `resumes`, and the row before must be `closed`.
    """

    handoff = TenantForeignKey("handoffs.Handoff", related_name="custodies")
    seq = models.PositiveIntegerField()
    holder = TenantForeignKey(Member, related_name="custodies")
    team = TenantForeignKey(Team, null=True, related_name="+")
    offer = TenantForeignKey("handoffs.Offer", null=True, related_name="+")
    verb = models.CharField(max_length=12, choices=[(v.value, v.label) for v in Verb])
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    closed = models.BooleanField(default=False, help_text="Ended because the handoff ended.")
    resumes = models.BooleanField(default=False, help_text="Starts again after the handoff had ended.")
    follows_at = models.DateTimeField(null=True)

    is_open = _flag(Q(ended_at__isnull=True))
    open_seq = _number(Case(When(ended_at__isnull=True, then=F("seq"))))
    previous_seq = _number(Case(When(seq__gt=1, then=F("seq") - 1)))
    resumed_seq = _number(Case(When(resumes=True, then=F("seq") - 1)))
    must_be_closed = _flag(Value(True))

    class Meta:
        verbose_name_plural = "custodies"
        constraints = [
            models.UniqueConstraint(fields=["handoff", "seq"], name="custody_seq_once"),
            models.UniqueConstraint(fields=["handoff"], condition=Q(ended_at__isnull=True), name="custody_one_open"),
            models.UniqueConstraint(
                fields=["organization", "handoff", "seq", "holder", "is_open"], name="custody_open_key"
            ),
            models.UniqueConstraint(fields=["organization", "handoff", "seq", "ended_at"], name="custody_end_key"),
            models.UniqueConstraint(fields=["organization", "handoff", "seq", "closed"], name="custody_closed_key"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="custody_time_forward"
            ),
            models.CheckConstraint(
                condition=Q(closed=False) | Q(ended_at__isnull=False), name="custody_closed_has_ended"
            ),
            models.CheckConstraint(
                condition=Q(seq=1, follows_at__isnull=True, resumes=False)
                | Q(seq__gt=1, resumes=False, follows_at=F("started_at"), follows_at__isnull=False)
                | Q(seq__gt=1, resumes=True, follows_at__lte=F("started_at"), follows_at__isnull=False),
                name="custody_follows",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "holder"], condition=Q(ended_at__isnull=True), name="custody_open_by_holder"
            )
        ]

    def __str__(self) -> str:
        return f"custody {self.seq} of {self.holder_id}"
