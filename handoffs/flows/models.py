"""Flow, FlowVersion and what a version refers to; Case, its casting, its turns and its ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now

from handoffs.flows.next import TurnState
from handoffs.ledger.chain import digest, instant
from tenants.access import Permission, workspaces_for
from tenants.models import Member, Team, TenantForeignKey, TenantModel, Workspace


class Flow(TenantModel):
    """One process an organization knows."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    starter = models.CharField(max_length=40, blank=True, help_text="The starter flow it was made from, if any.")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="flow_name_once")]

    def __str__(self) -> str:
        return self.name


class FlowVersionQuerySet(models.QuerySet["FlowVersion"]):
    """Reads over versions."""

    def current(self) -> "FlowVersionQuerySet":
        """The newest published version of each flow that is not retired."""
        return (
            self.filter(published_at__isnull=False, flow__retired_at__isnull=True)
            .order_by("flow_id", "-number")
            .distinct("flow_id")
        )


class FlowVersion(TenantModel):
    """One edition of a flow. `document` is its plan as JSON; once published neither it nor its pins ever change."""

    flow = TenantForeignKey(Flow, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    document = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = TenantForeignKey(Member, null=True, blank=True, related_name="+")

    objects = FlowVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="flow_version_number_once"),
            models.UniqueConstraint(
                fields=["flow"], condition=Q(published_at__isnull=True), name="flow_version_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} v{self.number}"

    @property
    def is_frozen(self) -> bool:
        return self.published_at is not None


class Pin(TenantModel):
    """What a name in a published document meant when it was published: a step's template or flow, a role's people."""

    version = TenantForeignKey(FlowVersion, on_delete=models.CASCADE, related_name="pins")
    step = models.SlugField(max_length=40, blank=True)
    role = models.SlugField(max_length=40, blank=True)
    template_version = TenantForeignKey("handoffs.TemplateVersion", null=True, related_name="+")
    flow_version = TenantForeignKey(FlowVersion, null=True, related_name="+")
    team = TenantForeignKey(Team, null=True, related_name="+")
    member = TenantForeignKey(Member, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "step", "role"], name="pin_once"),
            models.CheckConstraint(
                condition=(Q(role="") & ~Q(step="")) | (Q(step="") & ~Q(role="")), name="pin_of_step_or_role"
            ),
        ]

    def __str__(self) -> str:
        return self.step or self.role


class CaseState(models.TextChoices):
    """Where a case stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads over cases."""

    def reachable_by(self, member: Member) -> Self:
        """Cases this member may see: those of the workspaces they may see."""
        mine = self.filter(organization_id=member.organization_id)
        if member.standing.sees_everything:
            return mine
        granted: Any = member.standing.granted(Permission.VIEW)
        if member.role == Member.Role.CLIENT:  # a grant that reached a client by mistake opens nothing of ours
            granted = workspaces_for(member, Permission.VIEW).values("id")
        return mine.filter(workspace_id__in=granted)

    def running(self) -> Self:
        return self.filter(state=CaseState.RUNNING)


class Case(TenantModel):
    """One running instance of a flow.

    `owner` answers for it while no handoff of it is live (a wait, for example). Steps that are internal happen in
    `internal_workspace`. `root` is the case at the top when this one was launched by a step of another; whoever
    changes one of them locks the root's row first, so that a family of cases is changed by one at a time.
    `amendments` are steps that were added to this case alone.
    """

    number = models.PositiveIntegerField()
    flow_version = TenantForeignKey(FlowVersion, related_name="cases", db_index=True)
    workspace = TenantForeignKey(Workspace, related_name="cases")
    internal_workspace = TenantForeignKey(Workspace, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RUNNING)
    launched_by = TenantForeignKey(Member, related_name="+")
    owner = TenantForeignKey(Member, related_name="owned_cases")
    root = TenantForeignKey("handoffs.Case", null=True, blank=True, related_name="family", db_index=True)
    amendments = models.JSONField(default=list, blank=True)
    launched_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    ledger_seq = models.PositiveIntegerField(default=0)
    ledger_head = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(state=CaseState.RUNNING, closed_at__isnull=True)
                | (~Q(state=CaseState.RUNNING) & Q(closed_at__isnull=False)),
                name="case_closed_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "workspace", "-id"], name="case_workspace"),
            models.Index(
                fields=["organization", "flow_version", "-id"], condition=Q(state="running"), name="case_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """How people name it: `CA-1042`."""
        return f"CA-{self.number}"

    @property
    def is_running(self) -> bool:
        return self.state == CaseState.RUNNING


class Casting(TenantModel):
    """Who plays one role in one case: a team, or one member of it."""

    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="castings")
    role = models.SlugField(max_length=40)
    team = TenantForeignKey(Team, related_name="+")
    member = TenantForeignKey(Member, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "role"], name="casting_role_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.member or self.team}"


class Turn(TenantModel):
    """One time that a case came to one of its steps.

    At most one turn of a step counts; those before it were undone by a loop or a return. `brought_by` is whose act
    led here: custody of the turn's handoff starts with them. `origins` says of each value that flowed in where it
    came from: field → {"step", "side", "field", "handoff", "by"}. `cause` is why a turn began or was undone:
    "" (the plan), "loop", "return", "reopen", "skip".
    """

    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="turns")
    step = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in TurnState])
    handoff = TenantForeignKey("handoffs.Handoff", null=True, related_name="turns", db_index=True)
    child = TenantForeignKey(Case, null=True, related_name="parent_turns", db_index=True)
    brought_by = TenantForeignKey(Member, related_name="+")
    because = models.JSONField(default=list)
    origins = models.JSONField(default=dict)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["case_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "step", "number"], name="turn_once"),
            models.UniqueConstraint(
                fields=["case", "step"], condition=Q(undone_at__isnull=True), name="turn_one_counts"
            ),
            models.UniqueConstraint(fields=["handoff"], name="turn_handoff_once"),
            models.CheckConstraint(
                condition=Q(state=TurnState.LIVE, ended_at__isnull=True, undone_at__isnull=True)
                | (~Q(state=TurnState.LIVE) & Q(ended_at__isnull=False)),
                name="turn_ended_has_end",
            ),
        ]
        indexes = [
            models.Index(fields=["wakes_at"], condition=Q(state="live", wakes_at__isnull=False), name="turn_wakes"),
        ]

    def __str__(self) -> str:
        return f"turn {self.number} of {self.step}"


class CaseVerb(models.TextChoices):
    """What happens to a case as a whole; what happens to its handoffs stands in their own ledgers."""

    LAUNCH = "launch"
    ADVANCE = "advance"  # a step was done: which one, and what was entered, bypassed or undone by it
    SKIP = "skip"
    SEND_BACK = "send_back"
    ADD_STEP = "add_step"
    REASSIGN = "reassign"
    MOVE = "move"  # to another version of its flow
    WAKE = "wake"  # a wait is over
    CANCEL = "cancel"
    REOPEN = "reopen"


class CaseEvent(TenantModel):
    """One row of a case's ledger: append-only and chained, like the ledger of a handoff."""

    case = TenantForeignKey(Case, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=CaseVerb.choices)
    by = TenantForeignKey(Member, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    facts = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="case_event_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    def content(self) -> Mapping[str, Any]:
        """What the digest covers."""
        at: datetime = self.at
        return {
            "organization": str(self.organization_id),
            "case": self.case_id,
            "seq": self.seq,
            "verb": str(self.verb),
            "by": self.by_id,
            "at": instant(at),
            "facts": self.facts,
        }

    def seal(self, previous: str) -> str:
        """Chains this event to `previous` and returns its own digest."""
        self.previous_digest = previous
        self.digest = digest(previous, self.content())
        return self.digest


class CaseCounter(TenantModel):
    """The next case number of one organization."""

    next_number = models.PositiveIntegerField(default=1001)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="case_counter_once")]

    @classmethod
    def take(cls, organization_id: UUID, count: int = 1) -> int:
        """Takes `count` numbers and returns the first. Launches of one organization queue here for a moment."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO handoffs_casecounter (organization_id, next_number) VALUES (%s, 1001 + %s) "
                "ON CONFLICT (organization_id) DO UPDATE SET next_number = handoffs_casecounter.next_number + %s "
                "RETURNING next_number - %s",
                [organization_id, count, count, count],
            )
            return int(cursor.fetchone()[0])
