"""The handoff: the commitment people see, and the ways to read many of them."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import F, Q, Value, prefetch_related_objects

from handoffs.lifecycle import LIVE, State
from handoffs.sharing import shared_with
from tenants import rehearsal
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Role, Team, TenantForeignKey, TenantModel, Workspace
from tenants.records import records
from tenants.refusals import Conflict

NOTHING_PLANNED: Mapping[str, Any] = {
    "planned_at": None,
    "planned_team": None,
    "planned_member": None,
    "planned_message": "",
}


class Priority(models.IntegerChoices):
    """How urgent people say it is. Escalation may raise it, nothing lowers it by itself."""

    NORMAL = 1, "Normal"
    HIGH = 2, "High"
    URGENT = 3, "Urgent"


class HandoffQuerySet(models.QuerySet["Handoff"]):
    """Reads. Every one names its organization, so that the planner can use that organization's index."""

    def reachable_by(self, member: Member) -> Self:
        """Handoffs this member may see: by workspace, by being shared with them, or because they answer for them."""
        mine = self.filter(organization_id=member.organization_id)
        if member.standing.sees_everything:
            return mine
        granted: Any = member.standing.granted(Permission.VIEW)
        if member.role == Role.CLIENT:  # a grant that reached a client by mistake opens nothing of ours
            granted = workspaces_for(member, Permission.VIEW).values("id")
        return mine.filter(Q(workspace_id__in=granted) | Q(custodian_id=member.id) | shared_with(member))

    def held_by(self, member: Member) -> Self:
        """Live handoffs this member answers for, drafts included, soonest due first."""
        return self.filter(organization_id=member.organization_id, custodian_id=member.id).order_by(
            F("complete_due_at").asc(nulls_last=True), "id"
        )

    def sent_by(self, member: Member) -> Self:
        """Handoffs this member sent first and which are now on their way or in other hands, newest first."""
        away = sorted(LIVE - {State.DRAFT, State.RETURNED})
        # That it is not closed follows from the states, but the planner needs to be told to use the index of open ones.
        return self.filter(
            organization_id=member.organization_id, sender_id=member.id, closed_at=None, state__in=away
        ).order_by("-id")

    def live(self) -> Self:
        return self.filter(state__in=sorted(LIVE))

    def overdue(self, at: datetime) -> Self:
        """Live handoffs whose time to accept or to complete ran out before `at`."""
        return self.live().filter(Q(open_offer__due_at__lt=at) | Q(complete_due_at__lt=at))

    def known(self, ids: Collection[int]) -> "dict[int, Handoff]":
        """These, locked in the order of their ids, with all that a transition looks at: see `locked`."""
        mine = self.filter(id__in=ids)
        list(mine.select_for_update().order_by("id").values_list("id", flat=True))
        return mine.select_related(*TRANSITION).in_bulk()

    def gathered(self, ids: Collection[int], *, wait: bool) -> "list[Handoff]":
        """These, locked in the order of their ids, with what judging them looks at; `locked` for many.

        What somebody else holds is waited for or left out. They may be of many organizations: each thing beside them is
        read once for all, after the lock. What people wrote stays unread.
        """
        rows = self.filter(id__among=ids).defer("summary", "context", "result")
        found = list(rows.select_for_update(skip_locked=not wait).order_by("id"))
        prefetch_related_objects(found, "workspace", "open_offer__to_team", "open_offer__to_member")
        prefetch_related_objects([handoff for handoff in found if handoff.open_offer_id is None], "custodian")
        return found

    def locked(self, known: "Handoff", home: UUID) -> "Handoff":
        """The organization's row under lock, with what a transition looks at. Only `passage` calls this.

        Two statements on purpose. A lock that waited re-reads its own row, but keeps what it had joined before the
        wait: after a lost race the new custodian and the new offer would come out as nobody and none. The second is
        saved when nothing was recorded since `known` was read and it has all that would be read again.
        """
        this = {"home": home, "id": known.pk}
        row = _only(records(Handoff, LOCKING, this))
        if row.ledger_head == known.ledger_head and all(_is_read(known, path.split("__")) for path in TRANSITION):
            return _with_relations_of(known, row)
        return _only(records(Handoff, _THIS, this, *TRANSITION))


# What a transition looks at beside the handoff's own row.
TRANSITION = (
    "workspace",
    "custodian",
    "custodian_team__calendar",
    "sender",
    "template_version__ladder",
    "open_offer__to_team__calendar",
    "open_offer__to_member",
    "open_offer__giver",
)


_THIS = "WHERE one.organization_id = %(home)s AND one.id = %(id)s"
LOCKING = f"{_THIS} FOR UPDATE"


def _only(rows: "Sequence[Handoff]") -> "Handoff":
    if not rows:
        raise Handoff.DoesNotExist("There is no such handoff here.")
    return rows[0]


def _is_read(row: models.Model, path: Sequence[str]) -> bool:
    """Whether following this path would ask the database nothing."""
    for name in path:
        field: Any = row._meta.get_field(name)
        if getattr(row, field.attname) is None:
            return True
        if not field.is_cached(row):
            return False
        row = field.get_cached_value(row)
    return True


def _with_relations_of(known: "Handoff", row: "Handoff") -> "Handoff":
    """The offer is a copy: a transition that is refused half-way must leave the caller's own offer as it was."""
    for name in {path.split("__")[0] for path in TRANSITION}:
        setattr(row, name, getattr(known, name))
    row.open_offer = copy(known.open_offer)
    return row


class Handoff(TenantModel):
    """Who asked whom for what, with its context, state and reference.

    `custodian` always equals the holder of the open custody row, and `open_offer` the open offer: deferred
    references in both directions let PostgreSQL refuse anything else (see docs/decisions/custody.md).
    """

    number = models.PositiveIntegerField()
    workspace = TenantForeignKey(Workspace, related_name="handoffs")
    template_version = TenantForeignKey(
        "handoffs.TemplateVersion", null=True, blank=True, related_name="handoffs", db_index=True
    )
    # The case it is a step of, if any; which step, and where its context came from, stands in its turn.
    case = TenantForeignKey("handoffs.Case", null=True, blank=True, related_name="handoffs")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=12, default=State.DRAFT, choices=[(s.value, s.label) for s in State])
    held_from = models.CharField(max_length=12, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    hold_reason = models.TextField(blank=True)

    sender = TenantForeignKey(Member, related_name="sent_handoffs")
    sender_team = TenantForeignKey(Team, null=True, related_name="+")
    custodian = TenantForeignKey(Member, null=True, related_name="held_handoffs")
    custodian_team = TenantForeignKey(Team, null=True, related_name="+")
    custody_seq = models.PositiveIntegerField(null=True)
    open_offer = TenantForeignKey("handoffs.Offer", null=True, related_name="+")
    # What is offered by itself when its receiver opens.
    planned_at = models.DateTimeField(null=True)
    planned_team = TenantForeignKey(Team, null=True, related_name="+")
    planned_member = TenantForeignKey(Member, null=True, related_name="+")
    planned_message = models.TextField(blank=True, default="", db_default="")
    complete_due_at = models.DateTimeField(null=True)

    context = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    first_offered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    imported = models.BooleanField(default=False, help_text="Replayed from a log: sends nothing, arms no alarm.")
    ledger_seq = models.PositiveIntegerField(default=0)
    ledger_head = models.CharField(max_length=64, blank=True)

    # Half of the two references that tie this row to an *open* custody row and an *open* offer.
    must_be_open = models.GeneratedField(expression=Value(True), output_field=models.BooleanField(), db_persist=True)

    objects = HandoffQuerySet.as_manager()

    # Not kept: why `accept` asked instead of accepting, on the handoff that it gave back just now.
    differing: Conflict | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="handoff_number_once"),
            models.UniqueConstraint(fields=["organization", "id", "custody_seq"], name="handoff_custody_seq_once"),
            models.UniqueConstraint(fields=["organization", "id", "open_offer"], name="handoff_open_offer_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="handoff_state_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(LIVE),
                    custody_seq__isnull=False,
                    custodian__isnull=False,
                    closed_at__isnull=True,
                )
                | Q(
                    state__in=[State.COMPLETED, State.CANCELLED],
                    custody_seq__isnull=True,
                    custodian__isnull=True,
                    open_offer__isnull=True,
                    closed_at__isnull=False,
                ),
                name="handoff_live_has_custodian",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OFFERED) | Q(open_offer__isnull=False), name="handoff_offered_has_offer"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DRAFT, State.RETURNED]) | Q(open_offer__isnull=True),
                name="handoff_draft_has_no_offer",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ON_HOLD) | (Q(held_until__isnull=False) & ~Q(hold_reason="")),
                name="handoff_hold_has_end",
            ),
            models.CheckConstraint(
                condition=Q(planned_at__isnull=True, planned_team__isnull=True, planned_member__isnull=True)
                | Q(planned_at__isnull=False, planned_team__isnull=False, state__in=[State.DRAFT, State.RETURNED]),
                name="handoff_planned_is_at_rest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "custodian", "complete_due_at", "id"],
                condition=Q(custodian__isnull=False),
                name="handoff_held",
            ),
            models.Index(
                fields=["organization", "sender", "-id"], condition=Q(closed_at__isnull=True), name="handoff_sent"
            ),
            models.Index(fields=["organization", "workspace", "-id"], name="handoff_workspace"),
            models.Index(
                fields=["organization", "workspace", "-id"],
                condition=Q(custodian__isnull=False),
                name="handoff_workspace_live",
            ),
            models.Index(fields=["planned_at"], condition=Q(planned_at__isnull=False), name="handoff_planned"),
            models.Index(fields=["held_until"], condition=Q(state=State.ON_HOLD), name="handoff_hold_ends"),
            models.Index(fields=["organization", "-id"], name="handoff_recent"),
            models.Index(fields=["organization", "case"], condition=Q(case__isnull=False), name="handoff_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """How people name it: `HO-1042`."""
        return f"HO-{self.number}"

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


def number_from(reference: str) -> int | None:
    """The number in a reference such as `HO-1042` (any case), or None when it is none."""
    prefix, _, digits = reference.strip().partition("-")
    if prefix.upper() != "HO" or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return int(digits)


class Counter(TenantModel):
    """The next handoff number of one organization."""

    next_number = models.PositiveIntegerField(default=1001)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="counter_once")]

    @classmethod
    def take(cls, organization_id: UUID, count: int = 1) -> int:
        """Takes `count` numbers and returns the first. Drafts of one organization queue here for a moment."""
        rehearsed = rehearsal.under_way()
        if rehearsed is not None:
            return rehearsed.take("handoff", count)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO handoffs_counter (organization_id, next_number) VALUES (%s, 1001 + %s) "
                "ON CONFLICT (organization_id) DO UPDATE SET next_number = handoffs_counter.next_number + %s "
                "RETURNING next_number - %s",
                [organization_id, count, count, count],
            )
            return int(cursor.fetchone()[0])
