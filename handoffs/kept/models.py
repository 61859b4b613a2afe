"""Leg, and what is counted of legs: what insight reads. All of it can be rebuilt from the ledger and its rows."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from handoffs.lifecycle import OPENS, OfferState
from tenants.models import Member, Team, TenantForeignKey, TenantModel, Workspace

ZERO = timedelta()


class Split(models.Model):
    """Where time went: six phases, each inside and outside the hours of the side it waited for. They add up."""

    offered_inside = models.DurationField(default=ZERO)
    offered_outside = models.DurationField(default=ZERO)
    questioned_inside = models.DurationField(default=ZERO)
    questioned_outside = models.DurationField(default=ZERO)
    waiting_inside = models.DurationField(default=ZERO)
    waiting_outside = models.DurationField(default=ZERO)
    working_inside = models.DurationField(default=ZERO)
    working_outside = models.DurationField(default=ZERO)
    on_hold_inside = models.DurationField(default=ZERO)
    on_hold_outside = models.DurationField(default=ZERO)
    mending_inside = models.DurationField(default=ZERO)
    mending_outside = models.DurationField(default=ZERO)

    class Meta:
        abstract = True


class Lane(TenantModel):
    """What a figure is kept by: where, what kind, in which flow, from whom to whom, and the week of the offer."""

    workspace = TenantForeignKey(Workspace, related_name="+")
    template = TenantForeignKey("handoffs.HandoffTemplate", null=True, related_name="+")
    flow = TenantForeignKey("handoffs.Flow", null=True, related_name="+")
    from_team = TenantForeignKey(Team, null=True, related_name="+")
    to_team = TenantForeignKey(Team, related_name="+")
    week = models.DateField(help_text="The Monday of the week, in the organization's zone, in which it was offered.")

    class Meta:
        abstract = True


class Leg(Lane, Split):
    """One offer and what became of it, up to the next offer of the same handoff.

    The times `…_worked` are working time in the hours of the team it was offered to: until it was viewed and until the
    offer closed from the offer on, the others from the acceptance on; None while it has not happened. `left_at` is when
    the one who accepted answered for it no more or offered it on. A leg that still lives `stands` in a phase since
    `kept_at`: what has gone by since then is added when it is read. `stood_worked` and `offered_worked` say how much
    working time of their year had gone at `kept_at` and at `offered_at`, so that one subtraction tells it since then.
    """

    handoff = TenantForeignKey("handoffs.Handoff", on_delete=models.CASCADE, related_name="legs")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=[(v.value, v.label) for v in OPENS])
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in OfferState])
    giver = TenantForeignKey(Member, related_name="+")
    receiver = TenantForeignKey(Member, null=True, related_name="+")
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    viewed_worked = models.DurationField(null=True)
    closed_worked = models.DurationField(null=True)
    started_worked = models.DurationField(null=True)
    completed_worked = models.DurationField(null=True)
    left_worked = models.DurationField(null=True)
    is_returned = models.BooleanField(default=False, help_text="Returned, or accepted and then handed back.")
    reason_code = models.CharField(max_length=40, blank=True)  # of the return
    is_back = models.BooleanField(default=False, help_text="To the team that had it before the giver's: A → B → A.")
    questions = models.PositiveIntegerField(default=0)
    is_clean = models.BooleanField(default=False, help_text="Accepted with no question, correction or return before.")

    stands = models.CharField(max_length=12, blank=True)
    stands_team = TenantForeignKey(Team, null=True, related_name="+")
    kept_at = models.DateTimeField(null=True)
    stood_worked = models.DurationField(null=True)
    offered_worked = models.DurationField(null=True)
    kept_seq = models.PositiveIntegerField(help_text="How many events of the handoff it was made from.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff", "seq"], name="leg_seq_once")]
        indexes = [
            models.Index(fields=["organization", "to_team", "week"], name="leg_of_lane"),
            models.Index(fields=["organization", "week"], name="leg_of_week"),
            models.Index(fields=["organization", "giver", "week"], name="leg_of_giver"),
            models.Index(
                fields=["organization", "receiver", "week"],
                condition=Q(receiver__isnull=False),
                name="leg_of_receiver",
            ),
            models.Index(fields=["organization", "week"], condition=Q(is_returned=True), name="leg_returned"),
            # The few that still live: their time goes on while nobody writes.
            models.Index(fields=["organization", "to_team"], condition=~Q(stands=""), name="leg_lives"),
        ]

    def __str__(self) -> str:
        return f"leg {self.seq} of {self.handoff_id}"


class LaneWeek(Lane, Split):
    """The legs of one lane that were offered in one week, counted and summed."""

    offered = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0, help_text="Accepted or returned.")
    accepted = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0, help_text="Returned, or accepted and then handed back.")
    back = models.PositiveIntegerField(default=0, help_text="To the team that had it before the giver's: A → B → A.")
    completed = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0, help_text="Accepted or returned before it was due.")
    late = models.PositiveIntegerField(default=0, help_text="Closed after it was due, however it ended.")
    questioned = models.PositiveIntegerField(default=0)
    questions = models.PositiveIntegerField(default=0)
    accurate = models.PositiveIntegerField(default=0, help_text="Clean: complete and accurate at first sight.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "week", "to_team", "from_team", "workspace", "template", "flow"],
                nulls_distinct=False,
                name="lane_week_once",
            ),
        ]

    def __str__(self) -> str:
        return f"week {self.week} of {self.from_team_id} to {self.to_team_id}"


class Measure(models.TextChoices):
    """What is measured of a leg."""

    VIEW = "view", "Time to view"
    ACCEPT = "accept", "Time to accept"
    START = "start", "Time to start"
    COMPLETE = "complete", "Time to complete"
    HAND = "hand", "Time in hand"  # until who accepted it answered for it no more


class LaneStanding(Lane):
    """The legs of a lane's week that lived when they were counted: how many stand in which phase, with which team.

    `year` is that of their `kept_at` in UTC. `since` sums, over them, how long after the beginning of that year they
    were kept, and `stood` their `stood_worked`: what has gone by since follows for all by one multiplication.
    """

    stands = models.CharField(max_length=12)
    stands_team = TenantForeignKey(Team, null=True, related_name="+")
    year = models.SmallIntegerField()
    count = models.PositiveIntegerField()
    since = models.DurationField()
    stood = models.DurationField()

    class Meta:
        indexes = [models.Index(fields=["organization", "week", "to_team"], name="lane_standing_of_week")]

    def __str__(self) -> str:
        return f"{self.count} stand in {self.stands}"


class LaneTime(Lane):
    """How long the legs of a lane's week took, as a histogram: three arrays as long as each other.

    `steps` are the steps of 2 % that occur, in order; `ended` counts what happened after that time, `left` what had not
    happened by then and no longer can.
    """

    measure = models.CharField(max_length=8, choices=Measure)
    worked = models.BooleanField(help_text="Working time; else raw time.")
    steps = ArrayField(models.SmallIntegerField())
    ended = ArrayField(models.PositiveIntegerField())
    left = ArrayField(models.PositiveIntegerField())

    class Meta:
        indexes = [
            models.Index(fields=["organization", "to_team", "measure", "worked", "week"], name="lane_time_of_lane"),
            models.Index(fields=["organization", "week", "to_team"], name="lane_time_of_week"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of week {self.week}"
