"""People who receive work together."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone

from tenants.models.base import TenantForeignKey, TenantModel
from tenants.models.member import Member, MemberQuerySet


class TeamKind(models.TextChoices):
    """Whose people: ours or a client's."""

    INTERNAL = "internal"
    CLIENT = "client"


class Team(TenantModel):
    """A team; somebody always leads it and it always has working hours."""

    Kind = TeamKind

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=TeamKind.choices, default=TeamKind.INTERNAL)
    lead = TenantForeignKey("tenants.Member", related_name="led_teams", db_index=True)
    calendar = TenantForeignKey("tenants.Calendar", related_name="teams")
    backup = TenantForeignKey("tenants.Team", null=True, blank=True, related_name="backs_up")
    # Object permissions are granted to this group. Its name is opaque, for groups are not walled off.
    group = models.OneToOneField(Group, models.PROTECT, related_name="team", editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="team_name_once_per_organization"),
            models.CheckConstraint(condition=~models.Q(backup=models.F("id")), name="team_is_not_its_own_backup"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_client(self) -> bool:
        """Is this a client's team?"""
        return self.kind == TeamKind.CLIENT

    @property
    def members(self) -> MemberQuerySet:
        """Everyone in the team, the lead too."""
        return Member.objects.filter(organization_id=self.organization_id, team_memberships__team=self)


class TeamMembership(TenantModel):
    """One member in one team."""

    team = TenantForeignKey("tenants.Team", models.CASCADE, related_name="memberships")
    member = TenantForeignKey("tenants.Member", models.CASCADE, related_name="team_memberships", db_index=True)
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "member"], name="team_membership_once")]

    def __str__(self) -> str:
        return f"{self.member} in {self.team}"
