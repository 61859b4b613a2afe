"""A person's place in one organization."""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenants.models.absence import Absence
from tenants.models.base import TenantForeignKey, TenantModel
from tenants.models.organization import Organization
from tenants.zones import validate_zone

if TYPE_CHECKING:
    from tenants.access import Standing

SYSTEM_NAME = "Handrail"


class Kind(models.TextChoices):
    """What acts: a person, an integration, or the product itself."""

    PERSON = "person"
    SERVICE = "service"
    SYSTEM = "system"


class Role(models.TextChoices):
    """What a member is to the organization."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    CLIENT = "client"
    VIEWER = "viewer"


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, and those among them who can act."""

    def able(self) -> "MemberQuerySet":
        """Those who have not left and whose login, for people, is active."""
        return self.filter(Q(user__is_active=True) | ~Q(kind=Kind.PERSON), left_at__isnull=True)

    def away(self, at: datetime) -> "MemberQuerySet":
        """Those who are absent at `at`."""
        return self.filter(id__in=Absence.objects.in_force(at).values("member_id"))

    def here(self, at: datetime) -> "MemberQuerySet":
        """Those who are able and not away at `at`."""
        absent = Absence.objects.in_force(at).filter(member_id=OuterRef("id"), organization_id=OuterRef("organization"))
        return self.able().filter(~Exists(absent))

    def working(self, at: datetime) -> "MemberQuerySet":
        """Those who can take work at `at`: here, no viewers, not the product itself."""
        return self.here(at).exclude(role=Role.VIEWER).exclude(kind=Kind.SYSTEM)

    def people(self) -> "MemberQuerySet":
        """Persons only: no services, not the product itself."""
        return self.filter(kind=Kind.PERSON)

    def system(self, organization: Organization) -> "Member":
        """The member as whom the product itself acts in this organization."""
        return self.get(organization=organization, kind=Kind.SYSTEM, name=SYSTEM_NAME)

    def systems(self, organization_ids: Collection[UUID]) -> "dict[UUID, Member]":
        """The same of several organizations, by their ids."""
        found = self.filter(organization_id__in=organization_ids, kind=Kind.SYSTEM, name=SYSTEM_NAME)
        return {member.organization_id: member for member in found}


class Elsewhere(NamedTuple):
    """Another organization in which the same login has a place."""

    slug: str
    name: str


class Member(TenantModel):
    """One who can act in an organization; every change names one."""

    Kind = Kind
    Role = Role

    user = models.ForeignKey("tenants.User", models.PROTECT, null=True, blank=True, related_name="members")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, blank=True, validators=[validate_zone])
    # Hours of one's own; without them one works by those of the team.
    calendar = TenantForeignKey("tenants.Calendar", null=True, blank=True, related_name="members")
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    # Known of whoever is signed in, for the way there; `tenants.arrival` reads it.
    elsewhere: tuple[Elsewhere, ...] = ()

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_once_per_organization"),
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(kind="system"), name="member_system_name_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="system", user__isnull=True) | (~Q(kind="system") & Q(user__isnull=False)),
                name="member_has_a_user_unless_system",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        """Is this the product itself?"""
        return self.kind == Kind.SYSTEM

    @property
    def is_able(self) -> bool:
        """Can this member act: has not left, and the login, for a person, is active."""
        if self.left_at is not None:
            return False
        return self.kind != Kind.PERSON or (self.user is not None and self.user.is_active)

    @property
    def runs_the_organization(self) -> bool:
        """Owners, admins and the product itself may do everything there is to do."""
        return self.is_system or self.role in (Role.OWNER, Role.ADMIN)

    @cached_property
    def standing(self) -> "Standing":
        """Teams, teams led and grants, read once per object by one query."""
        from tenants.access import standing_of

        return standing_of(self)

    def is_away(self, at: datetime) -> bool:
        """Is this member absent at `at`?"""
        return self.standing.absence_at(at) is not None

    def can_work(self, at: datetime) -> bool:
        """Could this member take work at `at`, by what they are and by being here."""
        return self.is_able and not self.is_system and self.role != Role.VIEWER and not self.is_away(at)

    def forget_standing(self) -> None:
        """Read the standing anew next time; teams or grants have changed."""
        self.__dict__.pop("standing", None)
